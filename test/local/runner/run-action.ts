import { ActionError, exitStatus } from '../../../shared/errors';
import type { Log } from '../../../shared/host/log';
import { runSteps } from './build-steps';
import { type ChildOptions, runChild } from './child';
import { catalystVariables, inputVariables, noCredentials, type Variables } from './environment';
import type { Manifest } from './manifest';
import { type Action, outputsOf, type Variable, type Written } from './model';
import { failuresIn, readOutputLine, summaryName } from './output-lines';
import { fillReferences, type Reference } from './references';
import type { ActionFolders, Workspace } from './workspace';

export interface ActionResult {
  readonly id: string;
  readonly status: number;
  /** The output variables; none where the action failed. */
  readonly outputs: Variables;
  /** Why it failed, in one line. */
  readonly failure: string | undefined;
  readonly ms: number;
}

export interface ActionRun {
  readonly workspace: Workspace;
  readonly log: Log;
  readonly machine: Variables;
  readonly aws: Variables;
  /** The value of a reference. */
  fill(reference: Reference): string;
  secret(name: string): string | undefined;
  /** Runs the program of an action, and answers with its exit status. */
  readonly program: RunProgram;
  /** Ids of the approvals that are rejected. */
  readonly rejected?: readonly string[];
  readonly signal: AbortSignal;
}

export type RunProgram = (manifest: Manifest, options: ChildOptions) => Promise<number>;

/** As CodeCatalyst does: in a process of its own. */
export const asProcess: RunProgram = ({ main }, options) => runChild(process.execPath, [main], options);

/** Milliseconds that a step has after a signal. Unlike a deployment it has nothing to take back. */
const graceOfSteps = 2_000;

/** What a process left when it ended. */
interface Ended {
  readonly status: number;
  readonly outputs: Variables;
  readonly summary: string | undefined;
}

/** Runs one action in its own folders and tells how it ended. */
export async function runAction(action: Action, run: ActionRun): Promise<ActionResult> {
  const start = Date.now();
  const result = (status: number, outputs: Variables, failure?: string): ActionResult => {
    const ms = Date.now() - start;
    run.log.info(failure ? `✗ exit status ${status}: ${failure}` : `✓ done in ${(ms / 1000).toFixed(1)} s`);
    return { id: action.id, status, outputs, failure: failure && run.log.masked(failure), ms };
  };
  run.log.info(`▶ ${action.work.kind === 'program' ? action.work.manifest.name : action.work.identifier}`);
  if (action.work.kind === 'approval') {
    return run.rejected?.includes(action.id) ? result(exitStatus.failed, {}, 'rejected') : result(exitStatus.done, {});
  }
  try {
    const folders = run.workspace.enter(action);
    const { status, outputs, summary } = await runWork(action, run, folders);
    const failures = summary === undefined ? [] : readSummary(summary);
    // As in CodeCatalyst's own runner: a failed action has no outputs, and an Error in the summary is a failure.
    if (status !== exitStatus.done || failures.length > 0) {
      run.workspace.rescue(action, folders);
      const why = failures.join('; ') || `${action.id} ended with exit status ${status}`;
      return result(status === exitStatus.done ? exitStatus.failed : status, {}, why);
    }
    run.workspace.collect(action, folders);
    for (const [name, value] of Object.entries(outputs)) run.log.info(`→ ${name} = ${value}`);
    return result(exitStatus.done, outputs);
  } catch (error) {
    if (error instanceof ActionError) return result(error.exit, {}, error.message);
    const { code, message, syscall } = error as NodeJS.ErrnoException;
    if (code === 'E2BIG') {
      return result(
        exitStatus.failed,
        {},
        `cannot start ${action.id}: its variables are too long; write them to a file`,
      );
    }
    if (code === 'ERR_INVALID_ARG_VALUE') {
      return result(exitStatus.failed, {}, `cannot start ${action.id}: a variable holds a zero byte; take it out`);
    }
    if (code !== 'ENOENT' || !syscall?.startsWith('spawn')) throw error;
    return result(exitStatus.failed, {}, `cannot start ${action.id}: ${message}; install the program it names`);
  }
}

function readSummary(summary: string): string[] {
  try {
    return failuresIn(summary);
  } catch (error) {
    return [`${summaryName} cannot be read: ${(error as Error).message}`];
  }
}

