import { type Aws, awsClients } from '../aws/clients';
import { type Clock, systemClock } from '../clock';
import { ActionError, exitStatus } from '../errors';
import type { ActionDefinition, OutputsOf } from '../manifest/definition';
import { helpText } from '../manifest/help';
import type { RawInputs } from '../manifest/parse';
import { asActionError, firstCause, sayUntouched } from './failure';
import type { Folders } from './folders';
import { debugging, type Host, type Surroundings } from './host';
import { interruptions, overdue, statusOf } from './interruption';
import { type Log, shownAlone } from './log';
import { outputTo } from './output';
import { selectHost } from './select';
import { tellEnd } from './tell-end';
import { type TempFolder, tempFolder } from './temp';

export { Interruption } from './interruption';

/** Everything through which an action touches the world. */
export interface Context {
  readonly raw: RawInputs;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly host: Host['name'];
  readonly log: Log;
  readonly clock: Clock;
  readonly folders: Folders;
  /** Removed on every way out. */
  readonly temp: TempFolder;
  /** Aborted by SIGTERM, SIGINT and SIGHUP; its reason is an Interruption. */
  readonly signal: AbortSignal;
  /** Clients for a region; they end with the action. `signal` ends their requests early. */
  aws(region: string, signal?: AbortSignal): Aws;
}

/** How an action ended. With a failure, the outputs tell what was last seen. */
export interface Outcome<D> {
  readonly outputs: OutputsOf<D>;
  /** What was done, in a few lines of Markdown, for hosts that show a summary. */
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

/**
 * Runs an action on the host that started it and ends the process with the documented exit status. The only catch: what
 * is thrown here becomes one readable line.
 */
export async function runAction<D extends ActionDefinition>(action: Action<D>): Promise<void> {
  const { definition } = action;
  const [stdout, stderr] = [outputTo(1), outputTo(2)];
  // What fails outside of the job has no log to be told in.
  const say = (text: string) => stderr.write(`${shownAlone(text, process.env)}\n`);
  let status: number;
  try {
    const around: Surroundings = { env: process.env, stdout, stderr, working: workingFolder() };
    const host = selectHost(definition, process.argv.slice(2), around);
    if (host === 'help') stdout.write(helpText(definition));
    status = host === 'help' ? exitStatus.done : await runOn(host, action);
  } catch (error) {
    say(`Error: ${asActionError(error).message}`);
    status = asActionError(error).exit;
  }
  const lost = stdout.lost();
  // A disk that is full loses the outputs. Whoever reads the log may go, though: that changes nothing about how it ended.
  if (lost) say(`Error: cannot write the outputs to standard output: ${lost.message}`);
  // Open connections must not keep the process alive.
  process.exit(lost && status === exitStatus.done ? exitStatus.failed : status);
}

/** @throws ActionError where it was deleted */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new ActionError('cannot start: the working folder no longer exists; start from another one', {
      cause: error,
    });
  }
}

/** Runs the job on its host. The answer is the exit status. */
async function runOn<D extends ActionDefinition>(host: Host, action: Action<D>): Promise<number> {
  const temp = tempFolder(host.log);
  process.once('exit', () => temp.remove());
  const opened: Aws[] = [];
  const signal = interruptions(host.log);
  const context: Context = {
    raw: host.raw,
    env: process.env,
    host: host.name,
    log: host.log,
    clock: systemClock,
    folders: host.folders,
    temp,
    signal,
    aws(region, ending) {
      const onSecret = (secret: string) => host.log.hide(secret);
      const clients = awsClients({ region, onSecret, interrupted: signal, ...(ending && { signal: ending }) });
      opened.push(clients);
      return clients;
    },
  };
  const outcome = await attempt(action, context, () => opened.some((clients) => clients.changed()));
  for (const clients of opened) clients.close();
  const failure = tellEnd(host, action.definition, outcome);
  // An action that was done before it noticed the signal is done; one that failed was ended by it.
  return failure ? (statusOf(signal) ?? failure.exit) : exitStatus.done;
}

async function attempt<D extends ActionDefinition>(
  { job, graceMs }: Action<D>,
  context: Context,
  changed: () => boolean,
): Promise<Outcome<D>> {
  // What strays after the job has ended changes nothing about how it ended.
  const stray = new Promise<never>((_, reject) => {
    process.on('uncaughtException', reject);
    process.on('unhandledRejection', reject);
  });
  try {
    return await Promise.race([job(context), stray, overdue(context.signal, graceMs)]);
  } catch (error) {
    if (debugging(context.env)) context.log.debug((error as Error)?.stack ?? String(error));
    return {
      outputs: {} as OutputsOf<D>,
      failure: sayUntouched(asActionError(firstCause(error, context.signal)), changed()),
    };
  }
}
