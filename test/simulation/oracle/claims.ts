import type { DeploymentFact, History, RunFact } from '../history';
import { blindness, heldWithin, isNamed, lastAt, madeBy, stateAt, tasksOf, textOf } from './facts';
import { imageOf } from './images';
import type { RunRule } from './verdict';

/** The exit status of each word of `deployment-status`, by the contract. */
const exits: Readonly<Record<string, number>> = {
  SUCCEEDED: 0,
  UNCHANGED: 0,
  IN_PROGRESS: 0,
  FAILED: 1,
  STOPPED: 1,
  UNHEALTHY: 1,
  TASK_FAILED: 1,
  ROLLED_BACK: 3,
  TIMED_OUT: 4,
  SUPERSEDED: 5,
};

const claimOf = ({ outputs }: RunFact) => outputs['deployment-status'];

const isKilled = ({ status }: RunFact) => status > 128;

/** Status, exit and outputs belong together. */
export const consistent: RunRule = (run) => {
  if (isKilled(run)) return undefined;
  const claim = claimOf(run);
  if (claim === undefined) {
    return run.status === 0 && !run.spec.dryRun ? 'exit 0 without a deployment-status' : undefined;
  }
  if (!(claim in exits)) return `unknown deployment-status ${claim}`;
  // A run that a failure of its own ended tells what it saw last.
  if (run.status === 1 && claim !== 'SUCCEEDED' && claim !== 'UNCHANGED') return undefined;
  if (claim === 'ROLLED_BACK' && run.status === 0 && run.spec.ifDeploying === 'rollback') return undefined;
  return exits[claim] === run.status ? undefined : `${claim} with exit ${run.status}`;
};

const deploymentOf = (run: RunFact, { deployments }: History): DeploymentFact | undefined =>
  deployments.find((one) => isNamed(one, run.outputs['deployment-id']));

/** A success is one: of the deployment that it names, which deploys what was asked for. */
export const success: RunRule = (run, history) => {
  if (run.status !== 0 || run.spec.dryRun) return undefined;
  const claim = claimOf(run);
  if (run.spec.ifDeploying === 'rollback') return rolledBack(run, history);
  if (claim === 'UNCHANGED') return unchanged(run, history);
  const deployment = deploymentOf(run, history);
  if (!deployment) return `${claim} of a deployment that does not exist: ${run.outputs['deployment-id']}`;
  const problems = [...ofRevision(run, deployment, history)];
  const state = stateAt(deployment, run.endedAt);
  // Where no task is wanted, none runs an image; what is to be continued is watched, whatever image it has.
  const isGiven = run.spec.ifDeploying === 'continue' && deployment.by !== run.spec.name;
  const isKnown = !isGiven && !isAdoptedBlindly(run, deployment);
  // Who waits for nothing may be gone before the tasks are given an image.
  const isResolved = deployment.resolvedAt !== undefined && deployment.resolvedAt <= run.endedAt;
  const digest = history.spec.desiredCount > 0 && isKnown && isResolved ? deployment.digest : undefined;
  if (digest !== undefined && !wasCurrent(digest, run, history)) {
    problems.push(`${deployment.id} runs ${digest}, which the tag never led to meanwhile`);
  }
  if (claim === 'SUCCEEDED' && state !== 'succeeded') problems.push(`SUCCEEDED, but ${deployment.id} is ${state}`);
  if (claim === 'IN_PROGRESS') problems.push(...ofMilestone(run, deployment, history));
  return problems;
};

/** Who may not read ECR cannot know that the tag moved while the deployment of another run, which is active, went on; it says so. */
const isAdoptedBlindly = ({ spec }: RunFact, { by }: DeploymentFact) =>
  by !== spec.name && spec.faults.refused.includes('ecr:DescribeImages');

