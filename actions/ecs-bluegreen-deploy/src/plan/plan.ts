import type { CreateDeploymentConfigInput } from '@aws-sdk/client-codedeploy';
import type { DeploymentConfiguration, RegisterTaskDefinitionRequest, Service } from '@aws-sdk/client-ecs';
import { type Finding, refuse } from '../../../../shared/errors';
import { type Change, diffTaskDefinitions, summarise } from '../../../../shared/task-definition/diff';
import type { TaskDefinition } from '../../../../shared/task-definition/document';
import { completeAppSpec, generateAppSpec } from '../appspec/write';
import type { Files } from '../files';
import type { Request } from '../inputs';
import { deploysAppSpec } from '../observe/deployments';
import type { Group } from '../observe/group';
import { foundIn, type Look } from '../observe/look';
import { type CodeDeploySituation, type EcsSituation, type Situation, wantedTaskDefinition } from '../observe/observe';
import { runningRevision, runsAlready } from '../observe/service';
import { comparable, isSameRevision } from '../revision/same';
import {
  type AppSpecPlan,
  checkAccount,
  checkActive,
  checkGroup,
  checkService,
  checkStrategyInputs,
  checkWanted,
  planAppSpec,
} from './checks';
import { chosenConfig, configToCreate } from './deployment-config';
import { checkServiceDeployment, unusedInputs } from './service-checks';
import { composeService } from './service-plan';
import { type TrafficPlan, trafficPlan, type WaitPlan, waitPlan } from './waits';

/** The task definition that is deployed: a revision that is there, or one to register. */
export type RevisionPlan =
  | { readonly kind: 'deploy'; readonly arn: string; readonly why: string }
  | { readonly kind: 'register'; readonly request: RegisterTaskDefinitionRequest; readonly latest: string | undefined };

/** What is going to be done under every controller. */
export interface BasicPlan {
  readonly request: Request;
  readonly service: Service;
  /** The revision that takes the traffic now. */
  readonly previous: string | undefined;
  readonly revision: RevisionPlan;
  /** What differs from the running revision; undefined where that could not be read. */
  readonly changes: readonly Change[] | undefined;
  /** The number of tasks, where another one than now is asked for. */
  readonly scaleTo: number | undefined;
  /** Further lines for the reader: what could not be read, and what looks odd. */
  readonly notices: readonly string[];
}

interface PlanUnder<Controller extends string> extends BasicPlan {
  readonly controller: Controller;
  readonly traffic: TrafficPlan;
  readonly wait: WaitPlan;
  /** Active deployments of this very revision, and of others. */
  readonly active: { readonly own: readonly string[]; readonly others: readonly string[] };
  /** The service runs this revision already, and nothing else is on its way. */
  readonly unchanged: boolean;
}

/** Everything that is going to be done for a service under the CODE_DEPLOY controller. */
export interface CodeDeployPlan extends PlanUnder<'CODE_DEPLOY'> {
  readonly group: Group;
  readonly appSpec: AppSpecPlan;
  /** The deployment configuration that is asked for; undefined leaves the group's. */
  readonly config: string | undefined;
  /** It is not there yet. */
  readonly configToCreate: CreateDeploymentConfigInput | undefined;
}

/** Everything that is going to be done for a service under the ECS controller. */
export interface ServicePlan extends PlanUnder<'ECS'> {
  /** The deployment configuration that the service gets; undefined leaves its own. */
  readonly settings: DeploymentConfiguration | undefined;
  /** What happens to a deployment that fails. */
  readonly onFailure: string;
}

export type Plan = CodeDeployPlan | ServicePlan;

/**
 * Decides what is to be done. Pure.
 *
 * @throws InputError with everything that speaks against it; nothing has been changed then
 */
export function decide(request: Request, files: Files, situation: Situation): Plan {
  const { under } = situation;
  const common = [...checkService(situation, request), ...checkWanted(situation), ...checkAccount(situation)];
  if (!under) {
    refuse(common);
    throw new Error('a service without a way to deploy it passed the checks');
  }
  const plan =
    under.controller === 'ECS'
      ? decideService(request, files, situation, under, common)
      : decideCodeDeploy(request, files, situation, under, common);
  refuse(checkActive(request, plan.active.others));
  return plan;
}

function decideService(
  request: Request,
  files: Files,
  situation: Situation,
  under: EcsSituation,
  common: readonly Finding[],
): ServicePlan {
  refuse([...common, ...checkServiceDeployment(situation, request)]);
  return composeService(basicPlan(request, situation, unusedInputs(request, files)), under);
}

function decideCodeDeploy(
  request: Request,
  files: Files,
  situation: Situation,
  under: CodeDeploySituation,
  common: readonly Finding[],
): CodeDeployPlan {
  const appSpec = planAppSpec(files.appSpec, situation, request.region);
  refuse([...common, ...checkGroup(under, request), ...checkStrategyInputs(request, under), ...appSpec.findings]);
  // All looks that could speak against it have been found by now.
  return composeCodeDeploy(basicPlan(request, situation, []), under, appSpec.plan!);
}

function basicPlan(request: Request, situation: Situation, unused: readonly string[]): BasicPlan {
  const service = foundIn(situation.service)!;
  const wanted = request.inputs['desired-count'];
  return {
    request,
    service,
    previous: runningRevision(service),
    revision: planRevision(situation),
    changes: changesOf(situation),
    scaleTo: wanted === service.desiredCount ? undefined : wanted,
    notices: [...noticesOf(situation), ...unused],
  };
}

