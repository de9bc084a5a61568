import type { DeploymentStatus, LifecycleEventStatus } from '@aws-sdk/client-codedeploy';

/** The lifecycle events of a deployment to ECS, in the order in which CodeDeploy runs them. */
const events = {
  BeforeInstall: { takesHook: true },
  Install: { takesHook: false },
  AfterInstall: { takesHook: true },
  AllowTestTraffic: { takesHook: false },
  AfterAllowTestTraffic: { takesHook: true },
  BeforeAllowTraffic: { takesHook: true },
  AllowTraffic: { takesHook: false },
  AfterAllowTraffic: { takesHook: true },
} as const;

export type LifecycleEventName = keyof typeof events;

/** The names of the lifecycle events, in their order. */
export const lifecycle = Object.keys(events) as readonly LifecycleEventName[];

/** The events to which an AppSpec may attach a Lambda function. */
export const hookEvents: readonly string[] = lifecycle.filter((name) => events[name].takesHook);

/** Position of an event; what CodeDeploy may add one day comes last. */
export const positionOf = (event: string): number => {
  const at = (lifecycle as readonly string[]).indexOf(event);
  return at < 0 ? lifecycle.length : at;
};

/** How a deployment has ended in each status; undefined while it is active. */
const ends: Readonly<Record<DeploymentStatus, 'SUCCEEDED' | 'FAILED' | 'STOPPED' | undefined>> = {
  Created: undefined,
  Queued: undefined,
  InProgress: undefined,
  Baking: undefined,
  Ready: undefined,
  Succeeded: 'SUCCEEDED',
  Failed: 'FAILED',
  Stopped: 'STOPPED',
};

const statuses = Object.keys(ends) as DeploymentStatus[];

/** How a deployment in this status has ended; undefined while it is active, and for a status that is not known. */
export const codeDeployEnd = (status: string) =>
  Object.hasOwn(ends, status) ? ends[status as DeploymentStatus] : undefined;

export const activeStatuses: readonly DeploymentStatus[] = statuses.filter((status) => ends[status] === undefined);

/** Whether a deployment is active. */
export const isActive = (status: string | undefined): boolean =>
  (activeStatuses as readonly (string | undefined)[]).includes(status);

/** Whether a deployment never leaves this status. */
export const isFinal = (status: string): boolean => codeDeployEnd(status) !== undefined;

/** What each status means for a lifecycle event: whether it is over, and whether it let the deployment continue. */
const eventStatuses: Readonly<Record<LifecycleEventStatus, { readonly over: boolean; readonly passed: boolean }>> = {
  Pending: { over: false, passed: false },
  InProgress: { over: false, passed: false },
  Succeeded: { over: true, passed: true },
  Skipped: { over: true, passed: true },
  Failed: { over: true, passed: false },
  Unknown: { over: false, passed: false },
};

const eventStatus = (status = '') =>
  Object.hasOwn(eventStatuses, status) ? eventStatuses[status as LifecycleEventStatus] : eventStatuses.Unknown;

/** Whether a lifecycle event in this status is over. */
export const isOver = (status: string): boolean => eventStatus(status).over;

/** Whether a lifecycle event in this status let the deployment continue. */
export const isPassed = (status: string | undefined): boolean => eventStatus(status).passed;