async function runWork(action: Action, run: ActionRun, folders: ActionFolders): Promise<Ended> {
  const { work } = action;
  if (work.kind === 'approval') return { status: exitStatus.done, outputs: {}, summary: undefined };
  const found: Record<string, string> = {};
  const line = (text: string) => {
    const output = readOutputLine(text);
    if (!output) run.log.info(text.replace(/\r?\n$/, ''));
    else if (output.name === summaryName || outputsOf(action).includes(output.name)) found[output.name] = output.value;
  };
  const limit = limitTime(action, run);
  const options = { cwd: folders.working, env: environmentOf(action, run, folders), line, signal: limit.signal };
  const status = await (work.kind === 'program'
    ? run.program(work.manifest, options)
    : runBuild(work.steps, { run, folders, options: { ...options, grace: graceOfSteps }, names: work.outputs, found })
  ).finally(limit.lift);
  const { [summaryName]: summary, ...outputs } = found;
  return { status, outputs, summary };
}

function environmentOf(action: Action, run: ActionRun, folders: ActionFolders): Record<string, string> {
  const variables = valuesOf(action.variables, run.fill);
  const { work } = action;
  const own =
    work.kind === 'program'
      ? inputVariables(work.manifest.inputs, configurationOf(work.configuration, variables, run))
      : variables;
  return {
    ...run.machine,
    ...(action.account ? run.aws : noCredentials),
    ...own,
    ...catalystVariables(action, folders),
  };
}

const valuesOf = (variables: readonly Variable[], fill: ActionRun['fill']): Variables =>
  Object.fromEntries(variables.map(({ name, text }) => [name, fillReferences(text, fill)]));

/** In an action without a shell, `${NAME}` of its own Inputs.Variables is filled in here; a value is never read again. */
function configurationOf(configuration: readonly Variable[], variables: Variables, { fill }: ActionRun): Variables {
  const fillAll = (text: string) =>
    text.replace(/\$\{([\w.-]+)\}/g, (written, name: string) =>
      name.includes('.') ? fillReferences(written, fill) : Object.hasOwn(variables, name) ? variables[name]! : written,
    );
  return Object.fromEntries(configuration.map(({ name, text }) => [name, fillAll(text)]));
}

interface Build {
  readonly run: ActionRun;
  readonly folders: ActionFolders;
  readonly options: ChildOptions & { readonly env: Readonly<Record<string, string>> };
  readonly names: readonly string[];
  readonly found: Record<string, string>;
}

async function runBuild(steps: readonly Written[], { run, folders, options, names, found }: Build): Promise<number> {
  const secrets: Record<string, string> = {};
  const texts = steps.map(({ text }) =>
    fillReferences(withFolders(text, folders), (reference) => {
      if (reference.owner !== 'Secrets') return run.fill(reference);
      // A secret reaches the shell as a variable: in the text of a step the shell would read it as code.
      secrets[`CATALYST_SECRETS_${reference.name}`] = run.fill(reference);
      return `\${CATALYST_SECRETS_${reference.name}}`;
    }),
  );
  const { status, env } = await runSteps(texts, folders, { ...options, env: { ...options.env, ...secrets } });
  for (const name of names) if (Object.hasOwn(env, name) && !Object.hasOwn(found, name)) found[name] = env[name]!;
  return status;
}

/** The folders of the service in a step, `/sources/WorkflowSource` and `/artifacts/<action>/<artifact>`, as they are here. */
const withFolders = (text: string, { inputs }: ActionFolders): string =>
  text.replace(
    /(?<![\w.}-])\/(?:sources|artifacts\/[\w@-]+)\/([\w-]+)(?![\w-])/g,
    (written, name: string) => inputs[name] ?? written,
  );

/** The signal that ends an action: that of the run, or its own Timeout. `lift` takes the time limit away. */
export function limitTime(
  { timeout }: Pick<Action, 'timeout'>,
  { signal, log }: Pick<ActionRun, 'signal' | 'log'>,
): { readonly signal: AbortSignal; lift(): void } {
  if (timeout === undefined) return { signal, lift: () => {} };
  const limit = new AbortController();
  const pass = () => limit.abort(signal.reason);
  const timer = setTimeout(() => {
    log.warn(`ended after its Timeout of ${timeout} minutes`);
    limit.abort('SIGTERM');
  }, timeout * 60_000);
  signal.addEventListener('abort', pass);
  if (signal.aborted) pass();
  return {
    signal: limit.signal,
    lift() {
      clearTimeout(timer);
      signal.removeEventListener('abort', pass);
    },
  };
}
