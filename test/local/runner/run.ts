import { ActionError, exitStatus, type Finding, refuse } from '../../../shared/errors';
import { createLog, type Log, plainMark } from '../../../shared/host/log';
import type { Variables } from './environment';
import { actionFinder } from './manifest';
import { type Action, textsOf, type Workflow } from './model';
import { readWorkflow } from './read-workflow';
import { ownerId, type Reference, referencesIn } from './references';
import { type ActionResult, asProcess, type RunProgram, runAction } from './run-action';
import type { Source } from './source';
import { createWorkspace } from './workspace';

/** A workflow and all that its run needs. */
export interface WorkflowRun {
  readonly file: string;
  readonly text: string;
  readonly source: Source;
  /** The folder of this project, where its actions are. */
  readonly project: string;
  /** Variables of the machine that every action sees. */
  readonly machine: Variables;
  /** Variables for the actions with an Environment: credentials, and endpoints where they are not AWS's own. */
  readonly aws: Variables;
  secret(name: string): string | undefined;
  /** Shows a line of an action, or of the run itself. */
  show(line: string, action?: string): void;
  readonly colour: boolean;
  /** Where the artifacts are left; without it they go with the run. */
  readonly artifacts?: string | undefined;
  /** Runs the programs of actions; without it each is a process of its own. */
  readonly program?: RunProgram;
  /** Ids of the approvals that are rejected; all others are approved. */
  readonly rejected?: readonly string[];
  /** Ends the run; its reason is the name of a signal. */
  readonly signal: AbortSignal;
}

export interface WorkflowResult {
  /** The exit status of the first action that failed, 0 where all were done. */
  readonly status: number;
  readonly actions: readonly ActionResult[];
  /** Ids of the actions that wait for one that failed. */
  readonly notRun: readonly string[];
}

/**
 * Runs a workflow file as CodeCatalyst would: each action when those before it are done, as a process of its own with its
 * own copies of the inputs. Everything is below one temporary folder that is gone when this answers.
 *
 * @throws InputError with all that is wrong with the file, before anything runs.
 */
export async function runWorkflow(run: WorkflowRun): Promise<WorkflowResult> {
  const workflow = readWorkflow(run.file, run.text, actionFinder(run.source.root, run.project));
  refuse([...missingValues(workflow, run), ...unknownApprovals(workflow, run)]);
  for (const note of [...workflow.notes, ...sourceNotes(run.source)]) run.show(note);
  const workspace = createWorkspace(run.source, workflow.isShared);
  try {
    const results = await runActions(
      workflow,
      (action, before) => {
        const log = actionLog(run, action);
        const fill = (reference: Reference) => findValue(reference, action, before, run);
        for (const secret of secretsOf(action)) log.mask(run.secret(secret) ?? '');
        return runAction(action, { ...run, program: run.program ?? asProcess, workspace, log, fill });
      },
      run.signal,
    );
    if (run.artifacts !== undefined) workspace.keep(run.artifacts);
    const actions = workflow.actions.flatMap(({ id }) => results.get(id) ?? []);
    const notRun = workflow.actions.map(({ id }) => id).filter((id) => !results.get(id));
    const failed = actions.find((one) => one.status !== exitStatus.done);
    return { status: failed?.status ?? exitStatus.done, actions, notRun };
  } finally {
    workspace.remove();
  }
}

type Results = ReadonlyMap<string, ActionResult | undefined>;

/** Runs each action as soon as all that it waits for are done, side by side with the others. One that waits in vain is not run. */
async function runActions(
  { actions }: Workflow,
  start: (action: Action, before: Results) => Promise<ActionResult>,
  signal: AbortSignal,
): Promise<Results> {
  const results = new Map<string, ActionResult | undefined>();
  const running = new Map<string, Promise<void>>();
  const runInTurn = async (action: Action) => {
    await Promise.all(action.dependsOn.map((id) => running.get(id)));
    const isReady = action.dependsOn.every((id) => results.get(id)?.status === exitStatus.done);
    results.set(action.id, isReady && !signal.aborted ? await start(action, results) : undefined);
  };
  for (const action of actions) running.set(action.id, runInTurn(action));
  // All have ended before a failure of the runner itself is reported, which removes the folders of the run.
  const ends = await Promise.allSettled(running.values());
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return results;
}

/** Secrets and facts of the source that the workflow refers to and that are not there. */
function missingValues({ actions }: Workflow, run: WorkflowRun): Finding[] {
  return actions.flatMap((action) =>
    textsOf(action).flatMap(({ text, place }) => {
      const where = `${run.file}:${place.line} ${place.path}`;
      return referencesIn(text).flatMap(({ written, owner, name }) => {
        if (owner === 'Secrets' && run.secret(name) === undefined) {
          return [{ where, problem: `${written}: set ${name} in the environment of the run` }];
        }
        const missing = owner === 'WorkflowSource' && sourceValue(name, run.source) === undefined;
        return missing ? [{ where, problem: `${written}: ${run.source.root} has no commit or no branch in git` }] : [];
      });
    }),
  );
}

function unknownApprovals({ actions }: Workflow, { file, rejected = [] }: WorkflowRun): Finding[] {
  const approvals = actions.filter(({ work }) => work.kind === 'approval').map(({ id }) => id);
  const unknown = rejected.filter((id) => !approvals.includes(id));
  const choice = approvals.length > 0 ? `its approvals are ${approvals.join(', ')}` : 'it has none';
  return unknown.map((id) => ({ where: file, problem: `has no approval ${id} to reject; ${choice}` }));
}

const secretsOf = (action: Action): string[] =>
  textsOf(action).flatMap(({ text }) =>
    referencesIn(text).flatMap(({ owner, name }) => (owner === 'Secrets' ? name : [])),
  );

const sourceValue = (name: string, { commit, branch }: Source) => (name === 'CommitId' ? commit : branch);

function findValue(reference: Reference, action: Action, results: Results, run: WorkflowRun): string {
  const { owner, name, written } = reference;
  if (owner === 'Secrets') return run.secret(name)!;
  if (owner === 'WorkflowSource') return sourceValue(name, run.source)!;
  const id = ownerId(owner, action.group, [...results.keys()]);
  const outputs = results.get(id ?? '')?.outputs ?? {};
  const value = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
  if (value !== undefined) return value;
  throw new ActionError(`cannot start ${action.id}: ${written} was not set by ${id}; look at what ${id} printed`);
}

function sourceNotes({ commit, changed, files }: Source): string[] {
  if (!files) return ['The source is not in git: all its files are copied.'];
  return changed && commit
    ? [`The source has changes that commit ${commit.slice(0, 8)} has not; they are copied.`]
    : [];
}

function actionLog({ show, colour }: WorkflowRun, { id }: Action): Log {
  return createLog({ colour, debug: false, write: (line) => show(line, id), mark: plainMark(colour) });
}
