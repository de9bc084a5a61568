import type {
  DescribeServicesRequest,
  DescribeServicesResponse,
  DescribeTaskSetsRequest,
  DescribeTaskSetsResponse,
  ListServicesRequest,
  ListServicesResponse,
} from '@aws-sdk/client-ecs';
import { AwsRefusal } from '../../service';
import { page } from '../paging';
import { arnOf, type World } from '../world';
import { toService, toTaskSet } from './describe-service';
import { findCluster, findService, nameOf, requireService, servicesIn } from './find';

export const serviceOperations = (world: World) => ({
  ListServices: (input: ListServicesRequest): ListServicesResponse => {
    const arns = servicesIn(world, findCluster(world, input.cluster)).map(({ arn }) => arn);
    const { items, nextToken } = page(arns, input.nextToken, input.maxResults ?? 10);
    return { serviceArns: items, nextToken };
  },
  DescribeServices: (input: DescribeServicesRequest) => describeServices(world, input),
  DescribeTaskSets: (input: DescribeTaskSetsRequest) => describeTaskSets(world, input),
});

function describeServices(world: World, input: DescribeServicesRequest): DescribeServicesResponse {
  const cluster = findCluster(world, input.cluster);
  const named = input.services ?? [];
  if (named.length === 0) throw new AwsRefusal('InvalidParameterException', 'Services cannot be empty.');
  if (named.length > 10)
    throw new AwsRefusal('InvalidParameterException', 'Services list cannot have more than 10 elements.');
  const missing = named.filter((name) => !findService(world, cluster, name));
  return {
    services: named.flatMap((name) => findService(world, cluster, name) ?? []).map((one) => toService(world, one)),
    failures: missing.map((name) => ({
      arn: arnOf(world, 'ecs', `service/${cluster.name}/${nameOf(name)}`),
      reason: 'MISSING',
    })),
  };
}

function describeTaskSets(world: World, input: DescribeTaskSetsRequest): DescribeTaskSetsResponse {
  const service = requireService(world, input);
  if (service.controller === 'ECS') {
    const message =
      'Amazon ECS only supports task sets on services with an EXTERNAL or CODE_DEPLOY deployment controller.';
    throw new AwsRefusal('InvalidParameterException', message);
  }
  const wanted = input.taskSets?.map((name) => name.replace(/^.*(ecs-svc\/\d+)$/, '$1'));
  const found = service.fleets.filter(({ id }) => !wanted || wanted.includes(id));
  const missing = (wanted ?? []).filter((id) => !found.some((fleet) => fleet.id === id));
  return {
    taskSets: found.map((fleet) => toTaskSet(world, fleet)),
    failures: missing.map((id) => ({ arn: id, reason: 'MISSING' })),
  };
}
