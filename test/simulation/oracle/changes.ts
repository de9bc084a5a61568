import type { CallFact, DeploymentFact, History, RunFact } from '../history';
import { stalest } from '../spec';
import { changesOf, isNamed, madeBy, stateAt, textOf } from './facts';
import { imageOf } from './images';
import type { RunRule } from './verdict';

/** Nothing was changed where the inputs were wrong, or in a dry run. */
export const untouched: RunRule = (run) => {
  const changes = changesOf(run).map(({ call }) => call);
  const mayNot = run.status === 2 || run.spec.dryRun;
  return mayNot && changes.length > 0 ? `exit ${run.status} after ${changes}` : undefined;
};

/** What a run was told wrongly is found before the first change, and where AWS answers it is called that. */
export const refuses: RunRule = (run) => {
  const { status, signals, calls, spec } = run;
  if (spec.mistake === undefined) return undefined;
  const changes = changesOf(run).map(({ call }) => call);
  if (changes.length > 0 || status === 0) return `exit ${status} after ${changes} with a wrong ${spec.mistake}`;
  const isTroubled = signals.length > 0 || calls.some(({ fault }) => fault !== undefined);
  return status === 2 || isTroubled ? undefined : `exit ${status} with a wrong ${spec.mistake}`;
};

/** A run makes one deployment and one revision at most. */
export const onceOnly: RunRule = (run, history) => {
  const made = madeBy(run, history);
  // Who may not read revisions cannot recognise the one whose answer was lost.
  const isBlind = run.calls.some(({ call, fault }) => call === 'ecs:DescribeTaskDefinition' && fault !== undefined);
  const revisions = changesOf(run).filter(({ call }) => call === 'ecs:RegisterTaskDefinition' && !isBlind);
  return [
    ...(made.length > 1 ? [`made ${made.length} deployments`] : []),
    ...(revisions.length > 1 ? [`registered ${revisions.length} revisions`] : []),
  ];
};

const denials = /nothing (?:was|has been) (?:changed|deployed|created)|no deployment was (?:created|made)/i;

/** What AWS has accepted is never denied. */
export const noDenial: RunRule = (run, history) => {
  const [sentence] = denials.exec(textOf(run)) ?? [];
  if (sentence === undefined || run.spec.dryRun) return undefined;
  const made = madeBy(run, history);
  if (made.length > 0) return `says "${sentence}", but made ${made.map(({ id }) => id)}`;
  const changes = changesOf(run).map(({ call }) => call);
  const deniesAll = /nothing/i.test(sentence) && !/nothing was deployed/i.test(sentence);
  return deniesAll && changes.length > 0 ? `says "${sentence}" after ${changes}` : undefined;
};

