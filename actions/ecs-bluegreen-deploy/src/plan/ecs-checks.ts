import type { DeploymentConfiguration, LoadBalancer, Service } from '@aws-sdk/client-ecs';
import type { Finding } from '../../../../shared/errors';
import type { Files } from '../files';
import type { TrafficShift } from '../input-forms';
import type { Request } from '../inputs';
import { checkTarget } from './appspec-checks';
import { type CurrentState, desiredTaskDefinition, foundIn } from './current-state';
import { type Strategy, strategyOf } from './ecs-settings';

/** Checks what is asked of a service under the ECS controller. */
export function checkEcs(state: CurrentState, request: Request): Finding[] {
  const service = foundIn(state.service);
  if (!service) return [];
  const current = service.deploymentConfiguration ?? {};
  const strategy = request.inputs.strategy ?? strategyOf(current);
  return [
    ...checkForeignInputs(request),
    ...checkTargets(state, service),
    ...(strategy ? checkStrategy(strategy, service, request) : []),
    ...checkShift(strategy, request),
    ...checkBakeTime(request, current),
    ...(strategy ? checkTestTraffic(strategy, service, request) : []),
  ];
}

/** Inputs that would change what CodeDeploy does must not be lost without a word. */
function checkForeignInputs({ inputs }: Request): Finding[] {
  const instead = {
    'codedeploy-deployment-config': 'set strategy and traffic-shift instead',
    'codedeploy-appspec': 'its hooks and settings are those of the service; leave it out',
  };
  return (['codedeploy-deployment-config', 'codedeploy-appspec'] as const).flatMap((where) =>
    inputs[where] === undefined
      ? []
      : [{ where, problem: `is for CodeDeploy, but the service is under the ECS controller: ${instead[where]}` }],
  );
}

/** Lines about inputs that mean nothing here and change nothing: names, and files that merely are there. */
export function unusedInputs({ inputs }: Request, { appSpec }: Files): string[] {
  const names = ['codedeploy-application', 'codedeploy-deployment-group', 'codedeploy-deployment-description'] as const;
  const given: string[] = names.filter((name) => inputs[name] !== undefined);
  const unused = [...given, ...(appSpec ? [appSpec.name] : [])];
  return unused.length > 0 ? [`not used, because the service is under the ECS controller: ${unused.join(', ')}`] : [];
}

/** The load balancer must find its container and port in the task definition. */
function checkTargets({ desired }: CurrentState, { loadBalancers = [] }: Service): Finding[] {
  if (desired.kind === 'file' && desired.errors.length > 0) return [];
  const taskDefinition = desiredTaskDefinition(desired);
  const findings = loadBalancers.flatMap(({ containerName: container, containerPort: port }) =>
    container && port ? checkTarget('task-definition', { container, port }, { taskDefinition }) : [],
  );
  // A container that is behind two target groups is reported once.
  return findings.filter(({ problem }, at) => findings.findIndex((other) => other.problem === problem) === at);
}

function checkStrategy(strategy: Strategy, service: Service, { inputs }: Request): Finding[] {
  const isDaemon = service.schedulingStrategy === 'DAEMON';
  const findings: Finding[] = [];
  if (isDaemon && inputs['desired-count'] !== undefined) {
    findings.push({ where: 'desired-count', problem: 'cannot be set: the service runs one task on each instance' });
  }
  if (strategy === 'rolling') return findings;
  if (isDaemon) findings.push({ where: 'strategy', problem: `${strategy} does not support DAEMON services` });
  const balancers = service.loadBalancers ?? [];
  const incomplete = balancers.filter(({ advancedConfiguration }) => !advancedConfiguration);
  // What the service has already, ECS has taken. Without both, blue/green is a controlled rollout (ECS guide).
  const isNew = strategy !== strategyOf(service.deploymentConfiguration);
  if (isNew && incomplete.length > 0) {
    const problem = `${strategy} needs a load balancer with advancedConfiguration (an alternate target group and listener rules) or Service Connect; the service has no advancedConfiguration`;
    findings.push({ where: 'strategy', problem });
  }
  return findings;
}

/** Whether Service Connect or VPC Lattice can divide the traffic too, which may have a test listener or test rules of their own. */
const isMeshed = ({ deployments = [] }: Service) =>
  deployments.some(
    ({ serviceConnectConfiguration, vpcLatticeConfigurations = [] }) =>
      serviceConnectConfiguration?.enabled || vpcLatticeConfigurations.length > 0,
  );

/**
 * A line where ECS lists nothing that could divide the traffic. It does not list everything: a gateway is in no answer about a
 * service, so this is not an error.
 */
export function bareStrategy(state: CurrentState, { inputs }: Request): string[] {
  const service = foundIn(state.service);
  const { strategy } = inputs;
  if (!service || (strategy !== 'canary' && strategy !== 'linear')) return [];
  if ((service.loadBalancers ?? []).length > 0 || isMeshed(service)) return [];
  return [
    `${strategy} shifts traffic with a load balancer, Service Connect, VPC Lattice or a gateway; ECS reports none for this service`,
  ];
}

function checkShift(strategy: Strategy | undefined, { shift, inputs }: Request): Finding[] {
  const where = 'traffic-shift';
  if (!shift) return [];
  const given = JSON.stringify(inputs[where]);
  if (shift.kind !== strategy) {
    const next = `set strategy: ${shift.kind}, or another form`;
    return [
      {
        where,
        problem: `${given} is the form of ${shift.kind}, but the strategy of the service is ${strategy ?? 'another one'}; ${next}`,
      },
    ];
  }
  return checkRange(shift).map((problem) => ({ where, problem: `${problem}, got ${given}` }));
}

/** The ranges of CanaryConfiguration and LinearConfiguration in the model of ECS. */
function checkRange({ kind, percent, minutes }: TrafficShift): string[] {
  const least = kind === 'canary' ? 0.1 : 3;
  const isTenth = Math.abs(percent * 10 - Math.round(percent * 10)) < 1e-9;
  return [
    ...(percent < least || percent > 100 || !isTenth
      ? [`a ${kind} step must be from ${least}% to 100%, in tenths of a percent`]
      : []),
    ...(minutes > longestBake ? [`minutes must be from 0 to ${longestBake}`] : []),
  ];
}

/** Minutes: the longest wait of a step in the model of ECS. */
const longestBake = 1_440;

/** ECS takes blue/green only with a bake time. */
function checkBakeTime({ inputs }: Request, current: DeploymentConfiguration): Finding[] {
  const known = inputs['bake-time-minutes'] ?? current.bakeTimeInMinutes;
  if (inputs.strategy !== 'blue-green' || known !== undefined) return [];
  return [{ where: 'bake-time-minutes', problem: 'must be set for blue-green: the service has none yet' }];
}

function checkTestTraffic(strategy: Strategy, service: Service, { inputs }: Request): Finding[] {
  if (inputs['wait-until'] !== 'test-traffic') return [];
  const where = 'wait-until';
  if (strategy === 'rolling') {
    return [{ where, problem: 'test-traffic never comes: a rolling deployment has no test traffic' }];
  }
  const { loadBalancers = [] } = service;
  const tests = ({ advancedConfiguration }: LoadBalancer) => advancedConfiguration?.testListenerRule !== undefined;
  if (loadBalancers.length === 0 || loadBalancers.some(tests) || isMeshed(service)) return [];
  return [{ where, problem: 'test-traffic never comes: the service has no test listener rule' }];
}
