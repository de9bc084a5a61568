import type { RevisionPlan } from '../plan/plan';
import { isSameRevision } from '../plan/same-revision';
import { readRevisionIfAllowed } from './ecs-revisions';
import { changeOnce, type Effects, notKnown } from './effects';
import { foundIn } from './reads';

/** Registers the task definition unless a revision is there already. The answer is the ARN that is deployed. */
export async function registerRevision(plan: RevisionPlan, effects: Effects): Promise<string> {
  if (plan.kind === 'deploy') {
    effects.log.info(`Task definition: ${plan.arn} (${plan.why})`);
    return plan.arn;
  }
  const { request, latest } = plan;
  const send = async () => {
    const ecs = await effects.steady.once().ecs();
    return (await ecs.registerTaskDefinition(request)).taskDefinition!.taskDefinitionArn!;
  };
  const recognise = async () => {
    const look = await readRevisionIfAllowed(effects.steady, request.family!);
    if ('unknown' in look) return notKnown;
    const newest = foundIn(look);
    return newest && newest.arn !== latest && isSameRevision(request, newest) ? newest.arn : undefined;
  };
  const uncertain = `It is not known whether a revision of ${request.family} was registered`;
  const arn = await changeOnce({ uncertain, send, recognise }, effects);
  effects.log.info(`Registered ${arn}`);
  effects.done.push(`${arn} was registered`);
  return arn;
}
