import { refuse } from '../../../../shared/errors';
import type { Context, Outcome } from '../../../../shared/host/run-action';
import { escapeMarkdown } from '../../../../shared/markdown';
import { registerRevision } from '../aws/ecs-revisions';
import type { Effects } from '../aws/effects';
import { readDesiredState } from '../aws/read-current-state';
import type { definition } from '../definition';
import type { Files } from '../files';
import type { Request } from '../inputs';
import { checkDesired } from '../plan/common-checks';
import { planRevision } from '../plan/plan';
import { lastMoment } from './interruption';

/**
 * Registers the task definition and deploys nothing, unless an identical revision is the latest one.
 *
 * @throws InputError where the task definition or an image of it is wrong; nothing has been changed then
 */
export async function registerOnly(
  request: Request,
  files: Files,
  context: Context,
): Promise<Outcome<typeof definition>> {
  const { aws, clock, log, signal } = context;
  const { region } = request;
  const state = await readDesiredState(files.taskDefinition, region, (where) => aws(where, signal), signal);
  refuse(checkDesired(state));
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
  if (revision.kind === 'none') throw new Error('a registration was asked for without a task definition');
  const arn = await registerRevision(revision, effects);
  const summary = `${revision.kind === 'register' ? 'Registered' : 'There is already'} ${arn}; nothing was deployed.`;
  log.info(summary);
  return {
    outputs: { region, 'task-definition-arn': arn, 'deployment-status': 'REGISTERED' },
    summary: escapeMarkdown(summary),
  };
}
