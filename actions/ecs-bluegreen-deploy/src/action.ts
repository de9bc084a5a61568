import { refuse } from '../../../shared/errors';
import { type Action, type Context, changedContext } from '../../../shared/host/run-action';
import { readCurrentState } from './aws/read-current-state';
import { definition } from './definition';
import { executePlan, stopAtPlan } from './execute/execute';
import { registerOnly } from './execute/register-only';
import { findFiles } from './files';
import { readInputs } from './inputs';
import type { Earlier } from './plan/current-state';
import { decide } from './plan/decide';
import type { Plan } from './plan/plan';
import { showPlan } from './report/plan-lines';

/** Deploys a task definition to a service, and watches it to its end. */
export const action: Action<typeof definition> = {
  definition,
  async job(given) {
    const { request, findings } = readInputs(given);
    const context = changedContext(given, { aws: (region, signal) => given.aws(region, signal, request.attempts) });
    const { files, findings: missing } = findFiles(request.inputs, context.folders);
    refuse(findings, missing);
    if (request.inputs['register-only']) return registerOnly(request, files, context);
    context.log.info(`Reading service ${request.service} in cluster ${request.cluster}, ${request.region}`);
    const awsOf = (region: string) => context.aws(region, context.signal);
    const planNow = async (earlier?: Earlier) => {
      const state = await readCurrentState(request, files, awsOf, context.signal);
      if (context.signal.aborted) throw context.signal.reason;
      return decide(request, files, state, earlier);
    };
    const plan = await planNow();
    sayPlan(plan, context);
    return request.inputs['dry-run'] ? stopAtPlan(plan, context) : executePlan(plan, context, planNow);
  },
};

/** Says the plan in a group below its first line; notes stand before it, as nobody may overlook them. */
function sayPlan(plan: Plan, { log }: Pick<Context, 'log'>): void {
  const lines = showPlan(plan);
  const at = lines.findIndex(({ text }) => !text.startsWith('Note: '));
  for (const { text } of lines.slice(0, at)) log.info(text);
  const endGroup = log.group(lines[at]!.text);
  for (const { text, colour } of lines.slice(at + 1)) log.info(text, colour);
  endGroup();
}
