import { constants } from 'node:os';
import { type Aws, awsClients } from '../aws/clients';
import { explainAwsError } from '../aws/errors';
import { type Clock, systemClock } from '../clock';
import { ActionError, exitStatus } from '../errors';
import type { ActionDefinition, OutputsOf } from '../manifest/definition';
import { helpText } from '../manifest/help';
import type { RawInputs } from '../manifest/parse';
import type { Folders } from './folders';
import { debugging, type Host, type Surroundings } from './host';
import type { Log } from './log';
import { outputTo } from './output';
import { selectHost } from './select';
import { type TempFolder, tempFolder } from './temp';

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

/** The reason of `Context.signal`. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  constructor(readonly signalName: 'SIGINT' | 'SIGTERM' | 'SIGHUP') {
    super(`interrupted by ${signalName}`);
  }
}

/**
 * Runs an action on the host that started it and ends the process with the documented exit status. The only catch: what
 * is thrown here becomes one readable line.
 */
export async function runAction<D extends ActionDefinition>(
  definition: D,
  job: (context: Context) => Promise<Outcome<D>>,
): Promise<void> {
  const temp = tempFolder();
  process.once('exit', () => temp.remove());
  const [stdout, stderr] = [outputTo(1), outputTo(2)];
  let status: number;
  try {
    const around: Surroundings = { env: process.env, stdout, stderr, working: workingFolder() };
    const host = selectHost(definition, process.argv.slice(2), around);
    if (host === 'help') stdout.write(helpText(definition));
    status = host === 'help' ? exitStatus.done : await runOn(host, definition, job, temp);
  } catch (error) {
    // What fails here has no log to be told in.
    stderr.write(`Error: ${oneLine(asActionError(error).message)}\n`);
    status = asActionError(error).exit;
  }
  const lost = stdout.lost();
  // A disk that is full loses the outputs. Whoever reads the log may go, though: that changes nothing about how it ended.
  if (lost) stderr.write(`Error: cannot write the outputs to standard output: ${lost.message}\n`);
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
async function runOn<D extends ActionDefinition>(
  host: Host,
  definition: D,
  job: (context: Context) => Promise<Outcome<D>>,
  temp: TempFolder,
): Promise<number> {
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
      const clients = awsClients({ region, ...(ending && { signal: ending }) });
      opened.push(clients);
      return clients;
    },
  };
  const outcome = await attempt(job, context, () => opened.some((clients) => clients.changed()));
  for (const clients of opened) clients.close();
  const failure = report(host, definition, outcome);
  const interruption = signal.aborted ? 128 + constants.signals[(signal.reason as Interruption).signalName] : undefined;
  // An action that was done before it noticed the signal is done; one that failed was ended by it.
  return failure ? (interruption ?? failure.exit) : exitStatus.done;
}

async function attempt<D>(
  job: (context: Context) => Promise<Outcome<D>>,
  context: Context,
  changed: () => boolean,
): Promise<Outcome<D>> {
  // What strays after the job has ended changes nothing about how it ended.
  const stray = new Promise<never>((_, reject) => {
    process.on('uncaughtException', reject);
    process.on('unhandledRejection', reject);
  });
  try {
    return await Promise.race([job(context), stray]);
  } catch (error) {
    if (debugging(context.env)) context.log.debug((error as Error)?.stack ?? String(error));
    return {
      outputs: {} as OutputsOf<D>,
      failure: sayUntouched(asActionError(firstCause(error, context.signal)), changed()),
    };
  }
}

/** A request that a signal ended fails in its own words; the signal is why. */
const firstCause = (error: unknown, signal: AbortSignal): unknown =>
  signal.aborted && !(error instanceof ActionError) ? signal.reason : error;

/** An error of AWS before the first change says that there was none. */
function sayUntouched(failure: ActionError, changed: boolean): ActionError {
  if (changed || failure.exit !== exitStatus.failed || callFailed(failure) === false) return failure;
  return new ActionError(`${failure.message}. Nothing was changed.`, {
    details: failure.details,
    cause: failure.cause,
  });
}

const callFailed = (failure: ActionError) => explainAwsError(failure.cause) !== undefined;

function asActionError(error: unknown): ActionError {
  if (error instanceof ActionError) return error;
  if (error instanceof Interruption) return new ActionError(error.message, { cause: error });
  const message = error instanceof Error ? error.message : String(error);
  return (
    explainAwsError(error) ??
    new ActionError(`unexpected error: ${message}; run again with RUNNER_DEBUG=1 to see where`, { cause: error })
  );
}

const oneLine = (text: string) => text.replace(/\s*[\r\n]+\s*/g, ' ').trim();

/** Tells the host how the action ended. The answer is its failure; that of the telling where there is no other. */
function report<D extends ActionDefinition>(
  host: Host,
  definition: D,
  { outputs, failure: ofJob, summary }: Outcome<D>,
): ActionError | undefined {
  const { log } = host;
  const say = (failure: ActionError) => {
    for (const detail of failure.details) log.info(detail);
    log.error(oneLine(failure.message));
  };
  if (ofJob) say(ofJob);
  const set = Object.entries(outputs as Record<string, string | undefined>).filter((entry) => entry[1] !== undefined);
  let unheard: ActionError | undefined;
  try {
    host.outputs(Object.fromEntries(set.map(([name, value]) => [name, log.masked(value!)])));
  } catch (error) {
    unheard = asActionError(error);
    say(unheard);
  }
  const failure = ofJob ?? unheard;
  const line = failure && log.masked(oneLine(failure.message));
  host.end({ action: definition.displayName, failure: line, summary: summary && log.masked(summary) });
  return failure;
}

/** The first signal asks the action to come to an end; a second one ends it at once. */
function interruptions(log: Log): AbortSignal {
  const ending = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (ending.signal.aborted) return process.exit(128 + constants.signals[name]);
      log.warn(`${name}: stopping; a second signal ends at once`);
      ending.abort(new Interruption(name));
    });
  }
  return ending.signal;
}
