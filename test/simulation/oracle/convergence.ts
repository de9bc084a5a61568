import type { DeploymentFact, History, RunFact } from '../history';
import { stalest } from '../spec';
import { heldWithin, lastAt, madeBy, stateAt } from './facts';
import { imageOf } from './images';
import type { RunRule } from './verdict';

/** A run makes no second deployment of what one of ours deploys at that time or has deployed, and that serves. */
export const noSecond: RunRule = (run, history) =>
  madeBy(run, history).flatMap((made) => [...twinsOf(made, run, history)]);

function* twinsOf(made: DeploymentFact, run: RunFact, history: History): Iterable<string> {
  const { force, faults } = run.spec;
  // Where no task runs, nobody can tell which image a tag was when it was deployed.
  if (force || faults.refused.length > 0 || history.spec.desiredCount === 0) return;
  if (sawNoRevision(run) || sawNoTasks(run, made) || sawNoTag(run, made)) return;
  for (const other of history.deployments) {
    const isEarlier =
      other !== made &&
      other.createdAt <= made.createdAt &&
      history.deployments.indexOf(other) < history.deployments.indexOf(made);
    if (!isEarlier || other.by === 'rollback' || !sameContent(other, made, history)) continue;
    const digest = made.digest ?? digestOfTag(run, made.createdAt, history);
    if (other.digest !== undefined && digest !== undefined && other.digest !== digest) continue;
    const state = stateWhenMade(other, made, history);
    if (state === 'active' && made.createdAt - other.createdAt > together + 4 * run.spec.latency)
      yield `made ${made.id} while ${other.id} of the same was active`;
    if (state !== 'succeeded' || other.by === 'others') continue;
    const between = history.deployments.some(
      ({ createdAt }) => createdAt > other.createdAt && createdAt < made.createdAt,
    );
    const serves = (lastAt(history.traffic, made.createdAt - 1)?.shares[other.revision] ?? 0) >= 100;
    const wasWhole = !heldWithin(
      // Another deployment of the same revision, whose tasks are kept, may have tasks of its own.
      history.fleets.filter(({ fleet }) => fleet === other.fleet),
      [made.createdAt - 60_000, made.createdAt],
      (fact) => (fact?.running ?? 0) < history.spec.desiredCount,
    );
    if (serves && !between && wasWhole)
      yield `made ${made.id}, although ${other.id} had deployed the same, which serves`;
  }
}

/** Where AWS never answered what the tasks run, it is deployed again (product contract): a request is made six times. */
function sawNoTasks({ calls }: RunFact, made: DeploymentFact): boolean {
  const reads = calls.filter(({ call, at }) => call === 'ecs:ListTasks' && at < made.createdAt);
  return reads.length >= 6 && reads.slice(0, 6).every(({ fault }) => fault !== undefined);
}

/** Where ECR never answered what the tag is now, it is deployed (product contract); a read of one image is made three times. */
function sawNoTag({ calls }: RunFact, made: DeploymentFact): boolean {
  const reads = calls.filter(({ call, at }) => call === 'ecr:DescribeImages' && at <= made.createdAt);
  return reads.length >= 3 && reads.every(({ fault }) => fault !== undefined && fault !== 'stale');
}

/** Where no read of a revision was ever answered, nobody can tell that it is the same; the run has read for half a minute. */
function sawNoRevision({ calls }: RunFact): boolean {
  const reads = calls.filter(({ call }) => call === 'ecs:DescribeTaskDefinition');
  return (
    reads.length > 0 && reads.every(({ fault }) => fault !== undefined) && reads.at(-1)!.at - reads[0]!.at >= 30_000
  );
}

/** What the tag that a run deploys led to at a time: for a deployment that came to no tasks. */
const digestOfTag = ({ spec }: RunFact, at: number, { tags }: History): string | undefined =>
  lastAt(
    tags.filter(({ image }) => image === imageOf[spec.content]),
    at,
  )?.digest;

/** How a deployment stood when another one was made, which under the ECS controller ends it at that moment. */
const stateWhenMade = (one: DeploymentFact, { createdAt }: DeploymentFact, { spec }: History) => {
  const after = stateAt(one, createdAt);
  // One that is replaced is stopped; it may have come to another end, or somebody may have stopped it, in the same millisecond.
  const isStopped = spec.trouble.kind === 'stop' && one.createdAt + spec.trouble.at === createdAt;
  return spec.controller === 'ECS' && !isStopped && after === 'stopped' ? stateAt(one, createdAt - 1) : after;
};

