import type { RegisterTaskDefinitionRequest, TaskDefinition } from '@aws-sdk/client-ecs';
import type { Aws } from '../../../../shared/aws/clients';
import { sendWhole, withWhole } from '../../../../shared/aws/unknown';
import { foundIn, type ReadResult, type Revision } from '../plan/current-state';
import type { RevisionToDeploy } from '../plan/plan-revision';
import { isSameRevision } from '../plan/same-revision';
import { changeOnce, type Effects, notKnown, Outdated } from './effects';
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

/** Registers the task definition unless a revision already exists. The answer is the ARN that is deployed. */
export async function registerRevision(plan: RevisionToDeploy, effects: Effects): Promise<string> {
  if (plan.kind === 'deploy') {
    effects.log.info(`Task definition: ${plan.arn} (${plan.why})`);
    return plan.arn;
  }
  for (;;) {
    try {
      return await registerUnlessThere(plan, effects);
    } catch (error) {
      if (!(error instanceof Outdated)) throw error;
    }
  }
}

/** @throws Outdated where another run has registered the same while AWS did not take it */
async function registerUnlessThere(
  plan: Extract<RevisionToDeploy, { kind: 'register' }>,
  effects: Effects,
): Promise<string> {
  const { request, latest } = plan;
  // Another run may have registered the same since the plan was made.
  const now = foundIn(await readRevisionIfAllowed(effects.aws, request.family!));
  if (now && now.arn !== latest && now.taskDefinition.status !== 'INACTIVE' && isSameRevision(request, now)) {
    effects.log.info(`Task definition: ${now.arn} (registered by another run just now)`);
    return now.arn;
  }
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
    if (!newest || newest.arn === latest) return undefined;
    if (isSameRevision(request, newest)) return newest.arn;
    // Another run may have registered something else since.
    return firstSame(request, { after: latest, before: newest.arn }, { aws: effects.uninterruptible });
  };
  const isOutdated = async () => {
    const newest = foundIn(await readRevisionIfAllowed(effects.uninterruptible.once(), request.family!));
    return newest !== undefined && newest.arn !== now?.arn && isSameRevision(request, newest);
  };
  const uncertain = `It is not known whether a revision of ${request.family} was registered`;
  // A second revision does little harm; a role that may not read revisions would make one with each request.
  const arn = await changeOnce({ uncertain, send, recognise, isOutdated, mostUnknown: 2 }, effects);
  effects.log.info(`Registered ${arn}`);
  effects.done.push(`${arn} was registered`);
  const first = await firstSame(request, { after: now?.arn ?? latest, before: arn }, effects);
  if (first) effects.log.info(`Another run has registered the same as ${first} at the same time: deploying that`);
  return first ?? arn;
}

/** Runs that register at the same time; more do not come within a second. */
const mostAtOnce = 5;

/** Of runs that registered the same content at once, all take the first of their revisions. */
async function firstSame(
  request: RegisterTaskDefinitionRequest,
  { after, before }: { readonly after: string | undefined; readonly before: string },
  { aws }: Pick<Effects, 'aws'>,
): Promise<string | undefined> {
  const number = (arn: string) => Number(arn.replace(/^.*:/, ''));
  const last = number(before);
  const from = Math.max(after === undefined ? last : number(after) + 1, last - mostAtOnce);
  for (let revision = from; revision < last; revision++) {
    const found = foundIn(await readRevisionIfAllowed(aws, `${request.family}:${revision}`));
    if (found && found.taskDefinition.status !== 'INACTIVE' && isSameRevision(request, found)) return found.arn;
  }
  return undefined;
}
