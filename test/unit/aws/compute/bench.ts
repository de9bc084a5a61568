import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { CodeDeploy, type CreateDeploymentInput } from '@aws-sdk/client-codedeploy';
import { ECS } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Seeded, TutorialOptions } from '../../../local/aws/compute';
import { createEmbeddedAws, type EmbeddedAwsOptions } from '../../../local/aws/embedded';

export const application = 'tutorial-bluegreen-app';
export const group = 'tutorial-bluegreen-dg';
const named = { applicationName: application, deploymentGroupName: group };

/** A simulation with the tutorial's service under CodeDeploy and what tests do with it. */
export async function tutorial(options: TutorialOptions = {}, rest: EmbeddedAwsOptions['compute'] = {}) {
  const bench = empty(rest);
  const seeded = await bench.compute.seedTutorial(options);
  return { ...bench, seeded, ...deploying(bench, seeded) };
}

/** A simulation of an empty account, with the SDK's clients for it. */
export function empty(options: EmbeddedAwsOptions['compute'] = {}) {
  const { clock, compute, handler, region } = createEmbeddedAws({ compute: options });
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
  const config = { region, credentials, requestHandler: handler, maxAttempts: 1 };
  return {
    clock,
    compute,
    ecs: new ECS(config),
    codedeploy: new CodeDeploy(config),
    elb: new ElasticLoadBalancingV2(config),
    logs: new CloudWatchLogs(config),
  };
}

function deploying({ clock, compute, codedeploy, ecs }: ReturnType<typeof empty>, seeded: Seeded) {
  const targetId = 'EcsCluster:EcsService';
  return {
    /** Registers the next revision and starts its deployment. */
    async deploy(input: Partial<CreateDeploymentInput> = {}, hooks: readonly Record<string, string>[] = []) {
      const taskDefinition = await nextRevision(ecs);
      const appSpecContent = { content: appSpec(taskDefinition, hooks) };
      const revision = { revisionType: 'AppSpecContent', appSpecContent } as const;
      const { deploymentId = '' } = await codedeploy.createDeployment({ ...named, revision, ...input });
      return { deploymentId, taskDefinition };
    },
    async info(deploymentId: string) {
      return (await codedeploy.getDeployment({ deploymentId })).deploymentInfo ?? {};
    },
    async target(deploymentId: string) {
      const { deploymentTarget } = await codedeploy.getDeploymentTarget({ deploymentId, targetId });
      return deploymentTarget?.ecsTarget ?? {};
    },
    /** Percentages at the production listener, as `[blue, green]`. */
    weights(): [number, number] {
      const shares = compute.traffic(seeded.productionListenerArn);
      const of = (arn: string) => shares.find((share) => share.targetGroupArn === arn)?.weight ?? 0;
      return [of(seeded.blueTargetGroupArn), of(seeded.greenTargetGroupArn)];
    },
    async service() {
      const { services = [] } = await ecs.describeServices({ cluster: 'EcsCluster', services: ['EcsService'] });
      return services[0] ?? {};
    },
    seconds: (count: number) => clock.advance(count * 1_000),
    minutes: (count: number) => clock.advance(count * 60_000),
  };
}

/** Registers a further revision of the seeded family. */
export async function nextRevision(ecs: ECS, family = 'CdkEcsInfraStackTaskDef'): Promise<string> {
  const { taskDefinition } = await ecs.describeTaskDefinition({ taskDefinition: family });
  const { executionRoleArn, networkMode, requiresCompatibilities, cpu, memory, containerDefinitions } =
    taskDefinition ?? {};
  const given = { executionRoleArn, networkMode, requiresCompatibilities, cpu, memory, containerDefinitions };
  const registered = await ecs.registerTaskDefinition({ family, ...given });
  return registered.taskDefinition?.taskDefinitionArn ?? '';
}

export function appSpec(
  TaskDefinition: string,
  Hooks: readonly Record<string, string>[] = [],
  containerPort = 80,
): string {
  const LoadBalancerInfo = { ContainerName: 'MyContainer', ContainerPort: containerPort };
  const Properties = { TaskDefinition, LoadBalancerInfo, PlatformVersion: 'LATEST' };
  const Resources = [{ TargetService: { Type: 'AWS::ECS::Service', Properties } }];
  return JSON.stringify({ version: 0.0, Resources, Hooks });
}
