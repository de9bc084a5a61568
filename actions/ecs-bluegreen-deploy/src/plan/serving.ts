import { countEqual } from '../text';

/** A target as its load balancer sees it. */
export interface Target {
  /** `initial`, `healthy`, `unhealthy`, `unused`, `draining`, `unavailable` …, in the words of Elastic Load Balancing. */
  readonly state: string;
  /** Its reason code and description. */
  readonly reason: string;
}

export interface TargetGroup {
  readonly name: string;
  /** Undefined where the group does not exist: nothing reaches the tasks through it then. */
  readonly targets: readonly Target[] | undefined;
}

/** What is seen of the tasks of the new revision. */
export interface Serving {
  /** Why the service is not there any more; undefined where it is. */
  readonly gone?: string;
  /** Undefined where the service has moved on to something else. */
  readonly tasks: { readonly running: number; readonly desired: number } | undefined;
  /** Their target groups; none without a load balancer, behind a Classic one, VPC Lattice or Service Connect alone. */
  readonly groups: readonly TargetGroup[];
  /** Milliseconds after their start in which ECS ignores that they are not healthy. */
  readonly grace: number;
  /** What could not be read, and why. */
  readonly unread: readonly string[];
}

/**
 * Whether the new tasks serve: `none` answers; only `some` do; `all` do; the service wants no tasks (`empty`), has moved on to
 * another deployment (`replaced`), or was deleted (`gone`); or that is not known.
 * `waits` where more time may change it.
 */
export interface Verdict {
  readonly serves: 'all' | 'some' | 'none' | 'empty' | 'replaced' | 'gone' | 'unknown';
  readonly waits: boolean;
  /** What is not as it should be, in a few words each. */
  readonly reasons: readonly string[];
}

/** Targets that are draining say nothing about the deployment. */
export const leaving: ReadonlySet<string> = new Set(['draining', 'unhealthy.draining']);
/** Where health checks are off, nothing more is known. */
const fit = new Set(['healthy', 'unavailable']);

/**
 * Judges what was seen of the tasks that a deployment has started.
 *
 * A target that is not healthy within the grace period of its service is waited for as one that is `initial`: ECS does so too. A
 * group whose targets are all `unused` gets no traffic (no listener has it, or none of their zones): it counts against the
 * deployment where no other group serves.
 *
 * @param age milliseconds since the deployment was created
 */
export function judge({ gone, tasks, groups, grace }: Serving, age: number): Verdict {
  if (gone !== undefined) return { serves: 'gone', waits: false, reasons: [gone] };
  if (!tasks) return { serves: 'replaced', waits: false, reasons: ['the service has moved on to another deployment'] };
  if (tasks.desired === 0) return { serves: 'empty', waits: false, reasons: [] };
  const judged = groups.map((group) => judgeGroup(group, age < grace));
  const reasons = [
    ...(tasks.running < tasks.desired ? [`${tasks.running} of ${tasks.desired} tasks run`] : []),
    ...judged.flatMap(({ reason }) => reason ?? []),
  ];
  const waits = tasks.running < tasks.desired || judged.some((group) => group.waits);
  return { serves: servesBy(tasks.running, judged, reasons.length > 0), waits, reasons };
}

function servesBy(running: number, groups: readonly JudgedGroup[], isPartial: boolean): Verdict['serves'] {
  const isDead = groups.some(({ state }) => state === 'none');
  const isUnused = groups.length > 0 && groups.every(({ state }) => state === 'unused');
  if (running === 0 || isDead || isUnused) return 'none';
  return isPartial ? 'some' : 'all';
}

interface JudgedGroup {
  readonly state: 'serves' | 'none' | 'unused';
  readonly waits: boolean;
  readonly reason: string | undefined;
}

function judgeGroup({ name, targets }: TargetGroup, isYoung: boolean): JudgedGroup {
  if (!targets) return { state: 'none', waits: false, reason: `target group ${name} does not exist` };
  const staying = targets.filter(({ state }) => !leaving.has(state));
  const bad = staying.filter(({ state }) => !fit.has(state));
  const healthy = staying.length - bad.length;
  const waits = staying.length === 0 || bad.some(({ state }) => state === 'initial' || (isYoung && state !== 'unused'));
  const state = healthy > 0 ? 'serves' : isUnused(staying) ? 'unused' : 'none';
  if (bad.length === 0 && healthy > 0) return { state, waits, reason: undefined };
  const why = countEqual(bad.map(describe)).map(([text, count]) => (count > 1 ? `${count} × ${text}` : text));
  const reason =
    staying.length === 0 ? `${name} has no targets` : `${healthy} of ${staying.length} targets in ${name} are healthy`;
  return { state, waits, reason: why.length > 0 ? `${reason} (${why.slice(0, mostReasons).join(', ')})` : reason };
}

/** Different reasons of targets that are reported. */
const mostReasons = 3;

const isUnused = (targets: readonly Target[]) => targets.length > 0 && targets.every(({ state }) => state === 'unused');

const describe = ({ state, reason }: Target) => (reason ? `${state}: ${reason}` : state);
