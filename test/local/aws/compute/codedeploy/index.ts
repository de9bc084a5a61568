import * as schemas from '@aws-sdk/client-codedeploy';
import type { Service } from '../../service';
import type { World } from '../world';
import { configOperations } from './configs';
import { deploymentOperations } from './deployments';
import { groupOperations } from './groups';
import { targetOperations } from './targets';

/** CodeDeploy for services on Amazon ECS. */
export const createCodeDeploy = (world: World): Service => ({
  name: 'codedeploy',
  protocol: { json: { target: 'CodeDeploy_20141006' } },
  schemas,
  operations: {
    ...configOperations(world),
    ...groupOperations(world),
    ...deploymentOperations(world),
    ...targetOperations(world),
  },
});
