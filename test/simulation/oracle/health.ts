import type { DeploymentFact, FleetFact, History, RunFact, TasksFact } from '../history';
import { blindness, heldWithin, isNamed, stateAt, tasksOf } from './facts';
import type { RunRule } from './verdict';

/** What a success, a service left unchanged, and traffic that has moved promise: that somebody answers. */
const promises = ({ status, spec, outputs }: RunFact) => {
  const claim = outputs['deployment-status'] ?? '';
  if (status !== 0 || spec.ifDeploying === 'rollback') return false;
  if (claim === 'IN_PROGRESS') return ['traffic-shifted', 'auto'].includes(spec.waitUntil);
  // Who waits for nothing asks for no look at the tasks.
  return claim === 'SUCCEEDED' || (claim === 'UNCHANGED' && spec.waitUntil !== 'none');
};

/** Where the role or AWS does not let it look, the run says so. */
const isExcused = (run: RunFact) => /not known/i.test(run.said.map(({ text }) => text).join(''));

/** No success is told while no task of the new revision runs, or no target of theirs is healthy. */
export const serves: RunRule = (run, history) => {
  if (!promises(run) || history.spec.desiredCount === 0 || isExcused(run)) return undefined;
  const span = [run.endedAt - blindness(run), run.endedAt] as const;
  const answers = heldWithin(tasksOf(run, history), span, (fact) => (fact?.healthy ?? 0) > 0);
  return answers
    ? undefined
    : `${run.outputs['deployment-status']}, but no task of ${run.outputs['task-definition-arn']} answers`;
};

/**
 * The tasks of the deployment that a run names; without one, those of the last that has succeeded with the revision, or all of the
 * revision. Old tasks of the same revision do not count.
 */
function newTasksOf(run: RunFact, history: History): readonly (FleetFact | TasksFact)[] {
  const hasServed = (one: DeploymentFact) =>
    one.revision === run.outputs['task-definition-arn'] && stateAt(one, run.endedAt) === 'succeeded';
  const deployment =
    history.deployments.find((one) => isNamed(one, run.outputs['deployment-id'])) ??
    [...history.deployments].reverse().find(hasServed);
  if (!deployment) return tasksOf(run, history);
  return history.fleets.filter(({ fleet }) => fleet === deployment.fleet);
}

/** UNHEALTHY is told only where it is so. */
export const isUnhealthy: RunRule = (run, history) => {
  if (run.outputs['deployment-status'] !== 'UNHEALTHY') return undefined;
  const span = [Math.min(run.endedAt - blindness(run), lastAnswerOf(run)), run.endedAt] as const;
  const isSo = heldWithin(newTasksOf(run, history), span, (fact) => (fact?.healthy ?? 0) === 0);
  return isSo ? undefined : 'UNHEALTHY, but some of its tasks answered all the time';
};

/** When a run that says that it could not look again was last told of targets: it can only tell what it saw before. */
function lastAnswerOf({ calls, endedAt, said }: RunFact): number {
  const isQualified = said.some(({ text }) => text.includes('it was seen last, and it could not be read again'));
  const answered = calls.filter(({ fault, call }) => fault === undefined && (!isQualified || isOfTargets(call)));
  return answered.reduce((last, { doneAt = 0 }) => Math.max(last, doneAt), 0) || endedAt;
}

const isOfTargets = (call: string) => call === 'elasticloadbalancing:DescribeTargetHealth';