/** A run that was to roll back has done so, or found nothing to roll back; it deploys nothing. */
function rolledBack(run: RunFact, history: History): string | undefined {
  if (madeBy(run, history).length > 0) return 'was to roll back, and deployed';
  if (claimOf(run) === 'UNCHANGED') return undefined;
  const deployment = deploymentOf(run, history);
  // Who may not list them may name what it goes back to.
  const isListed = !run.spec.faults.refused.includes('ecs:ListServiceDeployments');
  const wayBack = isBlind(run) && !isListed ? history.deployments.filter(({ states }) => states.some(isReturning)) : [];
  const isDone = (deployment ? [deployment] : wayBack).some((one) => isBack(one, run, history));
  return isDone ? undefined : `${claimOf(run)} with exit 0, but ${run.outputs['deployment-id']} was not rolled back`;
}

/** Whether the tag that a run deploys led to an image at some time while it ran. */
function wasCurrent(digest: string, { spec, startedAt, endedAt }: RunFact, { tags }: History): boolean {
  const ofImage = tags.filter(({ image }) => image === imageOf[spec.content]);
  return heldWithin(ofImage, [startedAt, endedAt], (fact) => fact?.digest === digest);
}

/** The image that the tasks of a revision run. A rollback starts none: it goes back to those that a deployment started. */
function runningDigest(arn: string, at: number, { deployments, seededRevision, tags }: History): string | undefined {
  const made = deployments.filter(({ by }) => by !== 'rollback').reverse();
  const last = made.find((one) => one.revision === arn && stateAt(one, at) === 'succeeded');
  if (last) return last.digest;
  return arn === seededRevision ? tags.find(({ image }) => image === imageOf.running)?.digest : undefined;
}

function* ofRevision(run: RunFact, deployment: DeploymentFact, { revisions }: History): Iterable<string> {
  const arn = run.outputs['task-definition-arn'];
  if (deployment.revision !== arn) yield `names ${arn}, but ${deployment.id} deploys ${deployment.revision}`;
  const images = revisions.find((one) => one.arn === arn)?.images ?? [];
  if (!images.every((image) => image === imageOf[run.spec.content]))
    yield `${arn} has ${images}, not ${run.spec.content}`;
}

/** Ended early with exit 0: the milestone that was asked for was reached, and the deployment was on its way then. */
function* ofMilestone(run: RunFact, deployment: DeploymentFact, { traffic }: History): Iterable<string> {
  const span = [run.endedAt - blindness(run), run.endedAt] as const;
  const went = heldWithin(deployment.states, span, (one) => ['active', 'succeeded'].includes(one?.state ?? 'active'));
  if (!went) yield `${deployment.id} was ${stateAt(deployment, span[0])} already`;
  const { waitUntil } = run.spec;
  if (waitUntil === 'completed') yield 'IN_PROGRESS, although the end was to be waited for';
  if (waitUntil !== 'traffic-shifted' && waitUntil !== 'auto') return;
  const moved = heldWithin(traffic, span, (fact) => (fact?.shares[deployment.revision] ?? 0) >= 100);
  if (!moved)
    yield `traffic-shifted, but ${deployment.revision} had ${JSON.stringify(lastAt(traffic, run.endedAt)?.shares)}`;
}

/** Where nothing answers at all, nobody has any: that is for the rule of what serves. */
const hasTraffic = (shares: Readonly<Record<string, number>> = {}, arn: string) =>
  (shares[arn] ?? 0) > 0 || Object.values(shares).every((share) => share === 0);

function unchanged(run: RunFact, history: History): string | undefined {
  if (madeBy(run, history).length > 0) return 'UNCHANGED, but it made a deployment';
  const arn = run.outputs['task-definition-arn'] ?? '';
  const images = history.revisions.find((one) => one.arn === arn)?.images ?? [];
  if (!images.every((image) => image === imageOf[run.spec.content])) return `UNCHANGED on ${arn}, which has ${images}`;
  const span = [run.endedAt - blindness(run) - 60_000, run.endedAt] as const;
  if (history.spec.desiredCount === 0) return undefined;
  const digest = runningDigest(arn, run.endedAt, history);
  if (digest !== undefined && !wasCurrent(digest, run, history)) return `UNCHANGED, but ${arn} runs an older image`;
  // Who waits for nothing asks for no look at the tasks: it is enough that they run.
  const serves =
    run.spec.waitUntil === 'none'
      ? heldWithin(tasksOf(run, history), span, (fact) => (fact?.running ?? 0) > 0)
      : heldWithin(history.traffic, span, (fact) => hasTraffic(fact?.shares, arn));
  return serves ? undefined : `UNCHANGED, but ${arn} has no traffic`;
}

