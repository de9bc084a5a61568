import type { Change } from '../../../../shared/task-definition/diff';
import type { Plan } from '../plan/plan';
import { formatDuration } from '../text';
import { type DeploymentRun, hintsOf, type Section, type TaskCounts } from '../watch/model';
import { formatEvent } from './event-lines';
import { deploymentUrl, revisionName, serviceUrl } from './links';
import { type DeploymentStatus, exitFor } from './outcome';
import { showPlan } from './plan-lines';

/** What a report says about a deployment, for machines; its page shows the same. Seconds count from `startedAt`. */
export interface ReportFacts {
  /** Raised when a field changes its meaning or goes. */
  readonly version: 1;
  readonly status: DeploymentStatus;
  readonly exitStatus: number;
  /** Why it did not succeed. */
  readonly cause: string | undefined;
  readonly service: string;
  readonly cluster: string;
  readonly region: string;
  readonly controller: Plan['controller'];
  /** ARNs; absent where nothing was registered, or nothing ran before. */
  readonly taskDefinition: string | undefined;
  readonly previousTaskDefinition: string | undefined;
  readonly images: readonly ImageFact[];
  readonly deployment: { readonly id: string; readonly url: string } | undefined;
  readonly rollback: { readonly id: string | undefined; readonly status: string | undefined } | undefined;
  readonly serviceUrl: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly seconds: number;
  /** Percent of the production traffic from each moment on. */
  readonly traffic: readonly { readonly seconds: number; readonly blue: number; readonly green: number }[];
  /** Tasks from each moment on. */
  readonly tasks: readonly { readonly seconds: number; readonly blue?: TaskFact; readonly green?: TaskFact }[];
  /** Lifecycle events, as far as they were seen. */
  readonly stages: readonly StageFact[];
  /** When it was seen that it does not succeed. */
  readonly failedAfter: number | undefined;
  /** All that was printed of the deployment, in its order. */
  readonly events: readonly { readonly seconds: number; readonly at: string; readonly text: string }[];
  readonly diagnostics: readonly Section[];
  readonly plan: readonly string[];
}

/** How a run ended, as far as it is known. */
export interface ReportEnd {
  readonly status: DeploymentStatus;
  readonly cause?: string;
}

/** What a container runs; `before` is absent where it is not known. */
export interface ImageFact {
  readonly container: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export type TaskFact = Pick<TaskCounts, 'running' | 'desired'>;

/** A lifecycle event of CodeDeploy or a stage of ECS. */
export interface StageFact {
  readonly name: string;
  readonly status: string;
  /** When it was seen to begin, and to be over. */
  readonly from: number;
  readonly to: number | undefined;
  /** Seconds that it took by the clock of AWS. */
  readonly took: number | undefined;
}

/** Collects what there is to report about a run at its end. @param now milliseconds */
export function reportFacts(run: DeploymentRun, { status, cause }: ReportEnd, now: number): ReportFacts {
  const { plan, arn, deployment, startedAt, steps, state, diagnostics } = run;
  const { service, cluster, region } = plan.request;
  const secondsAt = (at: number) => Math.max(0, Math.round((at - startedAt) / 100) / 10);
  const seen = steps.flatMap(({ at, events }) => events.map((event) => ({ seconds: secondsAt(at), at, event })));
  return {
    version: 1,
    status,
    exitStatus: exitFor(run, status),
    cause: cause ?? state?.cause,
    service,
    cluster,
    region,
    controller: plan.controller,
    taskDefinition: arn,
    previousTaskDefinition: plan.previous,
    images: imagesOf(plan),
    deployment: deployment && { id: deployment.id, url: deploymentUrl(plan, deployment.id) },
    rollback: state?.last?.rollback && { id: state.last.rollback.id, status: state.last.rollback.status },
    serviceUrl: serviceUrl(plan.request),
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(now).toISOString(),
    seconds: secondsAt(now),
    traffic: seen.flatMap(({ seconds, event }) =>
      event.type === 'traffic' ? [{ seconds, blue: event.blue, green: event.green }] : [],
    ),
    tasks: seen.flatMap(({ seconds, event }) =>
      event.type === 'tasks' ? [{ seconds, ...taskFact('blue', event.blue), ...taskFact('green', event.green) }] : [],
    ),
    stages: stagesOf(seen),
    failedAfter: seen.find(({ event }) => event.type === 'failed')?.seconds,
    events: seen
      .filter(({ event }) => event.type !== 'heartbeat')
      .flatMap(({ seconds, at, event }) =>
        formatEvent(event, hintsOf(run)).map((text) => ({ seconds, at: new Date(at).toISOString(), text })),
      ),
    diagnostics,
    plan: showPlan(plan).map(({ text }) => text),
  };
}

const taskFact = (colour: 'blue' | 'green', counts: TaskCounts | undefined) =>
  counts ? { [colour]: { running: counts.running, desired: counts.desired } } : {};

type Seen = readonly { readonly seconds: number; readonly event: DeploymentRun['steps'][number]['events'][number] }[];

function stagesOf(seen: Seen): StageFact[] {
  const stages = new Map<string, StageFact>();
  for (const { seconds, event } of seen) {
    if (event.type !== 'lifecycle' || event.status === 'Skipped') continue;
    const { name, status } = event;
    const took = event.took === undefined ? undefined : event.took / 1_000;
    const from = stages.get(name)?.from ?? Math.max(0, seconds - (took ?? 0));
    const isOver = status !== 'InProgress' && status !== 'Pending';
    stages.set(name, { name, status, from, to: isOver ? seconds : undefined, took });
  }
  return [...stages.values()];
}

/** What each container runs before and after, as far as the plan tells. */
function imagesOf({ revision, changes }: Plan): ImageFact[] {
  const changed = (changes ?? []).filter(({ path }) => path.length === 3 && path[2] === 'image');
  const changeOf = (name: string) => changed.find(({ path }) => path[1] === name);
  const names =
    revision.kind === 'register'
      ? (revision.request.containerDefinitions ?? []).map(({ name, image }) => ({ name: name ?? '', image }))
      : changed.map(({ path, after }) => ({ name: path[1] ?? '', image: unquoted(after) }));
  return names.map(({ name, image }) => {
    const change = changeOf(name);
    const same = changes === undefined || isNew(name, changes) ? undefined : image;
    return { container: name, before: change ? unquoted(change.before) : same, after: image };
  });
}

const isNew = (name: string, changes: readonly Change[]) =>
  changes.some(({ kind, path }) => kind === 'added' && path.length === 2 && path[1] === name);

/** A text that a change shows in quotes. */
const unquoted = (shown: string | undefined) => shown?.replace(/^"(.*)"$/s, '$1');

/** `web:7` of an ARN, or what is shown in its place. */
export const revisionOr = (arn: string | undefined, otherwise: string): string => (arn ? revisionName(arn) : otherwise);

/** Seconds in words. */
export const duration = (seconds: number): string => formatDuration(seconds * 1_000);
