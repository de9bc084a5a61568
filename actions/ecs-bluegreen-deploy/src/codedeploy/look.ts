import type { DeploymentInfo } from '@aws-sdk/client-codedeploy';
import type { Aws } from '../../../../shared/aws/clients';
import { isLostAnswer, isThrottling } from '../../../../shared/aws/errors';
import { readStoppedTasks, type TaskQuery, whyStopped } from '../explain/stopped-tasks';
import type { GroupNames } from '../observe/deployments';
import { whyUnread } from '../observe/look';
import { readServiceEvents } from '../observe/service-events';
import { type Observation, observed, withTarget } from './observation';
import { findSuccessor, readDeployment, readTarget } from './reads';
import type { State } from './state';

/** What is looked at: a deployment of this group, and the tasks of this revision. */
export interface Subject extends Omit<TaskQuery, 'since'> {
  readonly group: GroupNames;
}

/** What a look gave. */
export interface Looked {
  readonly observation: Observation;
  /** Calls that it made. */
  readonly calls: number;
  /** An error that kept a part of it from being read this time. */
  readonly trouble: unknown;
}

/** Milliseconds between looks aside, at stopped tasks and service events by turns. */
const lookAsideEvery = 10_000;

/** One who looks at a deployment again and again. What the role may not read is told once and then left out. */
export class Looker {
  readonly #aws: Aws;
  readonly #refused = new Set<string>();
  #calls = 0;
  #trouble: unknown;
  #aside: Pick<Observation, 'stopped' | 'serviceEvents'> = { stopped: [], serviceEvents: [] };
  #lookedAside = { at: Number.NEGATIVE_INFINITY, atTasks: true };

  constructor(
    aws: Aws,
    readonly subject: Subject,
    readonly now: () => number,
    readonly tell: (line: string) => void,
  ) {
    // A call that fails is made again with the next look, so each is sent once.
    this.#aws = aws.once();
  }

  /** Looks once, with at most four calls. @throws errors of AWS where the deployment itself cannot be read */
  async look(state: State): Promise<Looked> {
    this.#calls = 0;
    this.#trouble = undefined;
    const info = await this.#deployment(state.id);
    const seen = await this.#withTarget(observed(info), state.last);
    if (seen.status === 'InProgress') await this.#lookAside(seen);
    const observation = { ...(await this.#withFollowers(seen, info)), ...this.#aside };
    return { observation, calls: this.#calls, trouble: this.#trouble };
  }

  async #deployment(id: string): Promise<DeploymentInfo> {
    this.#calls += 1;
    return readDeployment(this.#aws, id);
  }

  /** With events, tasks and traffic; those of the last look where they cannot be read this time. */
  async #withTarget(seen: Observation, last: Observation | undefined): Promise<Observation> {
    const { id } = seen;
    const target = await this.#optionally('Lifecycle events and traffic', 1, () =>
      readTarget(this.#aws, id, this.subject),
    );
    if (target) return withTarget(seen, target);
    return last ? { ...seen, events: last.events, blue: last.blue, green: last.green } : seen;
  }

  /** With the deployment that rolls this one back, or that replaced it. */
  async #withFollowers(seen: Observation, info: DeploymentInfo): Promise<Observation> {
    const { rollback } = seen;
    if (rollback) {
      const its = await this.#deployment(rollback.id);
      return { ...seen, rollback: { id: rollback.id, status: its.status, error: its.errorInformation?.message } };
    }
    if (seen.status !== 'Stopped') return seen;
    this.#calls += 1;
    return { ...seen, successor: { id: await findSuccessor(this.#aws, info, this.subject.group) } };
  }

  async #lookAside(seen: Observation): Promise<void> {
    const { at, atTasks } = this.#lookedAside;
    if (this.now() - at < lookAsideEvery) return;
    const isInstalling = !seen.green || seen.green.running < seen.green.desired;
    this.#lookedAside = { at: this.now(), atTasks: !atTasks && isInstalling };
    if (this.#lookedAside.atTasks) await this.#lookAtTasks(seen.createdAt);
    else await this.#lookAtService(seen.createdAt);
  }

  async #lookAtTasks(since: number): Promise<void> {
    const query = { ...this.subject, since };
    const tasks = await this.#optionally('Stopped tasks', 2, () => readStoppedTasks(this.#aws, query));
    const stopped = tasks?.map((task) => ({ id: task.taskArn ?? '', reason: whyStopped(task) }));
    if (stopped) this.#aside = { ...this.#aside, stopped };
  }

  async #lookAtService(since: number): Promise<void> {
    const read = () => readServiceEvents(this.#aws, this.subject, since);
    const serviceEvents = await this.#optionally('Service events', 1, read);
    if (serviceEvents) this.#aside = { ...this.#aside, serviceEvents };
  }

  /** A read that the outcome does not depend on: refused once, it is not asked for again. */
  async #optionally<T>(what: string, cost: number, read: () => Promise<T>): Promise<T | undefined> {
    if (this.#refused.has(what)) return undefined;
    this.#calls += cost;
    try {
      return await read();
    } catch (error) {
      if (isThrottling(error) || isLostAnswer(error)) this.#trouble = error;
      else {
        this.tell(`${what} cannot be shown: ${whyUnread(error)}`);
        this.#refused.add(what);
      }
      return undefined;
    }
  }
}
