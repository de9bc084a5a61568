import { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import { Readable } from 'node:stream';
import { type Aws, type AwsOptions, awsClients } from '../../shared/aws/clients';
import { systemClock, type Timer } from '../../shared/clock';
import type { Action } from '../../shared/host/action';
import { type Machine, runIn } from '../../shared/host/run-in';
import type { ActionDefinition } from '../../shared/manifest/definition';
import type { SdkHandler } from '../local/aws/handler';
import { borrowProcess } from './borrow-process';
import type { ActionName } from './bundles';
import { type Ended, type Killable, plainEnvironment, type RunOptions } from './process';

/** What a test says of a run in its own process, as it would of one in another. */
export type HereOptions = Pick<InProcessOptions, 'onStart' | 'onOutput' | 'stdin'> & Pick<RunOptions, 'env' | 'cwd'>;

/** Runs an action with only the environment given; in the real time and over HTTP where nothing else is said. */
export const runHere = (
  name: ActionName,
  args: readonly string[],
  { env, cwd = process.cwd(), ...options }: HereOptions & Partial<Pick<InProcessOptions, 'clock' | 'handler'>>,
): Promise<Ended> =>
  runInProcess(name, {
    clock: systemClock,
    ...options,
    args,
    cwd,
    env: Object.fromEntries(Object.entries({ ...plainEnvironment, ...env }).filter(([, value]) => value !== undefined)),
  });

export interface InProcessOptions {
  /** The whole environment of the run. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly args?: readonly string[];
  readonly stdin?: string;
  readonly cwd: string;
  /** The clock that the action sleeps on. */
  readonly clock: Timer;
  /** Leaves `Math.random` as it is; else all chance is small, so that every pause with jitter is over at once. */
  readonly keepsChance?: boolean;
  /** Messages are not looked for on the page of all messages. */
  readonly mayBeUnlisted?: boolean;
  /** Answers the SDK's clients; without it they use HTTP, and find AWS by the environment. */
  readonly handler?: SdkHandler | undefined;
  /** Called with the run before it begins. */
  readonly onStart?: (run: Killable) => void;
  /** Called with all output so far while the action is writing: it goes on only afterwards. */
  readonly onOutput?: (output: string, run: Killable) => void;
}

/** The actions; each is loaded by the tests that run it. */
const actions: Readonly<Record<ActionName, () => { readonly action: unknown }>> = {
  'build-and-push': () => require('../../actions/build-and-push/src/action'),
  'render-task-definition': () => require('../../actions/render-task-definition/src/action'),
  'ecs-bluegreen-deploy': () => require('../../actions/ecs-bluegreen-deploy/src/action'),
};

/**
 * Runs a whole action in the process of the test, as its main program does, and answers when it has ended. Whatever it left
 * running then comes to nothing, as it would with its process.
 */
export async function runInProcess(name: ActionName, options: InProcessOptions): Promise<Ended> {
  const giveBack = borrowProcess(options.env, options.keepsChance);
  const life = new Life();
  const output = capture(options, life);
  try {
    const { action } = actions[name]() as { action: Action<ActionDefinition> };
    options.onStart?.(life);
    const status = await Promise.race([runIn(action, machineOf(options, life, output)), life.ended]);
    if (!options.mayBeUnlisted) expectListed(output.said().output);
    return { status, ...output.said() };
  } finally {
    life.end();
    giveBack();
  }
}

function machineOf(
  { env, args = [], cwd, clock, handler, stdin = '' }: InProcessOptions,
  life: Life,
  { stdout, stderr }: ReturnType<typeof capture>,
): Machine {
  const driven: Timer = {
    now: () => clock.now(),
    sleep: (ms, signal) => life.only(() => clock.sleep(ms, signal)),
    // What follows happens before a driven clock runs on.
    after: (ms, ring) =>
      clock.after(ms, () => {
        if (!life.isOver) ring();
        return settled();
      }),
  };
  return {
    env,
    argv: args,
    stdin: () => Readable.from([Buffer.from(stdin)]),
    working: () => cwd,
    tempRoot: env['TMPDIR'] ?? cwd,
    stdout,
    stderr,
    clock: driven,
    events: life.events,
    exit: (status) => life.exit(status),
    aws: (asked: AwsOptions): Aws =>
      awsClients({
        ...asked,
        ...(handler && {
          clock: driven,
          handler: { handle: (...call: Parameters<SdkHandler['handle']>) => life.only(() => handler.handle(...call)) },
        }),
      }),
  };
}

/** Whoever meets a message looks for it on the page. @throws Error that names those that are not there */
function expectListed(output: string): void {
  // Required here: a bundle of a test, such as the simulation's, has no page beside it.
  const { unlistedIn } = require('./listed-messages') as typeof import('./listed-messages');
  const [first] = unlistedIn(output);
  if (first === undefined) return;
  throw new Error(
    `docs/troubleshooting.md does not have this message, nor each of its sentences: ${first}\nRun npm run generate; if that does not add it, shared/dev/troubleshooting/messages.ts has to learn how its text reaches the user.`,
  );
}

/** The life of a run: what a process of its own would be told and ended by. */
class Life implements Killable {
  readonly events = new EventEmitter();
  readonly ended: Promise<number>;
  exit: (status: number) => void = () => {};
  isOver = false;
  #killed = false;

  constructor() {
    this.ended = new Promise((resolve) => {
      this.exit = (status) => {
        this.isOver = true;
        resolve(status);
      };
    });
  }

  /** Whether there was a run to send the signal to. */
  kill(signal: NodeJS.Signals): boolean {
    if (this.isOver) return false;
    if (signal === 'SIGKILL') {
      this.#killed = true;
      this.exit(128 + constants.signals[signal]);
    } else {
      this.events.emit(signal);
    }
    return true;
  }

  /** Does something in the world outside. In a run that is over, nothing is done, and nothing ever answers. */
  async only<T>(act: () => Promise<T>): Promise<T> {
    const never = new Promise<never>(() => {});
    if (this.isOver) return never;
    try {
      const answer = await act();
      return this.isOver ? never : answer;
    } catch (error) {
      if (this.isOver) return never;
      throw error;
    }
  }

  end(): void {
    this.isOver = true;
    if (!this.#killed) this.events.emit('exit');
    this.events.removeAllListeners();
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Keeps what is written, as long as there is somebody who writes. */
function capture({ onOutput }: InProcessOptions, life: Life) {
  const said = { stdout: '', stderr: '', output: '' };
  const stream = (name: 'stdout' | 'stderr') => ({
    isTTY: false,
    write(text: string) {
      if (life.isOver) return;
      said[name] += text;
      said.output += text;
      onOutput?.(said.output, life);
    },
  });
  return { stdout: stream('stdout'), stderr: stream('stderr'), said: () => ({ ...said }) };
}
