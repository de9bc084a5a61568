import type { DeploymentGroupInfo } from '@aws-sdk/client-codedeploy';
import type { Service } from '@aws-sdk/client-ecs';

/**
 * What a service under CODE_DEPLOY would need to be deployed by ECS itself, from what its deployment group has (the fields of
 * UpdateService in the ECS API model).
 */
export function needsOfEcs(service: Service, group: DeploymentGroupInfo | undefined): string[] {
  return [
    'deploymentController ECS, with UpdateService',
    balancerNeed(service, group),
    'a role that ecs.amazonaws.com assumes to move the traffic (AmazonECSInfrastructureRolePolicyForLoadBalancers), as roleArn of advancedConfiguration',
    ...waitNeed(group),
    ...alarmNeed(group),
    'hooks of the AppSpec as deploymentConfiguration.lifecycleHooks, which answer ECS in another form',
    'ecs:UpdateService for the role of this action in place of the calls of CodeDeploy',
  ];
}

function balancerNeed({ loadBalancers = [], taskSets = [] }: Service, group: DeploymentGroupInfo | undefined): string {
  const [pair] = group?.loadBalancerInfo?.targetGroupPairInfoList ?? [];
  const used = (loadBalancers[0] ?? taskSets[0]?.loadBalancers?.[0])?.targetGroupArn ?? '';
  const other = pair?.targetGroups?.find(
    ({ name }) => name !== undefined && !used.includes(`:targetgroup/${name}/`),
  )?.name;
  const listener = pair?.prodTrafficRoute?.listenerArns?.[0];
  const test = pair?.testTrafficRoute?.listenerArns?.[0];
  return [
    `loadBalancers[].advancedConfiguration with alternateTargetGroupArn${other ? ` (that of ${other})` : ''}`,
    `productionListenerRule${listener ? ` (a rule of ${listener})` : ''}`,
    ...(test ? [`testListenerRule (a rule of ${test})`] : []),
  ].join(', ');
}

function waitNeed(group: DeploymentGroupInfo | undefined): string[] {
  const wait =
    group?.blueGreenDeploymentConfiguration?.terminateBlueInstancesOnDeploymentSuccess?.terminationWaitTimeInMinutes;
  return wait ? [`bakeTimeInMinutes ${wait}, for the termination wait of the group`] : [];
}

function alarmNeed(group: DeploymentGroupInfo | undefined): string[] {
  const names = (group?.alarmConfiguration?.alarms ?? []).map(({ name }) => name ?? '');
  if (!group?.alarmConfiguration?.enabled || names.length === 0) return [];
  return [`deploymentConfiguration.alarms for ${names.join(', ')}`];
}
