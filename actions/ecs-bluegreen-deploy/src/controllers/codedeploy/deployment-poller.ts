import type { DeploymentInfo } from '@aws-sdk/client-codedeploy';
import type { Aws } from '../../../../../shared/aws/clients';
import type { GroupNames } from '../../aws/codedeploy-deployments';
import { findSuccessor, readDeployment, readTarget } from '../../aws/codedeploy-reads';
import type { TaskQuery } from '../../aws/ecs-tasks';
import { oneLine } from '../../text';
import { Reading } from '../../watch/counted-reads';
import { LookAside } from '../../watch/diagnostics-poller';
import type { Looked, Looker } from '../../watch/looker';
import type { State } from './deployment-moves';
import { type Observation, observed, withTarget } from './deployment-snapshot';

/** What is looked at: a deployment of this group, and the tasks of this revision. */
export interface Subject extends Omit<TaskQuery, 'since'> {
  readonly group: GroupNames;
}

/** Looks at a deployment of CodeDeploy. */
export class DeploymentLooker implements Looker<Observation> {
  readonly #aws: Aws;
  readonly #reading: Reading;
  readonly #aside: LookAside;

  constructor(
    aws: Aws,
    readonly subject: Subject,
    now: () => number,
    tell: (line: string) => void,
  ) {
    // A call that fails is made again with the next look, so each is sent once.
    this.#aws = aws.once();
    this.#reading = new Reading(tell);
    this.#aside = new LookAside(this.#aws, subject, now, this.#reading);
  }

  async look(state: State): Promise<Looked<Observation>> {
    this.#reading.begin();
    const info = await this.#deployment(state.id);
    const seen = await this.#withTarget(observed(info), state.last);
    if (seen.status === 'InProgress') await this.#aside.look(seen);
    const observation = { ...(await this.#withFollowers(seen, info)), ...this.#aside.last };
    const { calls, trouble } = this.#reading;
    return { observation, calls, trouble };
  }

  #deployment(id: string): Promise<DeploymentInfo> {
    return this.#reading.needed(1, () => readDeployment(this.#aws, id));
  }

  /** With events, tasks and traffic; those of the last look where they cannot be read this time. */
  async #withTarget(seen: Observation, last: Observation | undefined): Promise<Observation> {
    const { id } = seen;
    const target = await this.#reading.optional('Lifecycle events and traffic', 1, () =>
      readTarget(this.#aws, id, this.subject),
    );
    if (target) return withTarget(seen, target);
    const isBrief = this.#reading.trouble === undefined;
    return { ...seen, isBrief, ...(last && { events: last.events, blue: last.blue, green: last.green }) };
  }

  /** With the deployment that rolls this one back, or that replaced it. */
  async #withFollowers(seen: Observation, info: DeploymentInfo): Promise<Observation> {
    const { rollback } = seen;
    if (rollback?.id !== undefined) {
      const its = await this.#deployment(rollback.id);
      return {
        ...seen,
        rollback: {
          id: rollback.id,
          status: its.status,
          error: its.errorInformation && oneLine(its.errorInformation.message),
        },
      };
    }
    if (seen.status !== 'Stopped') return seen;
    const id = await this.#reading.needed(1, () => findSuccessor(this.#aws, info, this.subject.group));
    return { ...seen, successor: { id } };
  }
}
