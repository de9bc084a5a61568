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

/** When a run was last told anything: where nothing is answered for minutes, it can only tell what it saw before. */
const lastAnswerOf = ({ calls, endedAt }: RunFact): number =>
  calls.reduce((last, { fault, doneAt = 0 }) => (fault === undefined ? Math.max(last, doneAt) : last), 0) || endedAt;
