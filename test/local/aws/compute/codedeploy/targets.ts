import type {
  BatchGetDeploymentTargetsInput,
  BatchGetDeploymentTargetsOutput,
  DeploymentTarget,
  ECSTaskSet,
  GetDeploymentTargetInput,
  GetDeploymentTargetOutput,
  LifecycleEvent,
  ListDeploymentTargetsInput,
  ListDeploymentTargetsOutput,
  TargetLabel,
  TargetStatus,
} from '@aws-sdk/client-codedeploy';
import { AwsRefusal } from '../../service';
import { pendingCount, runningCount } from '../ecs/fleets';
import { weightOf } from '../elb-traffic';
import { bounded } from '../paging';
import type { Fleet } from '../state';
import type { World } from '../world';
import { findDeployment } from './deployments';
import type { DeploymentRecord, LifecycleEventRecord } from './record';
import { productionListener } from './routes';

export const targetOperations = (world: World) => ({
  ListDeploymentTargets: (input: ListDeploymentTargetsInput): ListDeploymentTargetsOutput => ({
    targetIds: [targetIdOf(findStarted(world, input.deploymentId))],
  }),
  GetDeploymentTarget: (input: GetDeploymentTargetInput): GetDeploymentTargetOutput => ({
    deploymentTarget: findTarget(world, findStarted(world, input.deploymentId), input.targetId),
  }),
  BatchGetDeploymentTargets: (input: BatchGetDeploymentTargetsInput): BatchGetDeploymentTargetsOutput => {
    const deployment = findStarted(world, input.deploymentId);
    return {
      deploymentTargets: bounded(input.targetIds, 25, 'DeploymentTargetListSizeExceededException').map((id) =>
        findTarget(world, deployment, id),
      ),
    };
  },
});

function findStarted(world: World, id: string | undefined): DeploymentRecord {
  const deployment = findDeployment(world, id);
  if (deployment.startTime) return deployment;
  throw new AwsRefusal('DeploymentNotStartedException', `The deployment ${deployment.id} has not started`);
}

/** An ECS deployment has one target: its service. */
const targetIdOf = ({ service }: DeploymentRecord): string => `${service.cluster.name}:${service.name}`;

function findTarget(world: World, deployment: DeploymentRecord, id: string | undefined): DeploymentTarget {
  if (!id) throw new AwsRefusal('DeploymentTargetIdRequiredException', 'Deployment target ID is required');
  if (id !== targetIdOf(deployment)) {
    throw new AwsRefusal('DeploymentTargetDoesNotExistException', `The deployment target ${id} does not exist`);
  }
  return {
    deploymentTargetType: 'ECSTarget',
    ecsTarget: {
      deploymentId: deployment.id,
      targetId: id,
      targetArn: deployment.service.arn,
      lastUpdatedAt: deployment.updatedAt,
      lifecycleEvents: deployment.events.map(toEvent),
      status: statusOf(deployment),
      taskSetsInfo: [
        ...toTaskSets(world, deployment, deployment.blue, 'Blue'),
        ...toTaskSets(world, deployment, deployment.green, 'Green'),
      ],
    },
  };
}

const toEvent = ({ name, status, startTime, endTime, diagnostics }: LifecycleEventRecord): LifecycleEvent => ({
  lifecycleEventName: name,
  status,
  startTime,
  endTime,
  diagnostics,
});

function statusOf({ status }: DeploymentRecord): TargetStatus {
  if (status === 'Stopped') return 'Failed';
  return status === 'Succeeded' || status === 'Failed' || status === 'Ready' ? status : 'InProgress';
}

function toTaskSets(
  world: World,
  deployment: DeploymentRecord,
  fleet: Fleet | undefined,
  taskSetLabel: TargetLabel,
): ECSTaskSet[] {
  // A task set that has drained is gone for CodeDeploy too.
  if (!fleet || fleet.status === 'INACTIVE') return [];
  const name = fleet.targetGroupArn && world.state.targetGroups.get(fleet.targetGroupArn)?.TargetGroupName;
  return [
    {
      identifer: fleet.id,
      desiredCount: fleet.desiredCount,
      pendingCount: pendingCount(world, fleet),
      runningCount: runningCount(world, fleet),
      status: fleet.status,
      trafficWeight: weightOf(world, productionListener(deployment), fleet.targetGroupArn),
      targetGroup: { name },
      taskSetLabel,
    },
  ];
}
