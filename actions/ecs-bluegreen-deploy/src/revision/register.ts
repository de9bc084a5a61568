import { changeOnce, type Effects } from '../effects';
import { foundIn } from '../observe/look';
import { readRevisionIfAllowed } from '../observe/revision';
import type { RevisionPlan } from '../plan/plan';
import { isSameRevision } from './same';

/** Registers the task definition unless a revision is there already. The answer is the ARN that is deployed. */
export async function registerRevision(plan: RevisionPlan, effects: Effects): Promise<string> {
  if (plan.kind === 'deploy') {
    effects.log.info(`Task definition: ${plan.arn} (${plan.why})`);
    return plan.arn;
  }
  const { request, latest } = plan;
  const register = async () => {
    const ecs = await effects.steady.once().ecs();
    return (await ecs.registerTaskDefinition(request)).taskDefinition!.taskDefinitionArn!;
  };
  const recognise = async () => {
    const newest = foundIn(await readRevisionIfAllowed(effects.steady, request.family!));
    return newest && newest.arn !== latest && isSameRevision(request, newest) ? newest.arn : undefined;
  };
  const arn = await changeOnce(register, recognise, effects);
  effects.log.info(`Registered ${arn}`);
  return arn;
}