/** A deployment that a run has made is named at its end, unless the run was killed. */
export const named: RunRule = (run, history) => {
  if (run.status === 137 || run.status === 0) return undefined;
  const text = textOf(run);
  const [unnamed] = madeBy(run, history).filter(
    ({ id, alias }) => ![id, alias].some((name) => name && text.includes(name.replace(/^.*\//, ''))),
  );
  if (!unnamed) return undefined;
  // Two runs may update to one revision within a second. Where the answer was lost, or both came in one millisecond, AWS does not
  // tell whose deployment is whose.
  const isLost = run.calls.some(({ fault, made }) => fault !== undefined && made.includes(unnamed.id));
  const twins = history.deployments.filter(({ revision }) => revision === unnamed.revision);
  const { at: endedAt } = unnamed.states.find(({ state }) => state !== 'active') ?? { at: Number.POSITIVE_INFINITY };
  const hasTwin = twins.some((one) => one.createdAt === endedAt && isNamed(one, run.outputs['deployment-id']));
  if (hasTwin && (isLost || endedAt === unnamed.createdAt)) return undefined;
  // Where its answer was lost, the run cannot know the id: then it says that it does not know.
  return /not known|nobody is watching|does not show/.test(text) ? undefined : `made ${unnamed.id} and never names it`;
};

const isStop = ({ call, doneAt }: CallFact) => /:Stop(?:Service)?Deployment$/.test(call) && doneAt !== undefined;

/** What is stopped was asked for, was not done, and was looked at just before. */
export const stops: RunRule = (run, history) =>
  run.calls.filter(isStop).flatMap((stop) => [...problemsOf(stop, run, history)]);

function* problemsOf(stop: CallFact, run: RunFact, history: History): Iterable<string> {
  const deployment = history.deployments.find(({ id }) => id === stop.deployment);
  if (!deployment) return;
  const { rollbackOn, ifDeploying } = run.spec;
  if (ifDeploying === 'rollback') return;
  const at = stop.doneAt ?? 0;
  const isOwn = isNamed(deployment, run.outputs['deployment-id']) || deployment.by === run.spec.name;
  if (!isOwn && ifDeploying === 'stop') return;
  if (!isOwn && !mayHaveAdopted(run, deployment, history)) {
    yield `stopped ${deployment.id} of ${deployment.by} without being asked to`;
    return;
  }
  const deadline = run.startedAt + run.spec.waitForMinutes * 60_000;
  const isInterrupted = run.signals.some((signal) => signal.at <= at);
  const mayTimeOut = rollbackOn.includes('timeout') && at >= deadline - 1_000;
  const mayInterrupt = rollbackOn.includes('interrupt') && isInterrupted;
  if (!mayTimeOut && !mayInterrupt) yield `stopped its own ${deployment.id} without a reason`;
  const seen = run.calls.some((call) => isLook(call, stop) && call.at >= at - 25_000 - stalest);
  if (!seen && !mayInterrupt) yield `stopped ${deployment.id} without having seen it for 25 s`;
  if (mayInterrupt || stateAt(deployment, at) !== 'active') return;
  yield* undoesWhatWasReached(run, deployment.revision, Math.min(deadline, at), history);
}

/** A run that was killed cannot say which deployment it had adopted: one of its own content may be. */
const mayHaveAdopted = (run: RunFact, { revision }: DeploymentFact, { revisions }: History) =>
  run.status === 137 &&
  !run.spec.force &&
  revisions.some(({ arn, images }) => arn === revision && images.every((image) => image === imageOf[run.spec.content]));

const isLook = (look: CallFact, stop: CallFact) =>
  !look.mutating &&
  (shownAt(look) ?? Number.POSITIVE_INFINITY) <= (stop.doneAt ?? 0) &&
  !isFaulty(look) &&
  isAboutDeployments(look) &&
  // The service alone tells nothing of a deployment of CodeDeploy.
  (look.call.startsWith('codedeploy:') || stop.call.startsWith('ecs:'));

/** What is stale may be the answer to a call of another run. */
const shownAt = ({ at, doneAt, fault }: CallFact) => doneAt ?? (fault === 'stale' ? at : undefined);

const isFaulty = ({ fault }: CallFact) => fault !== undefined && fault !== 'missing-fields' && fault !== 'stale';

const isAboutDeployments = ({ call }: CallFact) =>
  /:(?:GetDeployment|BatchGetDeployments|DescribeServiceDeployments|ListServiceDeployments|DescribeServices)$/.test(
    call,
  );

/** The traffic had moved before the deadline: what was waited for was there. */
function* undoesWhatWasReached(
  run: RunFact,
  revision: string,
  at: number,
  { traffic, spec }: History,
): Iterable<string> {
  if (run.spec.waitUntil !== 'traffic-shifted' || (spec.controller === 'ECS' && spec.ecs.strategy === 'ROLLING'))
    return;
  const before = at - 8_000 - stalest - 4 * run.spec.latency;
  const moved = [...traffic].reverse().find((fact) => fact.at <= before);
  if ((moved?.shares[revision] ?? 0) >= 100) yield `rolled back ${revision}, which had all traffic in time`;
}

/** Nobody's deployment is continued by a run that was not asked to. */
export const continues: RunRule = (run) => {
  const wanted = run.spec.ifDeploying === 'continue';
  const done = changesOf(run).filter(({ call }) => /:Continue(?:Service)?Deployment$/.test(call));
  return !wanted && done.length > 0 ? `continued ${done[0]?.deployment} without being asked to` : undefined;
};