/** A run that is to wait, or to fail, replaces no deployment that is on its way. */
export const waitsItsTurn: RunRule = (run, history) => {
  const { ifDeploying, latency, faults } = run.spec;
  if (ifDeploying === 'stop' || faults.refused.length > 0) return undefined;
  return madeBy(run, history).flatMap((made) => {
    const seen = made.createdAt - together - 4 * latency - (faults.kinds.includes('stale') ? stalest : 0);
    const active = history.deployments.find(
      (other) =>
        other !== made &&
        other.createdAt < seen &&
        ['active', 'rolling-back'].includes(stateWhenMade(other, made, history)),
    );
    return active ? [`made ${made.id} while ${active.id} of ${active.by} was on its way`] : [];
  });
};

const imagesOf = ({ revision }: DeploymentFact, { revisions }: History) =>
  revisions.find(({ arn }) => arn === revision)?.images.join();

const sameContent = (one: DeploymentFact, other: DeploymentFact, history: History) =>
  imagesOf(one, history) === imagesOf(other, history);

/** Registrations that near to each other, in milliseconds, no reading before can keep apart. */
const together = 3_000;

/** One content becomes one revision, however many runs deploy it. */
export const oneRevision: RunRule = (run, { revisions, runs }) => {
  const made = run.calls.flatMap((call) => (call.call === 'ecs:RegisterTaskDefinition' ? call.made : []));
  const blind = run.calls.some(({ call, fault }) => fault !== undefined && /TaskDefinition$/.test(call));
  if (blind) return undefined;
  return made.flatMap((arn) => {
    const own = revisions.find((one) => one.arn === arn);
    const earlier = revisions.find(
      (one) => own && one.at < own.at - together && one.images.join() === own.images.join(),
    );
    const latest = own && [...revisions].reverse().find((one) => one.at < own.at);
    if (!earlier || latest !== earlier) return [];
    const by = runs.find(({ calls }) => calls.some((call) => call.made.includes(earlier.arn)))?.spec.name ?? 'nobody';
    return [`registered ${arn}, which is ${earlier.arn} of ${by} again`];
  });
};

/** Repeated on a good day, a run ends well, and what it deploys serves; nothing is deployed twice. */
export const settles: RunRule = (run, history) => {
  if (run.spec.repeats === undefined || !isGoodDay(run, history)) return undefined;
  if (run.status !== 0) return `ended with ${run.status} ${run.outputs['deployment-status']} on a good day`;
  const { shares = {} } = lastAt(history.traffic, run.endedAt) ?? {};
  const serving = Object.entries(shares).filter(([, share]) => share > 0);
  const wanted = imageOf[run.spec.content];
  const others = serving.filter(([arn]) => !history.revisions.find((one) => one.arn === arn)?.images.includes(wanted));
  return others.length > 0 ? `ended with 0, but ${others.map(([arn]) => arn)} has traffic` : undefined;
};

/** Nothing in this world keeps a deployment from going well at this time. */
function isGoodDay(run: RunFact, { spec, runs }: History): boolean {
  const isOperated = spec.operators.some(({ at }) => runs[0]!.startedAt + at > run.startedAt - 600_000);
  const isAlone = runs.every((other) => other === run || other.endedAt <= run.startedAt);
  const waits = spec.controller === 'ECS' ? spec.ecs.pause : spec.codeDeploy.readyWait;
  const isQuick = spec.controller === 'ECS' || (spec.codeDeploy.terminationWait ?? 0) <= 60;
  const { kind, rollbackFails } = spec.trouble;
  if (run.spec.preDeploy && !['works', 'takes-long'].includes(spec.oneOff)) return false;
  return (
    kind === 'none' &&
    !rollbackFails &&
    !spec.alarm &&
    // Of a service that watches an alarm which does not exist, nobody may be sure.
    runs.every((one) => one.spec.alarms !== 'named') &&
    !isOperated &&
    isAlone &&
    waits === undefined &&
    isQuick &&
    spec.desiredCount > 0
  );
}
