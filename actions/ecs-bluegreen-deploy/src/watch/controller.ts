import type { Aws } from '../../../../shared/aws/clients';
import type { StopResult } from '../aws/effects';
import type { Serving } from '../plan/serving';
import type { DeploymentWatch } from './deployment-watch';
import type { Rollback, Section, StartedDeployment, WatchState } from './model';

/** What came of starting a deployment: it has begun; others are active (none of them named where the role may not see them); or the service or
 * its group has changed since the plan was made. */
export type Start =
  | { readonly kind: 'started'; readonly deployment: StartedDeployment }
  | { readonly kind: 'busy'; readonly ids: readonly string[] }
  | { readonly kind: 'moved' };

/** How the deployments of one deployment controller are begun, watched and ended. */
export interface Controller {
  /** Deploys a revision, or adopts the deployment of it that is active; else says why that has to wait. */
  start(arn: string): Promise<Start>;
  /** Whether a deployment of a revision was begun since a time (milliseconds), as far as the role may see that. */
  begunSince(arn: string, time: number): Promise<boolean>;
  /** Watches the deployment of a revision from its start on; `say` hears what cannot be shown. */
  watch(start: WatchState<never>, arn: string, say: (line: string) => void): DeploymentWatch;
  /** Continues a deployment that waits for somebody to do so. Whether it did wait. @throws errors of AWS */
  continueDeployment(id: string): Promise<boolean>;
  /** Stops a deployment by these clients and has it rolled back. A failure to do so is an answer, not thrown. */
  rollBack(id: string, by: Aws): Promise<StopResult>;
  /** What is seen of the tasks of a deployment, or of a revision that runs already. @throws errors of AWS that may pass */
  serving(deployment: Pick<StartedDeployment, 'id' | 'createdAt'> | undefined, arn: string): Promise<Serving>;
  /** What one call shows of a deployment. */
  readStatus(
    deployment: Pick<StartedDeployment, 'id' | 'createdAt'>,
  ): Promise<{ readonly status: string; readonly rollback: Rollback | undefined }>;
  /** The deployments that a new one has to wait for. */
  readonly active: ActiveDeployments;
  /** The alarms that end a deployment, as a part of an explanation. */
  alarms(): Section;
}

/** An active deployment that can be rolled back, or is already. */
export interface ActiveDeployment {
  readonly id: string;
  readonly createdAt: number;
  /** The revision that it deploys, where that is known. */
  readonly taskDefinition: string | undefined;
  /** It is on its way back. */
  readonly returns: boolean;
}

/** Deployments that a new one has to wait for. */
export interface ActiveDeployments {
  /** The deployment that is active now, no matter who began it. @throws ActionError where the role may not see it */
  find(): Promise<ActiveDeployment | undefined>;
  stop(id: string): Promise<unknown>;
  /** Stops a deployment and has it rolled back; false where it had ended by itself. @throws errors of AWS */
  rollBack(id: string): Promise<boolean>;
  /** What it is doing, whether it is still active, and how many calls it took to find out. */
  stateOf(id: string): Promise<{ readonly active: boolean; readonly text: string; readonly calls: number }>;
  /** Rollbacks of deployments that have ended, which are waited for too. */
  rollbacks(): Promise<readonly string[]>;
}
