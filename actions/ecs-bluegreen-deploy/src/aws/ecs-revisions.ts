import type { Aws } from '../../../../shared/aws/clients';
import { foundIn, type ReadResult, type Revision } from '../plan/current-state';
import type { RevisionPlan } from '../plan/plan';
import { isSameRevision } from '../plan/same-revision';
import { changeOnce, type Effects, notKnown } from './effects';
import { readIfAllowed, readOrMissing } from './reads';

/** Reads a revision that is to be deployed as it is. `name` is an ARN or `family:revision`. */
export const readRevision = (aws: Aws, name: string): Promise<ReadResult<Revision>> =>
  readOrMissing(() => describe(aws, name), { ClientException: `there is no task definition ${name} in ${aws.region}` });

/** Reads a revision, or the latest of a family, to compare with. */
export const readRevisionIfAllowed = (aws: Aws, name: string): Promise<ReadResult<Revision>> =>
  readIfAllowed(() => describe(aws, name), { ClientException: `there is no task definition ${name}` });

async function describe(aws: Aws, taskDefinition: string): Promise<Revision> {
  const ecs = await aws.ecs();
  const answer = await ecs.describeTaskDefinition({ taskDefinition, include: ['TAGS'] });
  return {
    arn: answer.taskDefinition!.taskDefinitionArn!,
    taskDefinition: answer.taskDefinition!,
    tags: answer.tags ?? [],
  };
}

/** Registers the task definition unless a revision is there already. The answer is the ARN that is deployed. */
export async function registerRevision(plan: RevisionPlan, effects: Effects): Promise<string> {
  if (plan.kind === 'deploy') {
    effects.log.info(`Task definition: ${plan.arn} (${plan.why})`);
    return plan.arn;
  }
  const { request, latest } = plan;
  const send = async () => {
    const ecs = await effects.uninterruptible.once().ecs();
    return (await ecs.registerTaskDefinition(request)).taskDefinition!.taskDefinitionArn!;
  };
  const recognise = async () => {
    const result = await readRevisionIfAllowed(effects.uninterruptible, request.family!);
    if ('unknown' in result) return notKnown;
    const newest = foundIn(result);
    return newest && newest.arn !== latest && isSameRevision(request, newest) ? newest.arn : undefined;
  };
  const uncertain = `It is not known whether a revision of ${request.family} was registered`;
  const arn = await changeOnce({ uncertain, send, recognise }, effects);
  effects.log.info(`Registered ${arn}`);
  effects.done.push(`${arn} was registered`);
  return arn;
}
