import type { CreateDeploymentConfigInput, LastDeploymentInfo } from '@aws-sdk/client-codedeploy';
import type { Deployment, DeploymentConfiguration, Service } from '@aws-sdk/client-ecs';
import { type Change, diffTaskDefinitions, summarise } from '../../../../shared/task-definition/diff';
import type { TaskDefinition } from '../../../../shared/task-definition/document';
import type { Request } from '../inputs';
import { alarmsInForce, ringing } from './alarms';
import type { AppSpecPlan } from './codedeploy-checks';
import {
  type ControllerName,
  type CurrentState,
  desiredTaskDefinition,
  type Earlier,
  foundIn,
  type Group,
} from './current-state';
import { type Health, healthOf, runningRevision } from './health';
import { compareImages, type ImageComparison, isPinned, type TaggedImages, taggedImages } from './images';
import { noticesOf } from './notices';
import { type OneOffTask, oneOffTask } from './one-off-task';
import { planRevision, type RevisionPlan } from './plan-revision';
import { comparable } from './same-revision';
import { isVolumeNew } from './service-options';
import type { TrafficPlan } from './traffic';
import { cappedWait, type TimeAllowed, type WaitPlan, waitPlan } from './wait';

/** What is going to be done under every controller. */
export interface BasicPlan {
  readonly request: Request;
  /** What the run knew already, where it has read again. */
  readonly earlier: Earlier | undefined;
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
  readonly adoptsActive: boolean;
  /** What runs before the deployment. */
  readonly task: OneOffTask | undefined;
  /** The images that tags name, to tell whether they have moved. */
  readonly tagged: TaggedImages;
  /** How they compare with what the tasks of the revision run; only where the service runs that revision. */
  readonly images: readonly ImageComparison[];
  /** Names of the alarms that end the deployment when they go off. */
  readonly alarms: readonly string[];
  /** Further lines for the reader: what could not be read, and what looks odd. */
  readonly notices: readonly string[];
}

/** Ids of active deployments of this very revision, and of others. */
export interface Active {
  readonly own: readonly string[];
  readonly others: readonly string[];
}

interface PlanUnder<Controller extends ControllerName> extends BasicPlan {
  readonly controller: Controller;
  readonly traffic: TrafficPlan;
  readonly wait: WaitPlan;
  readonly active: Active;
  /** The service runs this revision already, and nothing else is on its way. */
  readonly unchanged: boolean;
  /** Id of the last deployment, where it has ended. */
  readonly ended: string | undefined;
}

/** Everything that is going to be done for a service under the CODE_DEPLOY controller. */
export interface CodeDeployPlan extends PlanUnder<'CODE_DEPLOY'> {
  readonly group: Group;
  /** Undefined where nothing is deployed. */
  readonly appSpec: AppSpecPlan | undefined;
  /** The deployment configuration that is asked for; undefined leaves the group's. */
  readonly config: string | undefined;
  /** It does not exist yet. */
  readonly configToCreate: CreateDeploymentConfigInput | undefined;
}

/** Everything that is going to be done for a service under the ECS controller. */
export interface EcsPlan extends PlanUnder<'ECS'> {
  /** The deployment configuration that the service gets; undefined leaves its own. */
  readonly settings: DeploymentConfiguration | undefined;
  /** What happens to a deployment that fails. */
  readonly onFailure: string;
}

export type Plan = CodeDeployPlan | EcsPlan;

/** What is planned whatever the controller; `unused` are lines about inputs that mean nothing here. */
export function basicPlan(
  request: Request,
  state: CurrentState,
  { unused, earlier }: { readonly unused: readonly string[]; readonly earlier: Earlier | undefined },
): BasicPlan {
  const service = foundIn(state.service)!;
  const previous = runningRevision(service);
  const revision = planRevision(state, earlier);
  const tagged = taggedImages(state);
  return {
    request,
    earlier,
    service,
    previous,
    revision,
    tagged,
    images: revision.kind === 'deploy' && revision.arn === previous ? compareImages(tagged, revision.arn) : [],
    changes: changesOf(state),
    scaleTo: scaleFor(request, service),
    task: oneOffTask(request, desiredTaskDefinition(state.desired)),
    adoptsActive:
      !request.inputs['force-new-deployment'] || request.inputs['if-deploying'] === 'continue' || hasFixedImages(state),
    alarms: alarmsInForce(request, state).names,
    notices: [...noticesOf(state), ...ringing(state, request), ...cappedWait(request), ...unused],
  };
}

const scaleFor = ({ inputs }: Request, { desiredCount }: Service) =>
  inputs['desired-count'] === desiredCount ? undefined : inputs['desired-count'];

