import type { Milestone } from '../plan/milestones';
import type { RollbackSeen } from './snapshot';

/** How the watching of a deployment ended. */
export type End =
  | { readonly status: 'SUCCEEDED' }
  | { readonly status: 'IN_PROGRESS'; readonly reached: Milestone }
  | { readonly status: 'FAILED' | 'STOPPED'; readonly cause: string; readonly rollback: RollbackSeen | undefined }
  | { readonly status: 'ROLLED_BACK'; readonly cause: string; readonly rollback: RollbackSeen }
  | { readonly status: 'SUPERSEDED'; readonly cause: string; readonly by: string }
  | { readonly status: 'TIMED_OUT' };
