import type { Service } from '@aws-sdk/client-ecs';
import type { Finding } from '../../../../shared/errors';
import type { TextFile } from '../files';
import type { Request } from '../inputs';
import { type AppSpec, readAppSpec } from './appspec';
import { checkAppSpec, checkTarget, type Target } from './appspec-checks';
import { missingStrategy } from './appspec-content';
import {
  type CodeDeployState,
  type CurrentState,
  deploysService,
  desiredTaskDefinition,
  foundIn,
} from './current-state';
import { checkShiftOfConfig } from './deployment-config';
import { needsOfEcs } from './ecs-instead';

/** Inputs that only services under the ECS controller can honour, and how the traffic is asked to move. */
export function checkStrategyInputs(request: Request, { config, group }: CodeDeployState, service: Service): Finding[] {
  const instead = {
    strategy: 'CodeDeploy always deploys blue/green; set traffic-shift or codedeploy-deployment-config',
    'bake-time-minutes': 'set the termination wait of the deployment group instead',
  };
  const foreign = (['strategy', 'bake-time-minutes'] as const).filter((name) => request.inputs[name] !== undefined);
  // A dry run is answered with the steps that lead there.
  const asksForEcs = request.inputs.strategy !== undefined && request.inputs['dry-run'];
  return [
    ...foreign.map((where) => ({
      where,
      problem: `is for services under the ECS controller, but this one is under CODE_DEPLOY: ${instead[where]}`,
    })),
    ...(asksForEcs ? needsOfEcs(service, foundIn(group)?.info).map(asNeed) : []),
    ...checkShiftOfConfig(request, config),
  ];
}

const asNeed = (need: string): Finding => ({
  where: 'strategy under the ECS controller',
  problem: `would need ${need}`,
});

/** Checks the deployment group. */
export function checkGroup({ group: result }: CodeDeployState, request: Request): Finding[] {
  const where = 'codedeploy-deployment-group';
  if ('missing' in result) return [{ where, problem: result.missing }];
  const group = foundIn(result);
  if (!group) return [];
  const { info, name } = group;
  if (info.computePlatform !== undefined && info.computePlatform !== 'ECS')
    return [{ where, problem: `${name} is for ${info.computePlatform}, not for ECS` }];
  if (deploysService(info, request)) return [];
  const targets = (info.ecsServices ?? [])
    .map((target) => `${target.clusterName ?? '?'}/${target.serviceName ?? '?'}`)
    .join(', ');
  return [{ where, problem: `${name} deploys ${targets || 'no service'}, not ${request.cluster}/${request.service}` }];
}

/** Test traffic comes with a test listener only; a deployment that stops in Ready has come as far without one. */
export function checkTestListener({ group: result }: CodeDeployState, { inputs }: Request): Finding[] {
  const group = foundIn(result);
  const { loadBalancerInfo, blueGreenDeploymentConfiguration: waits } = group?.info ?? {};
  const hasListener = loadBalancerInfo?.targetGroupPairInfoList?.some(({ testTrafficRoute }) => testTrafficRoute);
  const isReadyFirst = waits?.deploymentReadyOption?.actionOnTimeout === 'STOP_DEPLOYMENT';
  if (inputs['wait-until'] !== 'test-traffic' || hasListener !== false || isReadyFirst) return [];
  return [{ where: 'wait-until', problem: `test-traffic never comes: ${group!.name} has no test listener` }];
}

/** Checks the deployment configuration. */
export function checkConfig({ config: result }: CodeDeployState, request: Request): Finding[] {
  const where = 'codedeploy-deployment-config';
  // That of a traffic shift is created.
  if ('missing' in result && request.shift) return [];
  if ('missing' in result)
    return result.missing.startsWith('there is no deployment') ? [{ where, problem: result.missing }] : [];
  const config = foundIn(result);
  if (!config || config.computePlatform === undefined || config.computePlatform === 'ECS') return [];
  return [{ where, problem: `${config.deploymentConfigName} is for ${config.computePlatform}, not for ECS` }];
}

/** The AppSpec read and checked, or the container and port for one to generate. */
export type AppSpecPlan =
  | { readonly kind: 'file'; readonly appSpec: AppSpec }
  | { readonly kind: 'generated'; readonly target: Target };

/** Reads and checks the AppSpec against the service and the task definition. */
export function planAppSpec(
  file: TextFile | undefined,
  state: CurrentState,
  region: string,
): { plan?: AppSpecPlan; findings: Finding[]; notices: readonly string[] } {
  const loadBalancers = loadBalancersOf(foundIn(state.service));
  const taskDefinition = checkable(state);
  if (file) {
    const { appSpec, findings } = readAppSpec(file);
    if (!appSpec) return { findings, notices: [] };
    const all = [...findings, ...checkAppSpec(appSpec, { region, taskDefinition, loadBalancers })];
    const notices = [...appSpec.notices, ...strategyNotice(appSpec, foundIn(state.service))];
    return { plan: { kind: 'file', appSpec }, findings: all, notices };
  }
  const [balancer] = loadBalancers;
  if (!balancer?.containerName || !balancer.containerPort) {
    const problem =
      'was not found, and none can be generated: the service has no load balancer; set codedeploy-appspec';
    return { findings: foundIn(state.service) ? [{ where: 'codedeploy-appspec', problem }] : [], notices: [] };
  }
  const target = { container: balancer.containerName, port: balancer.containerPort };
  return {
    plan: { kind: 'generated', target },
    findings: checkTarget('task-definition', target, { taskDefinition }),
    notices: [],
  };
}

/** CodeDeploy would drop the capacity providers of the service where the AppSpec has none. */
function strategyNotice(appSpec: AppSpec, service: Service | undefined): string[] {
  const strategy = service && missingStrategy(appSpec, service);
  if (!strategy) return [];
  const names = strategy.map(({ CapacityProvider }) => CapacityProvider).join(', ');
  return [
    `${appSpec.name} has no CapacityProviderStrategy: that of the service is added (${names}), which CodeDeploy would drop`,
  ];
}

/** A file with errors is not examined further: one mistake would be reported twice. */
const checkable = ({ desired }: CurrentState) =>
  desired.kind === 'file' && desired.errors.length > 0 ? undefined : desiredTaskDefinition(desired);

/** Under CODE_DEPLOY, the load balancers are listed with the service, or only with its task sets. */
function loadBalancersOf(service: Service | undefined) {
  const primary = service?.taskSets?.find(({ status }) => status === 'PRIMARY');
  return (service?.loadBalancers?.length ? service.loadBalancers : primary?.loadBalancers) ?? [];
}
