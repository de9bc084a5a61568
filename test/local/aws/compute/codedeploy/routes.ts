import type { DeploymentRecord } from './record';

type OfGroup = Pick<DeploymentRecord, 'group'>;

const pairOf = ({ group }: OfGroup) => group.loadBalancerInfo?.targetGroupPairInfoList?.[0];

/** ARN of the listener that production traffic comes in by. */
export const productionListener = (deployment: OfGroup): string =>
  pairOf(deployment)?.prodTrafficRoute?.listenerArns?.[0] ?? '';

/** ARN of the test listener, where the group has one. */
export const testListener = (deployment: OfGroup): string | undefined =>
  pairOf(deployment)?.testTrafficRoute?.listenerArns?.[0];

/** Names of the two target groups between which the group's deployments alternate. */
export const targetGroupNames = (deployment: OfGroup): string[] =>
  (pairOf(deployment)?.targetGroups ?? []).map(({ name }) => name ?? '');
