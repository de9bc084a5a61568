import { parseArn } from '../../../../../shared/aws/arn';
import { AwsRefusal } from '../../service';
import type { ClusterRecord, ServiceRecord } from '../state';
import type { World } from '../world';

/** The name in an ARN's resource, or the text itself. */
export const nameOf = (nameOrArn: string): string => parseArn(nameOrArn)?.resource.split('/').at(-1) ?? nameOrArn;

/** A cluster by name or ARN, `default` where none is named. Throws ClusterNotFoundException. */
export function findCluster(world: World, nameOrArn: string | undefined): ClusterRecord {
  const cluster = world.state.clusters.get(nameOf(nameOrArn ?? 'default'));
  if (cluster && (!nameOrArn?.startsWith('arn:') || cluster.arn === nameOrArn)) return cluster;
  throw new AwsRefusal('ClusterNotFoundException', 'Cluster not found.');
}

export function findService(world: World, cluster: ClusterRecord, nameOrArn: string): ServiceRecord | undefined {
  const found = servicesIn(world, cluster).find(({ name }) => name === nameOf(nameOrArn));
  return nameOrArn.startsWith('arn:') && found?.arn !== nameOrArn ? undefined : found;
}

/** A service that is there. Throws ServiceNotFoundException. */
export function requireService(world: World, input: { cluster?: string | undefined; service: string | undefined }) {
  const found = findService(world, findCluster(world, input.cluster), input.service ?? '');
  if (found) return found;
  throw new AwsRefusal('ServiceNotFoundException', 'Service not found.');
}

export const servicesIn = (world: World, cluster: ClusterRecord): ServiceRecord[] =>
  [...world.state.services.values()].filter((service) => service.cluster === cluster);
