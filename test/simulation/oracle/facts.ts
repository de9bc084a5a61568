import type { DeploymentFact, DeploymentState, History, RunFact, TasksFact } from '../history';

/** All that a run has printed. */
export const textOf = (run: RunFact): string => run.said.map(({ text }) => text).join('');

/** The deployments that a run has had AWS make. */
export const madeBy = (run: RunFact, { deployments }: History): readonly DeploymentFact[] =>
  deployments.filter(({ by }) => by === run.spec.name);

/** Whether a deployment goes by this id. */
export const isNamed = ({ id, alias }: DeploymentFact, name: string | undefined): boolean =>
  name !== undefined && (name === id || name === alias);

/** Changes that AWS has carried out for a run. */
export const changesOf = ({ calls }: RunFact) =>
  calls.filter(({ mutating, doneAt }) => mutating && doneAt !== undefined);

/** The tasks of the revision that a run has told. */
export const tasksOf = (run: RunFact, { tasks }: History): readonly TasksFact[] =>
  tasks.filter(({ revision }) => revision === run.outputs['task-definition-arn']);

/** The state of a deployment at a time. */
export const stateAt = ({ states }: DeploymentFact, at: number): DeploymentState =>
  [...states].reverse().find((one) => one.at <= at)?.state ?? 'active';

/** The last fact of a list that was true at a time. */
export const lastAt = <T extends { readonly at: number }>(facts: readonly T[], at: number): T | undefined => {
  let found: T | undefined;
  for (const fact of facts) {
    if (fact.at > at) break;
    found = fact;
  }
  return found;
};

/** Whether something held at some time of a span, where facts change it. */
export function heldWithin<T extends { readonly at: number }>(
  facts: readonly T[],
  [from, to]: readonly [number, number],
  holds: (fact: T | undefined) => boolean,
): boolean {
  return holds(lastAt(facts, from)) || facts.some((fact) => fact.at > from && fact.at <= to && holds(fact));
}

/**
 * Milliseconds before its end in which a run may have seen last what it tells: a look and its answer, what was stale, and, where calls
 * failed, the time in which they were repeated.
 */
export function blindness({ calls, spec, endedAt }: RunFact): number {
  const isTroubled = calls.some(({ at, fault }) => fault !== undefined && at > endedAt - 60_000);
  return 2_000 + 4 * spec.latency + (isTroubled ? 40_000 : 0);
}
