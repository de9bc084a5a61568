import type { Played } from '../play';

/** All of a world that was played, for finding out what went wrong. */
export function storyOf({ history, violations }: Played): string {
  const begin = history.runs[0]?.startedAt ?? 0;
  const time = (at: number) => `+${((at - begin) / 1_000).toFixed(1)}s`;
  const lines = [JSON.stringify(history.spec, undefined, 1)];
  for (const run of history.runs) {
    lines.push(`--- ${run.spec.name}: exit ${run.status}`);
    const said = run.said.map(({ at, text }) => [at, `  ${text.trimEnd()}`] as const);
    const calls = run.calls.map(({ at, call, fault, doneAt, made }) => {
      const end = doneAt === undefined ? ' (not done)' : doneAt > at ? ` (done ${time(doneAt)})` : '';
      return [at, `    ${call}${fault ? ` [${fault}]` : ''}${end}${made.length > 0 ? ` made ${made}` : ''}`] as const;
    });
    const signals = run.signals.map(({ at, name }) => [at, `  !!! ${name}`] as const);
    const all = [...said, ...calls, ...signals].sort(([a], [b]) => a - b);
    lines.push(...all.map(([at, text]) => `${time(at)} ${text}`), `  ended ${time(run.endedAt)}`);
    lines.push(JSON.stringify(run.outputs, undefined, 1));
  }
  lines.push('--- the truth');
  for (const { id, by, revision, createdAt, states, rolledBackBy } of history.deployments) {
    const course = states.map(({ at, word }) => `${time(at)} ${word}`).join(', ');
    lines.push(
      `${time(createdAt)} ${id} by ${by} of ${revision.replace(/^.*\//, '')}: ${course} ${rolledBackBy ?? ''}`,
    );
  }
  for (const { at, shares } of history.traffic)
    lines.push(`${time(at)} traffic ${JSON.stringify(shares).replace(/arn:[^"]*\//g, '')}`);
  for (const { at, revision, ...counts } of history.tasks.slice(-40))
    lines.push(`${time(at)} tasks of ${revision.replace(/^.*\//, '')} ${JSON.stringify(counts)}`);
  lines.push(...violations.map(({ rule, run, what }) => `VIOLATION ${rule} (${run}): ${what}`));
  return lines.join('\n');
}
