import type { UpdateServiceRequest } from '@aws-sdk/client-ecs';
import * as schemas from '@aws-sdk/client-ecs';
import type { Service } from '../../service';
import type { World } from '../world';
import { clusterOperations } from './clusters';
import { oneOffTaskOperations } from './one-off-tasks';
import { serviceDeploymentOperations } from './service-deployments';
import { serviceOperations } from './services';
import { taskDefinitionOperations } from './task-definitions';
import { taskOperations } from './tasks';
import { updateService } from './update-service';

/** Amazon ECS. */
export const createEcs = (world: World): Service => ({
  name: 'ecs',
  protocol: { json: { target: 'AmazonEC2ContainerServiceV20141113' } },
  schemas,
  operations: {
    ...clusterOperations(world),
    ...taskDefinitionOperations(world),
    ...serviceOperations(world),
    ...serviceDeploymentOperations(world),
    ...taskOperations(world),
    ...oneOffTaskOperations(world),
    UpdateService: (input: UpdateServiceRequest) => updateService(world, input),
  },
});
