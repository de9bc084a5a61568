import type { DeploymentInfo } from '@aws-sdk/client-codedeploy';
import type { Aws } from '../../../../../shared/aws/clients';
import { findSuccessor, readDeployment, readTarget } from '../../aws/codedeploy-deployments';
import { Gone } from '../../aws/ecs-service';
import type { TaskQuery } from '../../aws/ecs-tasks';
import type { GroupNames } from '../../plan/current-state';
import { oneLine } from '../../text';
import { CountedReads } from '../../watch/counted-reads';
import type { Poller, PollResult } from '../../watch/deployment-watch';
import { DiagnosticsPoller } from '../../watch/diagnostics-poller';
import type { WatchState } from '../../watch/model';
import { type DeploymentSnapshot, snapshotOf, withTarget } from './deployment-snapshot';

/** What is polled: a deployment of this group, and the tasks of this revision. */
export interface Subject extends Omit<TaskQuery, 'since'> {
  readonly group: GroupNames;
}

/** Polls a deployment of CodeDeploy. */
export class DeploymentPoller implements Poller<DeploymentSnapshot> {
  readonly #aws: Aws;
  readonly #reads: CountedReads;
  readonly #diagnostics: DiagnosticsPoller;

  constructor(
    aws: Aws,
    readonly subject: Subject,
    now: () => number,
    say: (line: string) => void,
  ) {
    // A call that fails is made again with the next poll, so each is sent once.
    this.#aws = aws.once();
    this.#reads = new CountedReads(say);
    this.#diagnostics = new DiagnosticsPoller(this.#aws, subject, now);
  }

  async poll({ id, last, until }: WatchState<DeploymentSnapshot>): Promise<PollResult<DeploymentSnapshot>> {
    const reads = this.#reads.next();
    const info = await this.#own(id, last !== undefined, reads);
    const snapshot = await this.#withTarget(snapshotOf(info, last), last, reads);
    const all = await this.#withFollowers(snapshot, reads);
    if (snapshot.status === 'InProgress') await this.#diagnostics.poll(snapshot, reads);
    const { calls, trouble, lacksMilestone } = reads;
    const isComplete = until === 'completed' || !lacksMilestone;
    return { snapshot: { ...all, ...this.#diagnostics.last }, calls, trouble, isComplete };
  }

  /** CodeDeploy deletes the deployments of an application with it. @throws Gone where one that was seen is not there any more */
  async #own(id: string, wasSeen: boolean, reads: CountedReads): Promise<DeploymentInfo> {
    try {
      return await this.#deployment(id, reads);
    } catch (error) {
      if (!wasSeen || (error as Error)?.name !== 'DeploymentDoesNotExistException') throw error;
      throw new Gone(
        'CodeDeploy does not have it any more, as its application was deleted; check the traffic of the service',
      );
    }
  }

  #deployment(id: string, reads: CountedReads): Promise<DeploymentInfo> {
    return reads.needed(1, () => readDeployment(this.#aws, id));
  }

  /** With events, tasks and traffic; those of the last poll where they cannot be read this time. */
  async #withTarget(
    snapshot: DeploymentSnapshot,
    last: DeploymentSnapshot | undefined,
    reads: CountedReads,
  ): Promise<DeploymentSnapshot> {
    const read = () => readTarget(this.#aws, snapshot.id, this.subject);
    const target = await reads.milestone('Lifecycle events and traffic', 1, read);
    if (target) return withTarget(snapshot, target);
    const isBrief = reads.trouble === undefined;
    return { ...snapshot, isBrief, ...(last && { events: last.events, blue: last.blue, green: last.green }) };
  }

  /** With the deployment that rolls this one back, or that replaced it. */
  async #withFollowers(snapshot: DeploymentSnapshot, reads: CountedReads): Promise<DeploymentSnapshot> {
    const { rollback } = snapshot;
    if (rollback?.id !== undefined) {
      const its = await this.#deployment(rollback.id, reads);
      return {
        ...snapshot,
        rollback: {
          id: rollback.id,
          status: its.status,
          error: its.errorInformation && oneLine(its.errorInformation.message),
        },
      };
    }
    if (snapshot.status !== 'Stopped') return snapshot;
    const id = await reads.needed(1, () => findSuccessor(this.#aws, snapshot, this.subject.group));
    return { ...snapshot, successor: { id } };
  }
}
