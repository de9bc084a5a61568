import type { Service } from '@aws-sdk/client-ecs';
import { parseArn } from '../../../../shared/aws/arn';
import type { Finding } from '../../../../shared/errors';
import { deploys } from '../aws/codedeploy-groups';
import { type CodeDeploySituation, type Situation, wantedTaskDefinition } from '../aws/read-current-state';
import { foundIn } from '../aws/reads';
import type { TextFile } from '../files';
import type { Request } from '../inputs';
import { shortId } from '../text';
import { type AppSpec, memberOf, readAppSpec } from './appspec';
import { checkAppSpec, checkTarget, type Target } from './appspec-checks';
import { checkShiftOfConfig } from './deployment-config';

/** Checks the service itself. Pure. */
export function checkService({ service: look }: Situation, { service: name }: Request): Finding[] {
  const where = 'service';
  if ('missing' in look)
    return [{ where: look.missing.startsWith('there is no cluster') ? 'cluster' : where, problem: look.missing }];
  const service = foundIn(look);
  if (!service) return [];
  if (service.status !== 'ACTIVE')
    return [{ where, problem: `${name} is ${service.status}; only an ACTIVE one can be deployed to` }];
  const controller = service.deploymentController?.type ?? 'ECS';
  if (controller === 'CODE_DEPLOY' || controller === 'ECS') return [];
  const why = 'its own tool creates its task sets, so deploy with that';
  return [{ where, problem: `${name} is under the ${controller} controller: ${why}` }];
}

/** Inputs that only services under the ECS controller can honour, and how the traffic is asked to move. Pure. */
export function checkStrategyInputs(request: Request, { config }: CodeDeploySituation): Finding[] {
  const instead = {
    strategy: 'CodeDeploy always deploys blue/green; give traffic-shift or codedeploy-deployment-config',
    'bake-time-minutes': 'set the termination wait of the deployment group instead',
  };
  const foreign = (['strategy', 'bake-time-minutes'] as const).filter((name) => request.inputs[name] !== undefined);
  return [
    ...foreign.map((where) => ({
      where,
      problem: `is for services under the ECS controller, but this one is under CODE_DEPLOY: ${instead[where]}`,
    })),
    ...checkShiftOfConfig(request, config),
  ];
}

/** Checks what is to be deployed: the file or revision, and its images. Pure. */
export function checkWanted({ wanted, images }: Situation): Finding[] {
  const where = 'task-definition';
  const findings: Finding[] = [];
  if (wanted.kind === 'file') findings.push(...wanted.errors);
  else if ('missing' in wanted.look) findings.push({ where, problem: wanted.look.missing });
  else findings.push(...checkRevision(foundIn(wanted.look)?.taskDefinition.status, wanted.name));
  for (const { look } of images) if ('missing' in look) findings.push({ where, problem: look.missing });
  return findings;
}

const checkRevision = (status: string | undefined, name: string): Finding[] =>
  status === undefined || status === 'ACTIVE'
    ? []
    : [{ where: 'task-definition', problem: `${name} is ${status}; only an ACTIVE revision can be deployed` }];

/** Checks that the tasks can run where the service runs, unless the AppSpec says where instead. Pure. */
export function checkCompatibility({ wanted: from, service: look }: Situation, appSpec?: AppSpecPlan): Finding[] {
  const wanted = wantedTaskDefinition(from)?.requiresCompatibilities;
  const service = foundIn(look);
  if (appSpec?.kind === 'file' && memberOf(appSpec.appSpec.properties, 'CapacityProviderStrategy')) return [];
  const launchType = service?.taskSets?.find(({ status }) => status === 'PRIMARY')?.launchType ?? service?.launchType;
  if (!launchType || !wanted || wanted.length === 0 || wanted.includes(launchType)) return [];
  const problem = `requires ${wanted.join(', ')}, but the service runs on ${launchType}; add it to requiresCompatibilities`;
  return [{ where: 'task-definition', problem }];
}

