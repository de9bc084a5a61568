import type { Aws } from '../../../../shared/aws/clients';
import { readServiceEvents } from '../aws/ecs-service';
import { readStoppedTasks, type TaskQuery, whyStopped } from '../aws/ecs-tasks';
import type { CountedReads } from './counted-reads';
import type { Snapshot } from './model';

type Diagnostics = Pick<Snapshot, 'stopped' | 'serviceEvents'>;

/** Milliseconds between two of its polls. */
const interval = 10_000;

/** Polls stopped tasks and service events alternately, as part of the polls of the deployment. */
export class DiagnosticsPoller {
  #last: Diagnostics = { stopped: [], serviceEvents: [] };
  #at = Number.NEGATIVE_INFINITY;
  #atTasks = true;

  constructor(
    readonly aws: Aws,
    readonly query: Omit<TaskQuery, 'since'>,
    readonly now: () => number,
  ) {}

  /** What was read last. */
  get last(): Diagnostics {
    return this.#last;
  }

  /** Polls where it is time. While the new tasks start, every second poll is for those that stopped. */
  async poll({ createdAt, green }: Snapshot, reads: CountedReads): Promise<void> {
    if (this.now() - this.#at < interval) return;
    const isInstalling = !green || green.running < green.desired;
    this.#at = this.now();
    this.#atTasks = !this.#atTasks && isInstalling;
    if (this.#atTasks) await this.#pollTasks(createdAt, reads);
    else await this.pollService({ createdAt }, reads);
  }

  async #pollTasks(since: number, reads: CountedReads): Promise<void> {
    const query = { ...this.query, since };
    const tasks = await reads.optional('Stopped tasks', 2, () => readStoppedTasks(this.aws, query));
    const stopped = tasks?.map((task) => ({ id: task.taskArn ?? '', reason: whyStopped(task) }));
    if (stopped) this.#last = { ...this.#last, stopped };
  }

  /** Reads the events of the service, whether it is time or not. */
  async pollService({ createdAt }: Pick<Snapshot, 'createdAt'>, reads: CountedReads): Promise<void> {
    const read = () => readServiceEvents(this.aws, this.query, createdAt);
    const serviceEvents = await reads.optional('Service events', 1, read);
    if (serviceEvents) this.#last = { ...this.#last, serviceEvents };
  }
}
