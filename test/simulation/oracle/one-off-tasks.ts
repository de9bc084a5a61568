import type { History, OneOffFact, RunFact } from '../history';
import { madeBy } from './facts';
import type { RunRule } from './verdict';

const startedBy = (run: RunFact, { oneOffs }: History): readonly OneOffFact[] =>
  oneOffs.filter(({ by }) => by === run.spec.name);

/** Nothing is deployed before a one-off task of the same images has ended well, and a failed one is told. */
export const prepared: RunRule = (run, history) => {
  const started = startedBy(run, history);
  const made = madeBy(run, history);
  const problems = started.length > 1 ? [`started ${started.length} one-off tasks`] : [];
  if (!run.spec.preDeploy) return started.length > 0 ? ['started a one-off task that nobody asked for'] : [];
  for (const { id, revision, createdAt } of made) {
    const isPrepared = history.oneOffs.some(
      (task) =>
        isAlike(task.revision, revision, history) &&
        task.exitCode === 0 &&
        (task.stoppingAt ?? Number.POSITIVE_INFINITY) <= createdAt,
    );
    if (!isPrepared) problems.push(`made ${id} without a one-off task that ended well before`);
  }
  if (run.outputs['deployment-status'] === 'TASK_FAILED' && made.length > 0)
    problems.push('TASK_FAILED, but it deployed');
  return problems;
};

/** Another run may have registered the same once more. */
function isAlike(one: string, other: string, { revisions }: History): boolean {
  const imagesOf = (arn: string) => revisions.find((revision) => revision.arn === arn)?.images.join();
  return one === other || imagesOf(one) === imagesOf(other);
}

/** A run that ends leaves no one-off task running, or says that it may. */
export const tidies: RunRule = (run, history) => {
  if (run.status === 137) return undefined;
  const left = startedBy(run, history).filter(({ stoppingAt }) => stoppingAt === undefined || stoppingAt > run.endedAt);
  const text = run.said.map((one) => one.text).join('');
  const isSaid = /could not be stopped|not known whether|may still run/.test(text);
  return left.length > 0 && !isSaid ? `left ${left.map(({ arn }) => arn)} running` : undefined;
};
