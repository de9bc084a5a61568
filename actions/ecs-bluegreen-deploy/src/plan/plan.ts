import type { RegisterTaskDefinitionRequest, Service } from '@aws-sdk/client-ecs';
import { refuse } from '../../../../shared/errors';
import { type Change, diffTaskDefinitions, summarise } from '../../../../shared/task-definition/diff';
import type { TaskDefinition } from '../../../../shared/task-definition/document';
import { completeAppSpec, generateAppSpec } from '../appspec/write';
import type { Files } from '../files';
import type { Request } from '../inputs';
import { deploysAppSpec } from '../observe/deployments';
import type { Group } from '../observe/group';
import { foundIn, type Look } from '../observe/look';
import { type CodeDeploySituation, type Situation, wantedTaskDefinition } from '../observe/observe';
import { runningRevision } from '../observe/service';
import { comparable, isSameRevision } from '../revision/same';
import {
  type AppSpecPlan,
  checkAccount,
  checkActive,
  checkGroup,
  checkService,
  checkWanted,
  planAppSpec,
} from './checks';
import { type TrafficPlan, trafficPlan, type WaitPlan, waitPlan } from './waits';

/** The task definition that is deployed: a revision that is there, or one to register. */
export type RevisionPlan =
  | { readonly kind: 'deploy'; readonly arn: string; readonly why: string }
  | { readonly kind: 'register'; readonly request: RegisterTaskDefinitionRequest; readonly latest: string | undefined };

/** Everything that is going to be done for a service under the CODE_DEPLOY controller. */
export interface Plan {
  readonly request: Request;
  readonly controller: 'CODE_DEPLOY';
  readonly service: Service;
  /** The revision that takes the traffic now. */
  readonly previous: string | undefined;
  readonly revision: RevisionPlan;
  /** What differs from the running revision; undefined where that could not be read. */
  readonly changes: readonly Change[] | undefined;
  readonly group: Group;
  readonly appSpec: AppSpecPlan;
  readonly traffic: TrafficPlan;
  readonly wait: WaitPlan;
  /** Active deployments of this very revision, and of others. */
  readonly active: { readonly own: readonly string[]; readonly others: readonly string[] };
  /** The service runs this revision already, and nothing else is on its way. */
  readonly unchanged: boolean;
  /** Further lines for the reader: what could not be read, and what looks odd. */
  readonly notices: readonly string[];
}

/**
 * Decides what is to be done. Pure.
 *
 * @throws InputError with everything that speaks against it; nothing has been changed then
 */
export function decide(request: Request, files: Files, situation: Situation): Plan {
  const { codedeploy } = situation;
  const appSpec = codedeploy ? planAppSpec(files.appSpec, situation, request.region) : { findings: [] };
  refuse([
    ...checkService(situation, request),
    ...checkWanted(situation),
    ...checkAccount(situation),
    ...(codedeploy ? checkGroup(codedeploy, request) : []),
    ...appSpec.findings,
  ]);
  // All looks that could speak against it have been found by now.
  const plan = compose(request, situation, codedeploy!, appSpec.plan!);
  refuse(checkActive(request, plan.active.others));
  return plan;
}

function compose(request: Request, situation: Situation, codedeploy: CodeDeploySituation, appSpec: AppSpecPlan): Plan {
  const service = foundIn(situation.service)!;
  const group = foundIn(codedeploy.group)!;
  const previous = runningRevision(service);
  const revision = planRevision(situation);
  const configName = request.inputs['codedeploy-deployment-config'] ?? group.info.deploymentConfigName;
  const traffic = trafficPlan(group.info, foundIn(codedeploy.config), configName);
  const active = sortActive(codedeploy, revision, appSpec, service);
  const isRunning = revision.kind === 'deploy' && revision.arn === previous;
  const isActive = active.own.length + active.others.length > 0;
  return {
    request,
    controller: 'CODE_DEPLOY',
    service,
    previous,
    revision,
    changes: changesOf(situation),
    group,
    appSpec,
    traffic,
    wait: waitPlan(request.inputs['wait-until'], traffic, request.waitFor / 60_000),
    active,
    unchanged: isRunning && !isActive && !request.inputs['force-new-deployment'],
    notices: noticesOf(situation, codedeploy),
  };
}

/** The plan after waiting for other deployments: they have moved the service. Pure. */
export function seenAgain(plan: Plan, service: Service): Plan {
  const previous = runningRevision(service);
  const isRunning = plan.revision.kind === 'deploy' && plan.revision.arn === previous;
  const unchanged = isRunning && !plan.request.inputs['force-new-deployment'];
  return { ...plan, service, previous, unchanged, active: { own: [], others: [] } };
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
): Plan['active'] {
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

export const summariseChanges = (changes: Plan['changes']): string =>
  changes === undefined ? 'not known' : summarise(changes);

function noticesOf(situation: Situation, { config, active }: CodeDeploySituation): string[] {
  const { wanted, running, latest, images } = situation;
  const looks: [what: string, look: Look<unknown>][] = [
    ['what changes against the running revision is not known', running],
    ['whether the latest revision is identical is not known', latest],
    ...images.map(({ look }): [string, Look<unknown>] => ['whether the images are in ECR is not known', look]),
    ['how the traffic moves is only known by the name of the configuration', config],
    ['whether a deployment is active is only known when one is created', active],
  ];
  // What could not be read for the same reason is one line.
  const unread = new Map<string, Set<string>>();
  for (const [what, look] of looks) {
    if ('unknown' in look) unread.set(look.unknown, (unread.get(look.unknown) ?? new Set()).add(what));
  }
  const lines = [...unread].map(([why, whats]) => `${[...whats].join('; ')}: ${why}`);
  return [...(wanted.kind === 'file' ? wanted.notices : []), ...lines];
}
