import type { Aws, AwsOptions } from '../aws/clients';
import type { Timer } from '../clock';
import { ActionError, exitStatus, refuse } from '../errors';
import { type ActionDefinition, type OutputsOf, offeredOn } from '../manifest/definition';
import { helpText } from '../manifest/help';
import { once } from '../once';
import { type Action, type Context, changedContext, type Outcome } from './action';
import { wantsJson } from './command-line';
import { asActionError, firstCause, sayUntouched } from './failure';
import type { Host, Surroundings } from './host';
import { type Interruptions, interruptions, overdue, type ProcessEvents, statusOf } from './interruption';
import { shownAlone } from './log';
import { lostInputs } from './lost-inputs';
import { readProfile } from './profile';
import { resultText } from './results';
import { selectHost } from './select';
import { withStandardInput } from './standard-input';
import { tellEnd } from './tell-end';
import { tempFolder } from './temp';
import { unknownInputs } from './unknown-inputs';

/** The process that an action runs in, as far as the action can see it. */
export interface Machine extends Omit<Surroundings, 'working'> {
  /** @throws ActionError where the working directory no longer exists */
  working(): string;
  readonly argv: readonly string[];
  /** Standard input, opened when it is called. */
  stdin(): AsyncIterable<Buffer>;
  /** Where private folders are made. */
  readonly tempRoot: string;
  readonly clock: Timer;
  /** Signals, the exit of the process, and uncaught errors. */
  readonly events: ProcessEvents;
  /** Ends the run at once, wherever it is. */
  exit(status: number): void;
  aws(options: AwsOptions): Aws;
}

/** Runs an action on the host that its surroundings tell. The answer is its exit status. Nothing is thrown. */
export async function runIn<D extends ActionDefinition>(action: Action<D>, machine: Machine): Promise<number> {
  const { env, stdout, stderr, argv } = machine;
  try {
    const host = selectHost(action.definition, argv, { env, stdout, stderr, working: machine.working() });
    if (host === 'help') stdout.write(helpText(offeredOn('shell', action.definition)));
    else if (host === 'version') stdout.write(`${action.definition.name} ${version}\n`);
    else return await runOn(host, action, machine);
    return exitStatus.done;
  } catch (error) {
    const failure = asActionError(error);
    sayAlone(failure.message, machine);
    if (wantsJson(argv)) stdout.write(resultText('json', {}, shownAlone(failure.message, env)));
    return failure.exit;
  }
}

/** Says what has no log to be told in, as it fails outside of the job. */
export const sayAlone = (message: string, { stderr, env }: Pick<Surroundings, 'stderr' | 'env'>): void =>
  stderr.write(`${shownAlone(`Error: ${message}`, env)}\n`);

/** Runs the job on its host. The answer is the exit status. */
async function runOn<D extends ActionDefinition>(host: Host, action: Action<D>, machine: Machine): Promise<number> {
  const temp = tempFolder(() => machine.tempRoot, host.log);
  machine.events.once('exit', () => temp.remove());
  const opened: Aws[] = [];
  const definition = offeredOn(host.name, action.definition);
  const end = onlyOnce((outcome: Outcome<ActionDefinition>) => tellEnd(host, definition, outcome));
  const interruption = interruptions(host.log, {
    events: machine.events,
    clock: machine.clock,
    sayCutShort: (name) => end({ outputs: {}, failure: cutShort(name) }),
    exit: (status) => machine.exit(status),
  });
  const names = new Set([...Object.keys(definition.inputs), ...Object.keys(definition.refused ?? {})]);
  for (const line of unknownInputs(action.definition, definition, machine.env)) host.log.warn(line);
  // Read, and warned of, only for a job that asks for something of AWS.
  const profile = once(() => {
    const found = readProfile(machine.env);
    if (found.warning !== undefined) host.log.warn(found.warning);
    return found;
  });
  const context: Context = {
    raw: (name) => (names.has(name) ? host.raw(name) : undefined),
    get env() {
      return profile().env;
    },
    host: host.name,
    log: host.log,
    clock: machine.clock,
    folders: host.folders,
    temp,
    get tempRoot() {
      return machine.tempRoot;
    },
    get signal() {
      return interruption.signal;
    },
    aws(region, ending, attempts) {
      const onSecret = (secret: string) => host.log.hide(secret);
      const limits = { ...(ending && { signal: ending }), ...(attempts !== undefined && { attempts }) };
      const clients = machine.aws({
        ...profile().credentials,
        region,
        onSecret,
        interrupted: interruption.signal,
        ...limits,
      });
      opened.push(clients);
      return clients;
    },
  };
  const changed = () => opened.some((clients) => clients.changed());
  const job = async (own: Context) => {
    if (host.name !== 'shell') {
      refuse(host.obstacles?.() ?? [], lostInputs(definition, machine.env));
      return action.job(own);
    }
    return action.job(changedContext(own, { raw: await withStandardInput(definition, own, machine.stdin) }));
  };
  const outcome = await attempt({ ...action, job }, context, { changed, events: machine.events, interruption });
  for (const clients of opened) clients.close();
  const failure = end(outcome);
  // An action that was done before it noticed the signal is done; one that failed was ended by it.
  return failure ? (statusOf(interruption) ?? failure.exit) : exitStatus.done;
}

/** The job's own end is told if it comes first. */
function onlyOnce<T, R>(tell: (what: T) => R): (what: T) => R | undefined {
  let isTold = false;
  return (what) => {
    if (isTold) return undefined;
    isTold = true;
    return tell(what);
  };
}

const cutShort = (name: string) =>
  new ActionError(
    `ended at once by a second signal (${name}): what the log shows as started in AWS keeps running; run again to pick it up`,
  );

/** The only catch: what a job throws becomes one readable line. */
async function attempt<D extends ActionDefinition>(
  { job, graceMs }: Action<D>,
  context: Context,
  {
    changed,
    events,
    interruption,
  }: { readonly changed: () => boolean; readonly events: ProcessEvents; readonly interruption: Interruptions },
): Promise<Outcome<D>> {
  // What strays after the job has ended changes nothing about how it ended.
  const stray = new Promise<never>((_, reject) => {
    events.on('uncaughtException', reject);
    events.on('unhandledRejection', reject);
  });
  try {
    return await Promise.race([job(context), stray, overdue(interruption, graceMs, context.clock)]);
  } catch (error) {
    context.log.debug((error as Error)?.stack ?? String(error));
    return {
      outputs: {} as OutputsOf<D>,
      failure: sayUntouched(asActionError(firstCause(error, interruption.first())), changed()),
    };
  }
}

/** Filled in where the actions are bundled. */
declare const ACTION_VERSION: string | undefined;

/** The version of the project; in its tests, which run the sources, there is none. */
export const version: string = typeof ACTION_VERSION === 'string' ? ACTION_VERSION : 'of the sources';
