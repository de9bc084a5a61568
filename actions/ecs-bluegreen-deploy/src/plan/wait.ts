import type { Inputs } from '../definition';
import type { Request } from '../inputs';
import { formatMinutes } from '../text';
import { expectedMinutes, type TrafficPlan } from './traffic';

/** What can be waited for, in the order in which it is reached. */
export const milestones = ['none', 'test-traffic', 'traffic-shifted', 'completed'] as const;
export type Milestone = (typeof milestones)[number];

/** Whether a milestone lies at or beyond another one. */
export const isAtLeast = (reached: Milestone, other: Milestone): boolean =>
  milestones.indexOf(reached) >= milestones.indexOf(other);

/** The further of two milestones: what was reached stays reached. */
export const further = (a: Milestone, b: Milestone): Milestone => (isAtLeast(a, b) ? a : b);

/** What is waited for, and why where that was left to the action. */
export interface WaitPlan {
  readonly until: Milestone;
  readonly why: string | undefined;
}

/** The time that a run has: what it may wait, and how long its credentials last. Minutes. */
export interface TimeAllowed {
  readonly wait: number;
  readonly credentials: number | undefined;
}

/** Turns `wait-until` into a milestone: `auto` is completed where the waits leave time for starting tasks. */
export function waitPlan(
  given: Inputs['wait-until'],
  traffic: TrafficPlan,
  { wait, credentials }: TimeAllowed,
): WaitPlan {
  if (given !== 'auto') return { until: given, why: undefined };
  const waits = expectedMinutes(traffic);
  const allowedMinutes = Math.min(wait, credentials ?? wait);
  const forTasks = Math.min(5, allowedMinutes / 10);
  const limit =
    allowedMinutes < wait
      ? `the credentials last ${formatMinutes(allowedMinutes)}`
      : `${formatMinutes(allowedMinutes)} are allowed`;
  const told = `the configured waits take ${formatMinutes(waits)}, ${limit}`;
  if (waits + forTasks <= allowedMinutes) return { until: 'completed', why: `auto: ${told}` };
  return { until: 'traffic-shifted', why: `auto: ${told}, so the action does not wait for the end of the deployment` };
}

/** The plan for a run that begins. */
export const waitFromStart = (request: Request, traffic: TrafficPlan): WaitPlan =>
  waitWithin(request, traffic, request.waitFor / 60_000);

/**
 * A plan with `auto` decided for the minutes that are left, once the deployment has begun: others may have been waited for.
 */
export function withTimeLeft<Plan extends { readonly request: Request; readonly traffic: TrafficPlan }>(
  plan: Plan,
  minutes: number,
): Plan & { readonly wait: WaitPlan } {
  const { request, traffic } = plan;
  const left = Math.max(0, Math.min(Math.ceil(minutes), request.waitFor / 60_000));
  return { ...plan, wait: waitWithin(request, traffic, left) };
}

/** The plan for a run of which so many minutes are left. */
function waitWithin({ inputs, waitFor, credentialLife }: Request, traffic: TrafficPlan, wait: number): WaitPlan {
  const spent = waitFor / 60_000 - wait;
  const credentials =
    credentialLife === undefined ? undefined : Math.max(0, Math.ceil(credentialLife / 60_000 - spent));
  return waitPlan(inputs['wait-until'], traffic, { wait, credentials });
}

/** A line where a run waits no longer than its host allows, although more is asked for. `waitFor` is in milliseconds. */
export function cappedWait({ inputs, waitFor }: Pick<Request, 'inputs' | 'waitFor'>): string[] {
  const asked = inputs['wait-for-minutes'] ?? 0;
  const most = waitFor / 60_000;
  return asked > most ? [`wait-for-minutes is ${asked}, but this run waits for ${most} minutes at most`] : [];
}