/** A failure is one, too. */
export const failure: RunRule = (run, history) => {
  if (isKilled(run)) return undefined;
  const claim = claimOf(run);
  const deployment = deploymentOf(run, history);
  if (!deployment || claim === undefined) return undefined;
  const states = deployment.states.map(({ state, at }) => (at <= run.endedAt ? state : undefined));
  const is = (...wanted: string[]) => states.some((state) => state !== undefined && wanted.includes(state));
  switch (claim) {
    case 'FAILED':
    case 'STOPPED':
      // To roll it back has failed, and exit 1 has no word for a deployment that is well (product contract).
      if (run.spec.ifDeploying === 'rollback' && is('succeeded') && run.status === 1) return undefined;
      return is('failed', 'stopped', 'rolling-back', 'rolled-back') ? undefined : `${claim}, but it was ${states}`;
    case 'ROLLED_BACK':
      return isBack(deployment, run, history) ? undefined : `ROLLED_BACK, but it was ${states}`;
    case 'SUPERSEDED':
      return history.deployments.some(
        (one) => one.id !== deployment.id && one.by !== 'rollback' && one.createdAt >= deployment.createdAt,
      )
        ? undefined
        : 'SUPERSEDED by nothing';
    case 'TIMED_OUT':
      return timedOut(run, deployment);
    default:
      return undefined;
  }
};

const isReturning = ({ state }: { readonly state: string }) => state === 'rolling-back' || state === 'rolled-back';

/** Whether the role sees the service alone, and not its deployments or what they deploy; the run says so. */
const isBlind = (run: RunFact) =>
  run.spec.faults.refused.some((call) => /Service(?:Deployments|Revisions)$/.test(call));

const isBack = (deployment: DeploymentFact, run: RunFact, { deployments, traffic }: History) => {
  const state = stateAt(deployment, run.endedAt);
  if (state === 'rolled-back') return true;
  // Who sees the service alone cannot tell who has ended the rollback, only that the service is back.
  const wasOnItsWay = deployment.states.some((one) => one.state === 'rolling-back' && one.at <= run.endedAt);
  const hasTraffic = (at: number) => (lastAt(traffic, at)?.shares[deployment.revision] ?? 0) > 0;
  // A revision that served before is what it goes back to.
  const isBackAgain = hasTraffic(deployment.createdAt) || !hasTraffic(run.endedAt);
  if (isBlind(run) && state === 'stopped' && wasOnItsWay && isBackAgain) return true;
  const back = deployments.find(({ id }) => id === deployment.rolledBackBy);
  return back !== undefined && stateAt(back, run.endedAt) === 'succeeded';
};

function timedOut(run: RunFact, deployment: DeploymentFact): string | undefined {
  const deadline = run.startedAt + run.spec.waitForMinutes * 60_000;
  if (run.endedAt < deadline - 1_000) return `TIMED_OUT ${Math.round((deadline - run.endedAt) / 1_000)} s too early`;
  // Of one that is stopped where it is, the service itself says that it is in progress.
  const ends = isBlind(run) ? ['succeeded', 'rolled-back'] : ['succeeded', 'stopped', 'rolled-back'];
  const ended = deployment.states.find(({ state }) => ends.includes(state));
  // Told as not seen, it is a success that nobody could see.
  if (/was not seen since \d+:\d\d/.test(textOf(run))) return undefined;
  const isLate = ended && ended.at < Math.min(deadline, run.endedAt - blindness(run));
  return isLate && !deployment.rolledBackBy ? `TIMED_OUT, but it had ${ended.state} before` : undefined;
}
