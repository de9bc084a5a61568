import { play } from './play';

/** A process that plays seeds and tells its parent about each. */
async function work(): Promise<void> {
  const [from = 0, count = 1, every = 1, verbose = 0] = process.argv.slice(2).map(Number);
  for (let n = 0; n < count; n++) {
    const seed = from + n * every;
    const begun = performance.now();
    try {
      const { violations, history } = await play(seed);
      const runs = history.runs.map(
        ({ status, outputs, spec }) => `${spec.name} ${status} ${outputs['deployment-status']}`,
      );
      console.log(
        seed,
        Math.round(performance.now() - begun),
        'ms',
        runs.join('; '),
        violations.map((v) => `${v.rule}(${v.run}): ${v.what}`).join(' | '),
      );
      if (verbose)
        for (const run of history.runs) {
          console.log(JSON.stringify(history.spec, null, 1));
          for (const s of run.said) process.stdout.write(`${s.at - history.runs[0]!.startedAt} ${s.text}`);
          console.log(run.outputs);
          for (const c of run.calls)
            console.log(
              c.at - run.startedAt,
              c.call,
              c.fault ?? '',
              c.doneAt === undefined ? 'not done' : '',
              c.made.join(),
            );
          console.log(history.deployments, history.traffic);
        }
    } catch (error) {
      console.log(seed, 'CRASH', (error as Error).stack);
    }
  }
}

void work().then(() => process.exit(0));
