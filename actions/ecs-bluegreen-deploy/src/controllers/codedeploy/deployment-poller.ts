import type { DeploymentInfo } from '@aws-sdk/client-codedeploy';
import type { Aws } from '../../../../../shared/aws/clients';
import { findSuccessor, readDeployment, readTarget } from '../../aws/codedeploy-deployments';
import type { TaskQuery } from '../../aws/ecs-tasks';
import type { GroupNames } from '../../plan/current-state';
import { oneLine } from '../../text';
import { CountedReads } from '../../watch/counted-reads';
import type { Poller, PollResult } from '../../watch/deployment-watch';
import { DiagnosticsPoller } from '../../watch/diagnostics-poller';
import type { WatchState } from '../../watch/watch-state';
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
    this.#diagnostics = new DiagnosticsPoller(this.#aws, subject, now, this.#reads);
  }

  async poll(state: WatchState<DeploymentSnapshot>): Promise<PollResult<DeploymentSnapshot>> {
    this.#reads.begin();
    const info = await this.#deployment(state.id);
    const snapshot = await this.#withTarget(snapshotOf(info), state.last);
    if (snapshot.status === 'InProgress') await this.#diagnostics.poll(snapshot);
    const all = await this.#withFollowers(snapshot, info);
    const { calls, trouble } = this.#reads;
    return { snapshot: { ...all, ...this.#diagnostics.last }, calls, trouble };
  }

  #deployment(id: string): Promise<DeploymentInfo> {
    return this.#reads.needed(1, () => readDeployment(this.#aws, id));
  }

  /** With events, tasks and traffic; those of the last poll where they cannot be read this time. */
  async #withTarget(snapshot: DeploymentSnapshot, last: DeploymentSnapshot | undefined): Promise<DeploymentSnapshot> {
    const { id } = snapshot;
    const target = await this.#reads.optional('Lifecycle events and traffic', 1, () =>
      readTarget(this.#aws, id, this.subject),
    );
    if (target) return withTarget(snapshot, target);
    const isBrief = this.#reads.trouble === undefined;
    return { ...snapshot, isBrief, ...(last && { events: last.events, blue: last.blue, green: last.green }) };
  }

  /** With the deployment that rolls this one back, or that replaced it. */
  async #withFollowers(snapshot: DeploymentSnapshot, info: DeploymentInfo): Promise<DeploymentSnapshot> {
    const { rollback } = snapshot;
    if (rollback?.id !== undefined) {
      const its = await this.#deployment(rollback.id);
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
    const id = await this.#reads.needed(1, () => findSuccessor(this.#aws, info, this.subject.group));
    return { ...snapshot, successor: { id } };
  }
}
