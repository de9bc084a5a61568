import { ActionError, refuse } from '../../../../shared/errors';
import type { Context, Outcome } from '../../../../shared/host/run-action';
import { escapeMarkdown } from '../../../../shared/markdown';
import { registerRevision } from '../aws/ecs-revisions';
import type { Effects } from '../aws/effects';
import { readDesiredState } from '../aws/read-current-state';
import type { definition, Outputs } from '../definition';
import type { Files } from '../files';
import type { Request } from '../inputs';
import { checkDesired } from '../plan/common-checks';
import { desiredTaskDefinition } from '../plan/current-state';
import { checkOneOffTask, checkWithoutService, oneOffTask, withoutService } from '../plan/one-off-task';
import { planRevision, type RevisionPlan } from '../plan/plan-revision';
import { lastMoment } from './interruption';
import { runPreDeploy } from './pre-deploy';
import { TaskFailed, type TaskRun } from './task-end';

/** What is registered, and the task that then runs, if any. */
interface Registration {
  readonly request: Request;
  readonly revision: RevisionPlan;
  readonly task: TaskRun['plan']['task'];
}

/**
 * Registers the task definition unless an identical revision is the latest one, runs a task of it where that is asked for, and
 * deploys nothing.
 *
 * @throws InputError where the task definition, an image or a setting of the task is wrong; nothing has been changed then
 */
export async function registerOnly(
  request: Request,
  files: Files,
  context: Context,
): Promise<Outcome<typeof definition>> {
  const { aws, clock, log, signal } = context;
  const { region } = request;
  const state = await readDesiredState(files.taskDefinition, region, (where) => aws(where, signal), signal);
  const desired = desiredTaskDefinition(state.desired);
  const asked = oneOffTask(request, desired);
  const task = asked && withoutService(asked, desired);
  refuse(checkDesired(state), checkOneOffTask(state, request), task ? checkWithoutService(task, desired) : []);
  if (state.desired.kind === 'file') for (const notice of state.desired.notices) log.info(`Note: ${notice}`);
  const revision = planRevision(state);
  if (request.inputs['dry-run']) {
    log.info('Dry run: nothing was changed.');
    return { outputs: { region }, summary: 'Dry run of a registration: every check passed.' };
  }
  const effects: Effects = {
    aws: aws(region, signal),
    uninterruptible: aws(region, lastMoment(signal, clock)),
    clock,
    log,
    signal,
    done: [],
  };
  return register({ request, revision, task }, effects);
}

async function register(
  { request, revision, task }: Registration,
  effects: Effects,
): Promise<Outcome<typeof definition>> {
  if (revision.kind === 'none') throw new Error('a registration was asked for without a task definition');
  const { clock, log } = effects;
  const arn = await registerRevision(revision, effects);
  const summary = `${revision.kind === 'register' ? 'Registered' : 'There is already'} ${arn}; nothing was deployed.`;
  log.info(summary);
  const run: TaskRun = {
    plan: { request, revision: { kind: 'deploy', arn, why: summary }, service: {}, task },
    arn,
    deadline: clock.now() + request.waitFor,
    task: undefined,
    diagnostics: [],
  };
  const failure = await runTask(run, effects);
  const outputs: Outputs = {
    region: request.region,
    'task-definition-arn': arn,
    ...(run.task && { 'run-task-arn': JSON.stringify([run.task.arn]) }),
    'deployment-status': failure ? 'TASK_FAILED' : 'REGISTERED',
  };
  return { outputs, summary: escapeMarkdown(summary), ...(failure && { failure }) };
}

/** Runs the task, if any; the failure where it did not end with 0. @throws the reason of a signal */
async function runTask(run: TaskRun, effects: Effects): Promise<ActionError | undefined> {
  try {
    // No deployment follows a task without a service.
    await runPreDeploy(run, { begunSince: async () => false }, effects);
    return undefined;
  } catch (error) {
    if (error instanceof TaskFailed) return new ActionError(`${error.message}; ${run.arn} was registered`);
    for (const line of effects.done) effects.log.info(`In the end: ${line}`);
    throw error;
  }
}
