import type { CreateDeploymentConfigInput } from '@aws-sdk/client-codedeploy';
import type { Deployment, DeploymentConfiguration, Service } from '@aws-sdk/client-ecs';
import { type Change, summarise } from '../../../../shared/task-definition/diff';
import type { Request } from '../inputs';
import type { AppSpecPlan } from './codedeploy-checks';
import type { ControllerName, Earlier, Group } from './current-state';
import { compareImages, type ImageComparison, type TaggedImages } from './images';
import type { OneOffTask } from './one-off-task';
import type { RevisionPlan } from './plan-revision';
import type { TrafficPlan } from './traffic';
import type { WaitPlan } from './wait';

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
  /** Of the others, those of this very revision: what shows that they run an older image. */
  readonly outdated: readonly string[];
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

/** Reads everything again and makes a new plan. @throws InputError where a check fails by now */
export type Replan = (earlier: Earlier) => Promise<Plan>;

/** The deployment of the ECS controller that a service has now. */
export const primaryOf = ({ deployments = [] }: Service): Deployment | undefined =>
  deployments.find(({ status }) => status === 'PRIMARY');

/**
 * Whether a deployment of the same revision that was created at a time (milliseconds) is what is asked for: none of its tasks runs another
 * image than the one that the tag names now.
 */
export const adopts = (basic: BasicPlan, revision: string, createdAt: number): boolean =>
  basic.adoptsActive &&
  (basic.request.inputs['if-deploying'] === 'continue' || movedSince(basic, revision, createdAt).length === 0);

/** How the images that tags name have moved since a deployment of a revision was created. */
export const movedSince = ({ tagged }: BasicPlan, revision: string, createdAt: number): string[] =>
  compareImages(tagged, revision, createdAt).flatMap(({ container, isMoved, text }) =>
    isMoved ? [`${container}: ${text}`] : [],
  );

/** Whether a new deployment would begin without its one-off task, as the plan was to adopt one, which needs none. */
export const lacksTask = ({ task, active }: Plan): boolean => task !== undefined && active.own.length > 0;

export const summariseChanges = (changes: BasicPlan['changes']): string =>
  changes === undefined ? 'not known' : summarise(changes);
