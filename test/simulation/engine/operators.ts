import type { Seeded } from '../../local/aws/compute';
import type { DeploymentRecord } from '../../local/aws/compute/codedeploy/record';
import type { ServiceDeploymentRecord } from '../../local/aws/compute/ecs/record';
import type { ServiceRecord } from '../../local/aws/compute/state';
import type { EmbeddedAws } from '../../local/aws/embedded';
import type { OperatorAct } from '../spec';
import { names, pushImages } from './build-world';

/** Somebody at the console, who sees at once what is and acts without faults. A refusal of AWS is no surprise to him. */
export function operate(aws: EmbeddedAws, seeded: Seeded, act: OperatorAct): void {
  const service = aws.compute.state.services.get(seeded.serviceArn)!;
  const deployment = aws.compute.state.deployments.find(({ status }) => isOnItsWay(status));
  const ofEcs = service.serviceDeployments.find(({ status }) => isOnItsWay(status));
  const scene: Scene = { aws, service, deployment, ofEcs };
  acts[act](scene);
}

interface Scene {
  readonly aws: EmbeddedAws;
  readonly service: ServiceRecord;
  readonly deployment: DeploymentRecord | undefined;
  readonly ofEcs: ServiceDeploymentRecord | undefined;
}

const acts: Readonly<Record<OperatorAct, (scene: Scene) => void>> = {
  continue({ aws, deployment, ofEcs }) {
    const { id: deploymentId, awaiting: deploymentWaitType } = deployment ?? {};
    if (deploymentWaitType) call(aws, 'codedeploy', 'ContinueDeployment', { deploymentId, deploymentWaitType });
    for (const { hookId, status } of ofEcs?.hooks ?? []) {
      if (status !== 'AWAITING_ACTION') continue;
      call(aws, 'ecs', 'ContinueServiceDeployment', { serviceDeploymentArn: ofEcs?.arn, hookId, action: 'CONTINUE' });
    }
  },
  stop: (scene) => stop(scene, false),
  'roll-back': (scene) => stop(scene, true),
  deploy({ aws, service, deployment }) {
    if (service.controller === 'ECS') call(aws, 'ecs', 'UpdateService', { ...named, forceNewDeployment: true });
    else if (!deployment) aws.compute.startCompetingDeployment(names.application, names.group);
  },
  scale({ aws, service }) {
    call(aws, 'ecs', 'UpdateService', { ...named, desiredCount: service.desiredCount + 1 });
  },
  'move-tag': ({ aws }) => pushImages(aws, 2),
};

function stop({ aws, deployment, ofEcs }: Scene, rollback: boolean): void {
  const { id: deploymentId } = deployment ?? {};
  if (deploymentId) call(aws, 'codedeploy', 'StopDeployment', { deploymentId, autoRollbackEnabled: rollback });
  const input = { serviceDeploymentArn: ofEcs?.arn, stopType: rollback ? 'ROLLBACK' : 'ABORT' };
  if (ofEcs) call(aws, 'ecs', 'StopServiceDeployment', input);
}

const named = { cluster: names.cluster, service: names.service };

const isOnItsWay = (status: string) =>
  !/^(?:Succeeded|Failed|Stopped|SUCCESSFUL|STOPPED|ROLLBACK_SUCCESSFUL|ROLLBACK_FAILED)$/.test(status);

function call(aws: EmbeddedAws, service: string, operation: string, input: object): void {
  const found = aws.compute.services.find(({ name }) => name === service);
  try {
    found?.operations[operation]?.(input as never);
  } catch (error) {
    if ((error as Error).name !== 'AwsRefusal') throw error;
  }
}
