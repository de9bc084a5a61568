import type { Tag, TaskDefinition } from '@aws-sdk/client-ecs';
import type { Aws } from '../../../../shared/aws/clients';
import { type Look, lookUp, lookUpIfAllowed } from './reads';

/** A revision as AWS has it, with its tags. */
export interface Revision {
  readonly arn: string;
  readonly taskDefinition: TaskDefinition;
  readonly tags: readonly Tag[];
}

/** Reads a revision that is to be deployed as it is. `name` is an ARN or `family:revision`. */
export const readRevision = (aws: Aws, name: string): Promise<Look<Revision>> =>
  lookUp(() => describe(aws, name), { ClientException: `there is no task definition ${name} in ${aws.region}` });

/** Reads a revision, or the latest of a family, to compare with. */
export const readRevisionIfAllowed = (aws: Aws, name: string): Promise<Look<Revision>> =>
  lookUpIfAllowed(() => describe(aws, name), { ClientException: `there is no task definition ${name}` });

async function describe(aws: Aws, taskDefinition: string): Promise<Revision> {
  const ecs = await aws.ecs();
  const answer = await ecs.describeTaskDefinition({ taskDefinition, include: ['TAGS'] });
  return {
    arn: answer.taskDefinition!.taskDefinitionArn!,
    taskDefinition: answer.taskDefinition!,
    tags: answer.tags ?? [],
  };
}
