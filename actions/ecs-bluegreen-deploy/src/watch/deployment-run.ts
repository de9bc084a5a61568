import type { Plan } from '../plan/plan';
import type { Hints } from '../report/event-lines';
import type { End } from './end';
import type { Step } from './watch-deployment';
import type { State } from './watch-state';

/** What came of a plan, as far as it got. Filled in while it is carried out, and told at its end. */
export interface Delivery {
  plan: Plan;
  readonly startedAt: number;
  readonly deadline: number;
  /** The revision that is deployed, once it is known. */
  arn: string | undefined;
  deployment: { readonly id: string; readonly createdAt: number } | undefined;
  state: State | undefined;
  readonly steps: Step[];
  /** What was found out about a failure. */
  readonly explanation: Section[];
}

/** A part of an explanation. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** How a delivery ended: as its deployment did, or without one. */
export type DeliveryEnd = End | { readonly status: 'UNCHANGED' };

export const newDelivery = (plan: Plan, now: number): Delivery => ({
  plan,
  startedAt: now,
  deadline: now + plan.request.waitFor,
  arn: undefined,
  deployment: undefined,
  state: undefined,
  steps: [],
  explanation: [],
});

/** What the lines about a deployment need to know of it. */
export const hintsOf = ({ deployment, plan }: Delivery): Hints => ({
  id: deployment?.id ?? '',
  region: plan.request.region,
  terminationWait: plan.traffic.terminationWait,
});
