import type { CreateDeploymentConfigInput } from '@aws-sdk/client-codedeploy';
import type { DeploymentConfiguration, RegisterTaskDefinitionRequest, Service } from '@aws-sdk/client-ecs';
import { type Change, diffTaskDefinitions, summarise } from '../../../../shared/task-definition/diff';
import type { TaskDefinition } from '../../../../shared/task-definition/document';
import type { Group } from '../aws/codedeploy-groups';
import type { Revision } from '../aws/ecs-revisions';
import { runningRevision, type Standing, standingOf } from '../aws/ecs-service';
import {
  type CodeDeploySituation,
  type EcsSituation,
  type Situation,
  wantedTaskDefinition,
} from '../aws/read-current-state';
import { foundIn, type Look } from '../aws/reads';
import type { Request } from '../inputs';
import type { AppSpecPlan } from './codedeploy-checks';
import { settingsFor } from './ecs-settings';
import { comparable, isSameRevision } from './same-revision';
import { type TrafficPlan, type WaitPlan, waitPlan } from './traffic';

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
  /**
   * Whether a deployment of the same revision that is on its way is what was asked for. ECS reads a tag when a deployment
   * begins, so one that is forced for an image that moved is not served by an earlier one.
   */
  readonly joins: boolean;
  /** Further lines for the reader: what could not be read, and what looks odd. */
  readonly notices: readonly string[];
}

/** Ids of active deployments of this very revision, and of others. */
export interface Active {
  readonly own: readonly string[];
  readonly others: readonly string[];
}

interface PlanUnder<Controller extends string> extends BasicPlan {
  readonly controller: Controller;
  readonly traffic: TrafficPlan;
  readonly wait: WaitPlan;
  readonly active: Active;
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

/** What is planned whatever the controller; `unused` are lines about inputs that mean nothing here. Pure. */
export function basicPlan(request: Request, situation: Situation, unused: readonly string[]): BasicPlan {
  const service = foundIn(situation.service)!;
  return {
    request,
    service,
    previous: runningRevision(service),
    revision: planRevision(situation),
    changes: changesOf(situation),
    scaleTo: scaleFor(request, service),
    joins: !request.inputs['force-new-deployment'] || hasFixedImages(situation),
    notices: [...noticesOf(situation), ...unused],
  };
}

const scaleFor = ({ inputs }: Request, { desiredCount }: Service) =>
  inputs['desired-count'] === desiredCount ? undefined : inputs['desired-count'];

const hasFixedImages = ({ wanted }: Situation) =>
  (wantedTaskDefinition(wanted)?.containerDefinitions ?? []).every(({ image }) => image?.includes('@sha256:'));

/** How the traffic moves and what is waited for, and what is on its way already. Pure. */
export function planOf(basic: BasicPlan, traffic: TrafficPlan, active: Active, group?: Group) {
  const { request } = basic;
  const isActive = active.own.length + active.others.length > 0;
  const standing = standingIn(basic, basic.service, group);
  // What is on its way explains by itself that something is amiss.
  const amiss = typeof standing === 'object' && !isActive ? [amissText(standing)] : [];
  return {
    ...basic,
    notices: [...basic.notices, ...amiss],
    traffic,
    wait: waitPlan(request.inputs['wait-until'], traffic, request.waitFor / 60_000),
    active,
    unchanged: isWhole(standing) && !isActive && !request.inputs['force-new-deployment'],
  };
}

const standingIn = ({ revision }: BasicPlan, service: Service, group: Group | undefined): Standing =>
  revision.kind === 'deploy' ? standingOf(service, revision.arn, group?.info.lastAttemptedDeployment) : 'other';

const amissText = ({ amiss, again }: Exclude<Standing, string>) =>
  `the service runs this revision already, but ${amiss}${again ? ': it is deployed again' : ''}`;

const isWhole = (standing: Standing) => (typeof standing === 'object' ? !standing.again : standing === 'whole');

/** The plan after waiting for other deployments: they have moved the service, and may have changed its settings. Pure. */
export function seenAgain(plan: Plan, service: Service, group: Group | undefined): Plan {
  const { request } = plan;
  const now = {
    service,
    previous: runningRevision(service),
    unchanged: isWhole(standingIn(plan, service, group)) && !request.inputs['force-new-deployment'],
    scaleTo: scaleFor(request, service),
    active: { own: [], others: [] },
  };
  return plan.controller === 'ECS' ? { ...plan, ...now, settings: settingsFor(request, service) } : { ...plan, ...now };
}

/** Which revision is deployed: the one named; the latest or the running one where it is the same; else a new one. */
function planRevision({ wanted, latest, running }: Situation): RevisionPlan {
  if (wanted.kind === 'revision') return { kind: 'deploy', arn: foundIn(wanted.look)!.arn, why: 'as it was given' };
  const [newest, current] = [latest, running].map((look) => usable(foundIn(look)));
  if (newest && isSameRevision(wanted.request, newest)) {
    return { kind: 'deploy', arn: newest.arn, why: 'the latest revision is identical' };
  }
  if (!newest && current && isSameRevision(wanted.request, current)) {
    return { kind: 'deploy', arn: current.arn, why: 'the running revision is identical' };
  }
  return { kind: 'register', request: wanted.request, latest: foundIn(latest)?.arn };
}

/** ECS starts no tasks of a revision that was deregistered. */
const usable = (revision: Revision | undefined) =>
  revision?.taskDefinition.status === 'INACTIVE' ? undefined : revision;

function changesOf({ wanted, running }: Situation): readonly Change[] | undefined {
  const [before, after] = [foundIn(running)?.taskDefinition, wantedTaskDefinition(wanted)];
  if (!before || !after) return undefined;
  const { tags: _, ...shown } = after as typeof after & { tags?: unknown };
  return diffTaskDefinitions(comparable(before) as TaskDefinition, comparable(shown) as TaskDefinition);
}

/**
 * The plan with `auto` decided for the time that is left, once the deployment has begun: others may have been waited for.
 * Pure.
 */
export function withTimeLeft(plan: Plan, minutes: number): Plan {
  const left = Math.min(Math.ceil(minutes), plan.request.waitFor / 60_000);
  return { ...plan, wait: waitPlan(plan.request.inputs['wait-until'], plan.traffic, left) };
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
