import type { Context, Outcome } from '../../../shared/host/run-action';
import type { definition } from './definition';
import { executePlan, stopAtPlan } from './execute/execute';
import type { Files } from './files';
import type { Request } from './inputs';
import type { CurrentState, Earlier } from './plan/current-state';
import { decide } from './plan/decide';
import type { Plan } from './plan/plan';
import { showPlan } from './report/plan-lines';

export { registerOnly } from './execute/register-only';

/** What is asked for, and what AWS says about it. */
interface Given {
  readonly request: Request;
  readonly files: Files;
  readonly state: CurrentState;
  /** Reads the state again. */
  read(): Promise<CurrentState>;
}

/** Decides what is to be done, and does it. @throws InputError with everything that speaks against it */
export async function planAndExecute(
  { request, files, state, read }: Given,
  context: Context,
): Promise<Outcome<typeof definition>> {
  const plan = decide(request, files, state);
  sayPlan(plan, context);
  if (request.inputs['dry-run']) return stopAtPlan(plan, context);
  return executePlan(plan, context, async (earlier?: Earlier) => decide(request, files, await read(), earlier));
}

/** Prints the plan in a group below its first line, and notes before it, where they are not overlooked. */
function sayPlan(plan: Plan, { log }: Pick<Context, 'log'>): void {
  const lines = showPlan(plan);
  const at = lines.findIndex(({ text }) => !text.startsWith('Note: '));
  for (const { text } of lines.slice(0, at)) log.info(text);
  const endGroup = log.group(lines[at]!.text);
  for (const { text, colour } of lines.slice(at + 1)) log.info(text, colour);
  endGroup();
}
