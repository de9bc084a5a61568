import type {
  Cluster,
  DescribeClustersRequest,
  DescribeClustersResponse,
  ListClustersRequest,
  ListClustersResponse,
} from '@aws-sdk/client-ecs';
import { page } from '../paging';
import type { ClusterRecord } from '../state';
import { arnOf, type World } from '../world';
import { nameOf, servicesIn } from './find';

export const clusterOperations = (world: World) => ({
  ListClusters: (input: ListClustersRequest): ListClustersResponse => {
    const arns = [...world.state.clusters.values()].map(({ arn }) => arn);
    const { items, nextToken } = page(arns, input.nextToken, input.maxResults ?? 100);
    return { clusterArns: items, nextToken };
  },
  DescribeClusters: (input: DescribeClustersRequest): DescribeClustersResponse => {
    const names = (input.clusters ?? ['default']).map(nameOf);
    return {
      clusters: names.flatMap((name) => world.state.clusters.get(name) ?? []).map((one) => toCluster(world, one)),
      failures: names
        .filter((name) => !world.state.clusters.has(name))
        .map((name) => ({ arn: arnOf(world, 'ecs', `cluster/${name}`), reason: 'MISSING' })),
    };
  },
});

function toCluster(world: World, cluster: ClusterRecord): Cluster {
  const services = servicesIn(world, cluster);
  const tasks = world.state.tasks.filter(({ fleet }) => fleet.service.cluster === cluster);
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: 'ACTIVE',
    registeredContainerInstancesCount: 0,
    runningTasksCount: tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length,
    pendingTasksCount: tasks.filter(({ lastStatus }) => lastStatus === 'PENDING' || lastStatus === 'PROVISIONING')
      .length,
    activeServicesCount: services.filter(({ status }) => status === 'ACTIVE').length,
    statistics: [],
    tags: [],
    settings: [],
    capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    defaultCapacityProviderStrategy: [],
  };
}
