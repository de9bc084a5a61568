import type { LoadBalancer, RegisterTaskDefinitionRequest, TaskDefinition } from '@aws-sdk/client-ecs';
import { parseArn } from '../../../../shared/aws/arn';
import type { Finding } from '../../../../shared/errors';
import { cut, quoted, someOf } from '../../../../shared/excerpt';
import { placeholderIn } from '../../../../shared/task-definition/placeholder';
import type { AppSpec } from './appspec';
import { hookEvents } from './codedeploy-lifecycle';

/** What an AppSpec must fit. */
export interface Surroundings {
  readonly region: string;
  /** Undefined where it could not be read. */
  readonly taskDefinition: Pick<TaskDefinition | RegisterTaskDefinitionRequest, 'containerDefinitions'> | undefined;
  readonly loadBalancers: readonly LoadBalancer[];
}

/** Checks an AppSpec against the service and the task definition. */
export function checkAppSpec(appSpec: AppSpec, around: Surroundings): Finding[] {
  const { name, container, port } = appSpec;
  const where = `${name} LoadBalancerInfo`;
  const findings = [
    ...appSpec.hooks.flatMap((hook) => checkHook(name, hook, around.region)),
    ...repeatedHooks(appSpec),
  ];
  if (typeof container !== 'string' || container === '') {
    return [...findings, { where, problem: 'must have a ContainerName' }];
  }
  const number = Number(port);
  if (port === undefined || port === null || !Number.isInteger(number) || number < 1 || number > 65_535) {
    return [...findings, { where, problem: `ContainerPort must be a port from 1 to 65535, got ${quoted(port)}` }];
  }
  const target = { container, port: number };
  const inTask = checkTarget(where, target, around);
  // One mistake is reported once.
  return [...findings, ...(inTask.length > 0 ? inTask : checkService(where, target, around.loadBalancers))];
}

/** The container and port that receive the traffic. */
export interface Target {
  readonly container: string;
  readonly port: number;
}

/** Checks that the task definition has the container and that it opens the port. */
export function checkTarget(
  where: string,
  { container, port }: Target,
  { taskDefinition }: Pick<Surroundings, 'taskDefinition'>,
): Finding[] {
  if (!taskDefinition) return [];
  const containers = taskDefinition.containerDefinitions ?? [];
  const definition = containers.find(({ name }) => name === container);
  if (!definition) {
    const names = someOf(containers.map(({ name }) => name)) || 'none';
    return [{ where, problem: `container ${cut(container, 100)} is not in the task definition; it has ${names}` }];
  }
  const ports = (definition.portMappings ?? []).map(
    (mapping) => mapping.containerPortRange ?? `${mapping.containerPort}`,
  );
  if (ports.some((range) => isWithin(port, range))) return [];
  const opened = ports.length > 0 ? `it opens ${someOf(ports)}` : 'it opens none; add a portMapping';
  return [{ where, problem: `container ${container} does not open port ${port} in the task definition; ${opened}` }];
}

function isWithin(port: number, range: string): boolean {
  const [first, last = first] = range.split('-').map(Number);
  return port >= first! && port <= last!;
}

function checkService(where: string, { container, port }: Target, loadBalancers: readonly LoadBalancer[]): Finding[] {
  const fits = loadBalancers.some(
    ({ containerName, containerPort }) => containerName === container && containerPort === port,
  );
  if (fits || loadBalancers.length === 0) return [];
  const known = loadBalancers.map(({ containerName, containerPort }) => `${containerName}:${containerPort}`).join(', ');
  return [
    { where, problem: `says ${cut(container, 100)}:${port}, but the load balancer of the service sends to ${known}` },
  ];
}

function repeatedHooks({ name, hooks }: AppSpec): Finding[] {
  const seen = new Set<string>();
  const repeated = hooks.filter(({ event }) => seen.size === seen.add(event.toLowerCase()).size);
  return repeated.map(({ event }) => ({
    where: `${name} Hooks.${cut(event, 60)}`,
    problem: 'is specified more than once',
  }));
}

function checkHook(name: string, { event, lambda }: { event: string; lambda: unknown }, region: string): Finding[] {
  const where = `${name} Hooks.${cut(event, 60)}`;
  if (!hookEvents.some((known) => known.toLowerCase() === event.toLowerCase())) {
    return [{ where, problem: `is not an event that can have a hook; those are ${hookEvents.join(', ')}` }];
  }
  if (typeof lambda !== 'string' || lambda.trim() === '') {
    return [{ where, problem: 'must be the name or the ARN of a Lambda function' }];
  }
  const placeholder = placeholderIn(lambda.replace(/:\$LATEST$/, ''));
  if (placeholder)
    return [
      {
        where,
        problem: `still holds ${cut(placeholder, 60)}, a placeholder that nothing replaced, got ${cut(lambda, 200)}`,
      },
    ];
  const arn = parseArn(lambda);
  if (!arn || (arn.service === 'lambda' && arn.region === region)) return [];
  return [{ where, problem: `must be a Lambda function in ${region}, got ${cut(lambda, 200)}` }];
}
