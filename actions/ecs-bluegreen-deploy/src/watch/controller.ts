import type { Looker } from './looker';
import type { Seen } from './snapshot';
import type { Stopping } from './try-to-stop';
import type { Next } from './watch-state';

/** A deployment that is on its way: a new one, or one of an earlier run. */
export interface Started {
  readonly id: string;
  readonly createdAt: number;
}

/** How the deployments of one controller are begun, watched and ended. */
export interface Path<O extends Seen> {
  /** Deploys a revision, or picks up the deployment of it that is on its way. May wait for others until the deadline. */
  start(arn: string, deadline: number): Promise<Started>;
  /** One who looks at the deployment of a revision; `tell` hears what cannot be shown. */
  looker(arn: string, tell: (line: string) => void): Looker<O>;
  readonly next: Next<O>;
  /** Stops a deployment and has it rolled back. A failure to do so is told, not thrown. */
  rollBack(id: string): Promise<Stopping>;
  /** What one call tells of a deployment. */
  lookOnce(id: string): Promise<Pick<Seen, 'status' | 'rollback'>>;
  /** What stands in the way of a new deployment. */
  readonly way: Way;
}

/** Deployments that are in the way of a new one. */
export interface Way {
  stop(id: string): Promise<unknown>;
  /** What it is doing; `active` while it is in the way. */
  stateOf(id: string): Promise<{ readonly active: boolean; readonly text: string }>;
  /** Rollbacks of deployments that have ended, which are in the way too. */
  followers(): Promise<readonly string[]>;
}
