/** The order and the finality of everything that a deployment of CodeDeploy goes through, in one place. */

/** Lifecycle events in the order in which CodeDeploy runs them. */
export const lifecycle = [
  'BeforeInstall',
  'Install',
  'AfterInstall',
  'AllowTestTraffic',
  'AfterAllowTestTraffic',
  'BeforeAllowTraffic',
  'AllowTraffic',
  'AfterAllowTraffic',
] as const;

/** Position of an event; what CodeDeploy may add one day comes last. */
export const positionOf = (event: string): number => {
  const at = (lifecycle as readonly string[]).indexOf(event);
  return at < 0 ? lifecycle.length : at;
};

/** Statuses that a deployment never leaves. */
export const finalStatuses = ['Succeeded', 'Failed', 'Stopped'] as const;
export type FinalStatus = (typeof finalStatuses)[number];

export const isFinal = (status: string): status is FinalStatus => (finalStatuses as readonly string[]).includes(status);

/** Statuses in which a lifecycle event is over. */
export const isOver = (status: string): boolean =>
  status === 'Succeeded' || status === 'Skipped' || status === 'Failed';

/** Whether an event let the deployment go on. */
export const isPassed = (status: string | undefined): boolean => status === 'Succeeded' || status === 'Skipped';