function composeCodeDeploy(basic: BasicPlan, under: CodeDeploySituation, appSpec: AppSpecPlan): CodeDeployPlan {
  const { request, service, revision } = basic;
  const group = foundIn(under.group)!;
  const config = chosenConfig(request);
  const toCreate = configToCreate(request, under.config);
  const traffic = trafficPlan(group.info, foundIn(under.config) ?? toCreate, config ?? group.info.deploymentConfigName);
  const active = sortActive(under, revision, appSpec, service);
  const isRunning = revision.kind === 'deploy' && runsAlready(service, revision.arn);
  const isActive = active.own.length + active.others.length > 0;
  return {
    ...basic,
    controller: 'CODE_DEPLOY',
    group,
    appSpec,
    config,
    configToCreate: toCreate,
    traffic,
    wait: waitPlan(request.inputs['wait-until'], traffic, request.waitFor / 60_000),
    active,
    unchanged: isRunning && !isActive && !request.inputs['force-new-deployment'],
  };
}

/** The plan after waiting for other deployments: they have moved the service. Pure. */
export function seenAgain<P extends Plan>(plan: P, service: Service): P {
  const isRunning = plan.revision.kind === 'deploy' && runsAlready(service, plan.revision.arn);
  const unchanged = isRunning && !plan.request.inputs['force-new-deployment'];
  return { ...plan, service, previous: runningRevision(service), unchanged, active: { own: [], others: [] } };
}

/** Which revision is deployed: the one named; the latest or the running one where it is the same; else a new one. */
function planRevision({ wanted, latest, running }: Situation): RevisionPlan {
  if (wanted.kind === 'revision') return { kind: 'deploy', arn: foundIn(wanted.look)!.arn, why: 'as it was given' };
  const [newest, current] = [foundIn(latest), foundIn(running)];
  if (newest && isSameRevision(wanted.request, newest)) {
    return { kind: 'deploy', arn: newest.arn, why: 'the latest revision is identical' };
  }
  if (!newest && current && isSameRevision(wanted.request, current)) {
    return { kind: 'deploy', arn: current.arn, why: 'the running revision is identical' };
  }
  return { kind: 'register', request: wanted.request, latest: newest?.arn };
}

/** The AppSpec for a revision: what CodeDeploy gets. Pure; a repeated run gets the same text. */
export const appSpecFor = (appSpec: AppSpecPlan, service: Service, arn: string): string =>
  appSpec.kind === 'file' ? completeAppSpec(appSpec.appSpec, arn) : generateAppSpec(service, appSpec.target, arn);

function sortActive(
  { active }: CodeDeploySituation,
  revision: RevisionPlan,
  appSpec: AppSpecPlan,
  service: Service,
): CodeDeployPlan['active'] {
  const content = revision.kind === 'deploy' ? appSpecFor(appSpec, service, revision.arn) : undefined;
  const isOwn = (deployment: Parameters<typeof deploysAppSpec>[0]) =>
    content !== undefined && deployment.creator === 'user' && deploysAppSpec(deployment, content);
  const all = foundIn(active) ?? [];
  const ids = (deployments: typeof all) => deployments.map(({ deploymentId }) => deploymentId!);
  return { own: ids(all.filter(isOwn)), others: ids(all.filter((deployment) => !isOwn(deployment))) };
}

function changesOf({ wanted, running }: Situation): readonly Change[] | undefined {
  const [before, after] = [foundIn(running)?.taskDefinition, wantedTaskDefinition(wanted)];
  if (!before || !after) return undefined;
  const { tags: _, ...shown } = after as typeof after & { tags?: unknown };
  return diffTaskDefinitions(comparable(before) as TaskDefinition, comparable(shown) as TaskDefinition);
}

export const summariseChanges = (changes: BasicPlan['changes']): string =>
  changes === undefined ? 'not known' : summarise(changes);

function noticesOf({ wanted, running, latest, images, under }: Situation): string[] {
  const looks: [what: string, look: Look<unknown>][] = [
    ['what changes against the running revision is not known', running],
    ['whether the latest revision is identical is not known', latest],
    ...images.map(({ look }): [string, Look<unknown>] => ['whether the images are in ECR is not known', look]),
    ...(under?.controller === 'CODE_DEPLOY' ? unreadOfCodeDeploy(under) : []),
    ...(under?.controller === 'ECS' ? unreadOfService(under) : []),
  ];
  // What could not be read for the same reason is one line.
  const unread = new Map<string, Set<string>>();
  for (const [what, look] of looks) {
    if ('unknown' in look) unread.set(look.unknown, (unread.get(look.unknown) ?? new Set()).add(what));
  }
  const lines = [...unread].map(([why, whats]) => `${[...whats].join('; ')}: ${why}`);
  return [...(wanted.kind === 'file' ? wanted.notices : []), ...lines];
}

const unreadOfCodeDeploy = ({ config, active }: CodeDeploySituation): [string, Look<unknown>][] => [
  ['how the traffic moves is only known by the name of the configuration', config],
  ['whether a deployment is active is only known when one is created', active],
];

const unreadOfService = ({ active }: EcsSituation): [string, Look<unknown>][] => [
  ['the deployment is judged by the rollout state of the service alone, without stages and traffic', active],
];
