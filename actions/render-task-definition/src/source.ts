import type { Tag } from '@aws-sdk/client-ecs';
import { type Arn, parseArn, regionForm, regionIn } from '../../../shared/aws/arn';
import { withWhole } from '../../../shared/aws/unknown';
import { type Finding, InputError } from '../../../shared/errors';
import { cut, excerpt, quoted } from '../../../shared/excerpt';
import type { Context } from '../../../shared/host/run-action';
import { isObject, type TaskDefinition, type TaskDefinitionDocument } from '../../../shared/task-definition/document';
import { findTaskDefinition, readTaskDefinitionSource } from '../../../shared/task-definition/find';
import { readTaskDefinition } from '../../../shared/task-definition/read';
import { withoutReadOnlyFields } from '../../../shared/task-definition/read-only-fields';
import type { Inputs } from './definition';
import type { Request } from './inputs';
import { type SourceInputs, sourceName } from './source-name';

type World = Pick<Context, 'aws' | 'env' | 'folders' | 'signal'>;

type Named = SourceInputs & Pick<Inputs, 'region'>;

/** Where the task definition is: a file, or a region of AWS; nowhere where it is not found. */
export type Source = { readonly path: string } | { readonly region: string } | { readonly nowhere: true };

/** The file or the region in which the task definition is that the inputs name. */
export function findSource(
  inputs: Named,
  world: Pick<World, 'folders' | 'env'>,
): { readonly files: Source; readonly findings: readonly Finding[] } {
  const { where, name } = sourceName(inputs);
  // A malformed name has been reported already.
  if (name === '') return { files: { nowhere: true }, findings: [] };
  if (where !== 'task-definition') return findRegion(where, name, inputs, world);
  const source = findTaskDefinition(name, world.folders);
  if ('problem' in source) return unfound(where, source.problem);
  return source.kind === 'file'
    ? { files: { path: source.path }, findings: [] }
    : findRegion(where, name, inputs, world);
}

/** Reads or fetches the task definition that the inputs name. A file loads no AWS client. @throws InputError */
export async function readSource({ inputs }: Request, source: Source, world: World): Promise<TaskDefinitionDocument> {
  const { where, name } = sourceName(inputs);
  if ('path' in source) return readTaskDefinitionSource(source.path, name, world);
  if ('region' in source) return fetchTaskDefinition({ where, name, region: source.region }, world);
  throw new Error('what was not found is refused before it is read');
}

/** The region of an ARN, else of the input, else of the environment. */
function findRegion(
  where: string,
  name: string,
  { region }: Pick<Named, 'region'>,
  world: Pick<World, 'env'>,
): ReturnType<typeof findSource> {
  const arn = name.startsWith('arn:') ? parseArn(name) : undefined;
  if (name.startsWith('arn:') && !isTaskDefinition(arn)) {
    return unfound(where, `must be the ARN of a task definition, got ${quoted(name, 200)}`);
  }
  const found = arn?.region ?? region ?? regionIn(world.env);
  if (!found) return unfound('region', `is not known, and ${cut(name, 200)} is not a file; set region or AWS_REGION`);
  if (!regionForm.test(found)) return unfound('region', `must be a region such as us-west-2, got ${quoted(found)}`);
  if (region !== undefined && region !== found)
    return unfound('region', `is ${cut(region, 60)}, but ${name} is in ${found}`);
  return { files: { region: found }, findings: [] };
}

const isTaskDefinition = (arn: Arn | undefined): boolean =>
  arn?.service === 'ecs' && /^task-definition\/[A-Za-z0-9_-]{1,255}(:\d+)?$/.test(arn.resource);

const unfound = (where: string, problem: string): ReturnType<typeof findSource> => ({
  files: { nowhere: true },
  findings: [{ where, problem }],
});

async function fetchTaskDefinition(
  { where, name, region }: { where: string; name: string; region: string },
  { aws, signal }: World,
): Promise<TaskDefinitionDocument> {
  const ecs = await aws(region, signal).ecs();
  try {
    const describe = () => ecs.describeTaskDefinition({ taskDefinition: name, include: ['TAGS'] });
    const { answer, whole } = await withWhole(ecs, describe);
    const { taskDefinitionArn: arn = name, status } = answer.taskDefinition ?? {};
    const value = asTaskDefinition(whole['taskDefinition'], answer.tags ?? [], name);
    const left = status !== undefined && status !== 'ACTIVE' ? `; it is ${excerpt(status, 60)}` : '';
    return {
      name,
      value,
      locate: () => undefined,
      warnings: [],
      notices: [`Fetched ${excerpt(arn, 500)}${left}.`],
    };
  } catch (error) {
    // ECS answers a family or revision that does not exist with this error, without a code of its own.
    if ((error as Error).name !== 'ClientException') throw error;
    const problem = `${name} is neither a file nor a task definition in ${region} (${excerpt((error as Error).message, 500)})`;
    throw new InputError([{ where, problem }]);
  }
}

/** The described task definition with every field that ECS told, those included that this version does not know. */
function asTaskDefinition(described: unknown, tags: readonly Tag[], name: string): TaskDefinition {
  // AWS refuses an empty list of tags, and those of its own.
  const own = tags.filter(({ key = '' }) => !/^aws:/i.test(key));
  const asked = {
    ...withoutReadOnlyFields(isObject(described) ? described : {}),
    ...(own.length > 0 && { tags: own }),
  };
  return readTaskDefinition(JSON.stringify(asked), name).value;
}
