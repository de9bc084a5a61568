import { ActionError, exitStatus, type Finding, refuse } from '../../../shared/errors';
import { createLog, type Log, plainMark } from '../../../shared/host/log';
import type { Variables } from './environment';
import { actionFinder } from './manifest';
import type { Action, Workflow } from './model';
import { readWorkflow } from './read-workflow';
import { ownerId, type Reference, referencesIn } from './references';
import { type ActionResult, runAction } from './run-action';
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
 * Runs a workflow file as CodeCatalyst would: each action in order, as a process of its own with its own copies of the
 * inputs. Everything is below one temporary folder that is gone when this answers.
 *
 * @throws InputError with all that is wrong with the file, before anything runs.
 */
export async function runWorkflow(run: WorkflowRun): Promise<WorkflowResult> {
  const workflow = readWorkflow(run.file, run.text, actionFinder(run.source.root, run.project));
  refuse(missingValues(workflow, run));
  for (const note of [...workflow.notes, ...sourceNotes(run.source)]) run.show(note);
  const workspace = createWorkspace(run.source);
  const results: ActionResult[] = [];
  try {
    for (const action of workflow.actions) {
      if (run.signal.aborted || waitsInVain(action, workflow, results)) continue;
      const log = actionLog(run, action);
      const fill = (reference: Reference) => findValue(reference, action, results, run);
      for (const secret of secretsOf(action)) log.mask(run.secret(secret) ?? '');
      results.push(await runAction(action, { ...run, workspace, log, fill }));
    }
    if (run.artifacts !== undefined) workspace.keep(run.artifacts);
  } finally {
    workspace.remove();
  }
  const notRun = workflow.actions.map(({ id }) => id).filter((id) => !results.some((one) => one.id === id));
  const failed = results.find((one) => one.status !== exitStatus.done);
  return { status: failed?.status ?? exitStatus.done, actions: results, notRun };
}

/** Whether an action, or what it takes as an input, comes after one that was not done. */
function waitsInVain(action: Action, { actions }: Workflow, results: readonly ActionResult[]): boolean {
  const makers = actions.filter(({ outputArtifacts }) =>
    outputArtifacts.some(({ name }) => action.artifacts.some(({ text }) => text === name)),
  );
  const before = [...action.dependsOn, ...makers.map(({ id }) => id)];
  return before.some((id) => !results.some((one) => one.id === id && one.status === exitStatus.done));
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

const textsOf = ({ work, variables }: Action) => [
  ...variables,
  ...(work.kind === 'build' ? work.steps : work.configuration),
];

const secretsOf = (action: Action): string[] =>
  textsOf(action).flatMap(({ text }) =>
    referencesIn(text).flatMap(({ owner, name }) => (owner === 'Secrets' ? name : [])),
  );

const sourceValue = (name: string, { commit, branch }: Source) => (name === 'CommitId' ? commit : branch);

function findValue(reference: Reference, action: Action, results: readonly ActionResult[], run: WorkflowRun): string {
  const { owner, name, written } = reference;
  if (owner === 'Secrets') return run.secret(name)!;
  if (owner === 'WorkflowSource') return sourceValue(name, run.source)!;
  const id = ownerId(
    owner,
    action.group,
    results.map((result) => result.id),
  );
  const outputs = results.find((result) => result.id === id)?.outputs ?? {};
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