const hasFixedImages = ({ desired }: CurrentState) =>
  (desiredTaskDefinition(desired)?.containerDefinitions ?? []).every(({ image }) => isPinned(image));

/** How the traffic moves and what is waited for, and what is on its way already. `last` is the last deployment of a group. */
export function planOf(
  basic: BasicPlan,
  traffic: TrafficPlan,
  { active, last }: { readonly active: Active; readonly last: LastDeploymentInfo | undefined },
) {
  const { request, service } = basic;
  const isActive = active.own.length + active.others.length > 0;
  const health = healthIn(basic, service, last);
  // What is on its way explains by itself that the service is degraded.
  const degraded = health?.health === 'degraded' && !isActive ? [degradedText(health)] : [];
  const ended = isActive ? undefined : (last?.deploymentId ?? primaryOf(service)?.id);
  // A deployment that this run continues does not wait for that any more.
  const continues = request.inputs['if-deploying'] === 'continue' && active.own.length > 0;
  const ahead = continues ? { ...traffic, readyWait: 0 } : traffic;
  return {
    ...basic,
    notices: [...basic.notices, ...degraded],
    traffic: ahead,
    wait: waitPlan(request.inputs['wait-until'], ahead, timeLeft(request, request.waitFor / 60_000)),
    active,
    ended,
    unchanged: isGoodEnough(health) && !isActive && !isAskedAnyway(request, service) && hasSameImages(basic, ended),
  };
}

/** The deployment of the ECS controller that a service has now. */
export const primaryOf = ({ deployments = [] }: Service): Deployment | undefined =>
  deployments.find(({ status }) => status === 'PRIMARY');

const healthIn = (
  { revision }: BasicPlan,
  service: Service,
  last: LastDeploymentInfo | undefined,
): Health | undefined => (revision.kind === 'deploy' ? healthOf(service, revision.arn, last) : undefined);

const degradedText = ({ why, needsDeployment }: Extract<Health, { health: 'degraded' }>) =>
  `the service runs this revision already, but ${why}${needsDeployment ? ': it is deployed again' : ''}`;

/** What was deployed since the run began has read the tags since then. */
const hasSameImages = ({ images, earlier }: BasicPlan, ended: string | undefined) =>
  images.every(({ isSame, isMoved }) => isSame || (!isMoved && earlier !== undefined && earlier.ended !== ended));

/**
 * Whether a deployment of the same revision that was created at a time (milliseconds) is what is asked for: none of its tasks runs another
 * image than the one that the tag names now.
 */
export const adopts = ({ request, adoptsActive, tagged }: BasicPlan, revision: string, createdAt: number): boolean =>
  adoptsActive &&
  (request.inputs['if-deploying'] === 'continue' ||
    compareImages(tagged, revision, createdAt).every(({ isMoved }) => !isMoved));

/** Whether a new deployment would begin without its one-off task, as the plan was to adopt one, which needs none. */
export const lacksTask = ({ task, active }: Plan): boolean => task !== undefined && active.own.length > 0;

/** Whether the service runs the revision so that nothing is to be done. */
const isGoodEnough = (health: Health | undefined) =>
  health !== undefined && (health.health === 'healthy' || !health.needsDeployment);

/** Whether a deployment is asked for although the service may run the revision already. */
const isAskedAnyway = (request: Request, service: Service): boolean =>
  request.inputs['force-new-deployment'] || isVolumeNew(request, service);

function changesOf({ desired, running }: CurrentState): readonly Change[] | undefined {
  const [before, after] = [foundIn(running)?.taskDefinition, desiredTaskDefinition(desired)];
  if (!before || !after) return undefined;
  const { tags: _, ...shown } = after as typeof after & { tags?: unknown };
  return diffTaskDefinitions(comparable(before) as TaskDefinition, comparable(shown) as TaskDefinition);
}

/**
 * The plan with `auto` decided for the time that is left, once the deployment has begun: others may have been waited for.
 */
export function withTimeLeft(plan: Plan, minutes: number): Plan {
  const left = Math.min(Math.ceil(minutes), plan.request.waitFor / 60_000);
  const { request, traffic } = plan;
  return { ...plan, wait: waitPlan(request.inputs['wait-until'], traffic, timeLeft(request, left)) };
}

/** What a run still has when so many of its minutes are left. */
function timeLeft({ waitFor, credentialLife }: Request, wait: number): TimeAllowed {
  const spent = waitFor / 60_000 - wait;
  return {
    wait,
    credentials: credentialLife === undefined ? undefined : Math.max(0, Math.ceil(credentialLife / 60_000 - spent)),
  };
}

export const summariseChanges = (changes: BasicPlan['changes']): string =>
  changes === undefined ? 'not known' : summarise(changes);
