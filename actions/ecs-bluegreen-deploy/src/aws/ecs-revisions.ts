import type { TaskDefinition } from '@aws-sdk/client-ecs';
import type { Aws } from '../../../../shared/aws/clients';
import { sendWhole, withWhole } from '../../../../shared/aws/unknown';
import { foundIn, type ReadResult, type Revision } from '../plan/current-state';
import type { RevisionToDeploy } from '../plan/plan';
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
  const read = () => ecs.describeTaskDefinition({ taskDefinition, include: ['TAGS'] });
  const { answer, whole } = await withWhole(ecs, read);
  return {
    arn: answer.taskDefinition!.taskDefinitionArn!,
    // With the fields that the SDK does not know: without them, no revision would be what the file says.
    taskDefinition: whole['taskDefinition'] as TaskDefinition,
    tags: answer.tags ?? [],
  };
}

/** Registers the task definition unless a revision is there already. The answer is the ARN that is deployed. */
export async function registerRevision(plan: RevisionToDeploy, effects: Effects): Promise<string> {
  if (plan.kind === 'deploy') {
    effects.log.info(`Task definition: ${plan.arn} (${plan.why})`);
    return plan.arn;
  }
  const { request, latest } = plan;
  const send = async () => {
    const ecs = await effects.uninterruptible.once().ecs();
    const register = () => ecs.registerTaskDefinition(request);
    const answer = await sendWhole(ecs, 'RegisterTaskDefinition', request, register);
    return answer.taskDefinition!.taskDefinitionArn!;
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
