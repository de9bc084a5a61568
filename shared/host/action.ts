import type { Aws } from '../aws/clients';
import type { Timer } from '../clock';
import type { ActionError } from '../errors';
import type { ActionDefinition, HostName, OutputsOf } from '../manifest/definition';
import type { RawInputs } from '../manifest/parse';
import type { Folders } from './folders';
import type { Log } from './log';
import type { TempFolder } from './temp';

/** Everything through which an action touches the world. */
export interface Context {
  readonly raw: RawInputs;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly host: HostName;
  readonly log: Log;
  readonly clock: Timer;
  readonly folders: Folders;
  /** Removed on every way out. */
  readonly temp: TempFolder;
  /** The machine's folder for temporary files, for what may outlive the action. */
  readonly tempRoot: string;
  /** Aborted by SIGTERM, SIGINT and SIGHUP; its reason is an Interruption. */
  readonly signal: AbortSignal;
  /** Clients for a region; they end with the action. `signal` ends their requests early; `attempts` are those of a request. */
  aws(region: string, signal?: AbortSignal, attempts?: number): Aws;
}

/** The context with some parts replaced. What it makes only when it is asked for is not made for that. */
export const changedContext = (context: Context, parts: Partial<Context>): Context =>
  Object.defineProperties(
    {},
    {
      // As descriptors: a getter stays one, and a copy by `...` has all of it.
      ...Object.getOwnPropertyDescriptors(context),
      ...Object.getOwnPropertyDescriptors(parts),
    },
  ) as Context;

/** How an action ended. With a failure, the outputs tell what was last seen. */
export interface Outcome<D> {
  readonly outputs: OutputsOf<D>;
  /** What was done, or what explains the failure, as Markdown in which foreign text is escaped; for hosts that show it. */
  readonly summary?: string;
  readonly failure?: ActionError;
}

/** One of the actions: what it takes and gives, and what it does. */
export interface Action<D extends ActionDefinition> {
  readonly definition: D;
  job(context: Context): Promise<Outcome<D>>;
  /** Milliseconds that the job has after a signal; then it is left where it is. Without it, the job ends by itself. */
  readonly graceMs?: number;
}

/** Whatever a job waits for, its run is over three seconds after a signal. */
export const shortGrace = 2_500;
