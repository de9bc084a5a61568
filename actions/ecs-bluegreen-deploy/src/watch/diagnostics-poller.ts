import type { Aws } from '../../../../shared/aws/clients';
import { readStoppedTasks, type TaskQuery, whyStopped } from '../aws/ecs-tasks';
import { readServiceEvents } from '../aws/service-events';
import type { Reading } from './counted-reads';
import type { Seen } from './snapshot';

type Aside = Pick<Seen, 'stopped' | 'serviceEvents'>;

/** Milliseconds between looks aside. */
const every = 10_000;

/** Looks at what happens beside a deployment, at stopped tasks and service events by turns. */
export class LookAside {
  #last: Aside = { stopped: [], serviceEvents: [] };
  #at = Number.NEGATIVE_INFINITY;
  #atTasks = true;

  constructor(
    readonly aws: Aws,
    readonly query: Omit<TaskQuery, 'since'>,
    readonly now: () => number,
    readonly reading: Reading,
  ) {}

  /** What was seen last. */
  get last(): Aside {
    return this.#last;
  }

  /** Looks where it is time. While the new tasks start, every second look is at those that stopped. */
  async look({ createdAt, green }: Seen): Promise<void> {
    if (this.now() - this.#at < every) return;
    const isInstalling = !green || green.running < green.desired;
    this.#at = this.now();
    this.#atTasks = !this.#atTasks && isInstalling;
    if (this.#atTasks) await this.#lookAtTasks(createdAt);
    else await this.#lookAtService(createdAt);
  }

  async #lookAtTasks(since: number): Promise<void> {
    const query = { ...this.query, since };
    const tasks = await this.reading.optional('Stopped tasks', 2, () => readStoppedTasks(this.aws, query));
    const stopped = tasks?.map((task) => ({ id: task.taskArn ?? '', reason: whyStopped(task) }));
    if (stopped) this.#last = { ...this.#last, stopped };
  }

  async #lookAtService(since: number): Promise<void> {
    const read = () => readServiceEvents(this.aws, this.query, since);
    const serviceEvents = await this.reading.optional('Service events', 1, read);
    if (serviceEvents) this.#last = { ...this.#last, serviceEvents };
  }
}