/** Checks the deployment group and its configuration. Pure. */
export function checkGroup({ group: look, config }: CodeDeploySituation, request: Request): Finding[] {
  const where = 'codedeploy-deployment-group';
  if ('missing' in look) return [{ where, problem: look.missing }];
  const group = foundIn(look);
  if (!group) return [];
  const findings: Finding[] = [];
  const { info, name } = group;
  if (info.computePlatform !== 'ECS')
    findings.push({ where, problem: `${name} is for ${info.computePlatform}, not for ECS` });
  else if (!deploys(info, request)) {
    const targets = (info.ecsServices ?? []).map((target) => `${target.clusterName}/${target.serviceName}`).join(', ');
    const problem = `${name} deploys ${targets || 'no service'}, not ${request.cluster}/${request.service}`;
    findings.push({ where, problem });
  }
  const testRoutes = info.loadBalancerInfo?.targetGroupPairInfoList?.some(({ testTrafficRoute }) => testTrafficRoute);
  if (request.inputs['wait-until'] === 'test-traffic' && testRoutes === false) {
    findings.push({ where: 'wait-until', problem: `test-traffic never comes: ${name} has no test listener` });
  }
  return [...findings, ...checkConfig(config, request)];
}

function checkConfig(look: CodeDeploySituation['config'], request: Request): Finding[] {
  const where = 'codedeploy-deployment-config';
  // That of a traffic shift is created.
  if ('missing' in look && request.shift) return [];
  if ('missing' in look)
    return look.missing.startsWith('there is no deployment') ? [{ where, problem: look.missing }] : [];
  const config = foundIn(look);
  if (!config || config.computePlatform === undefined || config.computePlatform === 'ECS') return [];
  return [{ where, problem: `${config.deploymentConfigName} is for ${config.computePlatform}, not for ECS` }];
}

/** Checks that no other deployment is on its way where that is refused. `own` are those of an earlier run. Pure. */
export function checkActive({ inputs }: Request, others: readonly string[]): Finding[] {
  if (inputs['if-deploying'] !== 'fail' || others.length === 0) return [];
  return [
    {
      where: 'if-deploying',
      problem: `deployment ${others.map(shortId).join(', ')} is active, and fail was asked for`,
    },
  ];
}

/** The AppSpec read and checked, or the container and port for one to generate. */
export type AppSpecPlan =
  | { readonly kind: 'file'; readonly appSpec: AppSpec }
  | { readonly kind: 'generated'; readonly target: Target };

/** Reads and checks the AppSpec against the service and the task definition. Pure. */
export function planAppSpec(
  file: TextFile | undefined,
  situation: Situation,
  region: string,
): { plan?: AppSpecPlan; findings: Finding[] } {
  const loadBalancers = loadBalancersOf(foundIn(situation.service));
  const taskDefinition = checkable(situation);
  if (file) {
    const { appSpec, findings } = readAppSpec(file);
    if (!appSpec) return { findings };
    const all = [...findings, ...checkAppSpec(appSpec, { region, taskDefinition, loadBalancers })];
    return { plan: { kind: 'file', appSpec }, findings: all };
  }
  const [balancer] = loadBalancers;
  if (!balancer?.containerName || !balancer.containerPort) {
    const problem =
      'is not there, and none can be generated: the service has no load balancer; give codedeploy-appspec';
    return { findings: foundIn(situation.service) ? [{ where: 'codedeploy-appspec', problem }] : [] };
  }
  const target = { container: balancer.containerName, port: balancer.containerPort };
  return { plan: { kind: 'generated', target }, findings: checkTarget('task-definition', target, { taskDefinition }) };
}

/** A file with errors is not looked into further: one mistake would be told twice. */
const checkable = ({ wanted }: Situation) =>
  wanted.kind === 'file' && wanted.errors.length > 0 ? undefined : wantedTaskDefinition(wanted);

/** Under CODE_DEPLOY the load balancers stand at the service, or only at its task sets. */
function loadBalancersOf(service: Service | undefined) {
  const primary = service?.taskSets?.find(({ status }) => status === 'PRIMARY');
  return (service?.loadBalancers?.length ? service.loadBalancers : primary?.loadBalancers) ?? [];
}

/**
 * Checks that what AWS answered is of the account that was asked for: names are sent to the account of the credentials,
 * which may have a service of the same name. Pure.
 */
export function checkAccount({ service: look, wanted }: Situation, { inputs }: Request): Finding[] {
  const account = parseArn(foundIn(look)?.serviceArn ?? '')?.account;
  const findings: Finding[] = [];
  const check = (where: string, given: string, owner: string) => {
    const its = parseArn(given)?.account;
    if (account && its && account !== its) {
      findings.push({ where, problem: `is of account ${its}, but ${owner} of account ${account}` });
    }
  };
  check('cluster', inputs.cluster, 'the credentials are');
  check('service', inputs.service, 'the credentials are');
  if (wanted.kind === 'revision') check('task-definition', wanted.name, 'the service is');
  return findings;
}
