import type { NormalizedSchema } from '@smithy/core/schema';

/**
 * What is wrong with an answer of AWS, in a few words: a value of another type than its shape says, or an answer without what it
 * is asked for. Undefined where it can be used. The SDK hands on both as they are.
 *
 * @param output the shape of the answer, as the SDK's own schema has it
 */
export function whyUnusable(
  operation: string,
  output: NormalizedSchema | undefined,
  answer: unknown,
): string | undefined {
  const where = output && misfit(output, answer, '');
  if (where !== undefined) return `${where.slice(1) || 'the answer'} is not of its type`;
  const needed = essential[operation] ?? [];
  return needed.length === 0 || needed.some((path) => valueAt(answer, path) !== undefined)
    ? undefined
    : `it has no ${needed.join(' or ')}`;
}

/**
 * Of which something must be there for an answer to say anything. Lists are seldom among them, as an empty one may be left out; those of
 * deployments are, as AWS sends them empty, too, and a deployment that is overlooked would be replaced or created again. What is asked for
 * by name is there, or is missing by name; a one-off task that is overlooked would be started again.
 */
const essential: Readonly<Record<string, readonly string[]>> = {
  CreateDeployment: ['deploymentId'],
  GetDeployment: ['deploymentInfo.status'],
  BatchGetDeployments: ['deploymentsInfo'],
  GetDeploymentConfig: ['deploymentConfigInfo'],
  GetDeploymentGroup: ['deploymentGroupInfo'],
  BatchGetDeploymentTargets: ['deploymentTargets'],
  ListDeployments: ['deployments'],
  ListServiceDeployments: ['serviceDeployments'],
  DescribeServices: ['services', 'failures'],
  DescribeServiceDeployments: ['serviceDeployments', 'failures'],
  DescribeServiceRevisions: ['serviceRevisions', 'failures'],
  ListTasks: ['taskArns'],
  DescribeTasks: ['tasks', 'failures'],
  DescribeTaskDefinition: ['taskDefinition.taskDefinitionArn'],
  RegisterTaskDefinition: ['taskDefinition.taskDefinitionArn'],
  DescribeTargetHealth: ['TargetHealthDescriptions'],
  DescribeImages: ['imageDetails'],
};

const valueAt = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((at, name) => (at === null || at === undefined ? undefined : (at as Fields)[name]), value);

type Fields = Readonly<Record<string, unknown>>;

/** The place of the first value that is not of its type. */
function misfit(schema: NormalizedSchema, value: unknown, place: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) return place;
    const element = schema.getValueSchema();
    return first(value, (each, at) => (each === null ? place : misfit(element, each, `${place}[${at}]`)));
  }
  if (schema.isStructSchema() || schema.isMapSchema()) {
    if (typeof value !== 'object' || Array.isArray(value)) return place;
    const fields = value as Fields;
    return schema.isMapSchema()
      ? first(Object.values(fields), (each) => misfit(schema.getValueSchema(), each, place))
      : first([...schema.structIterator()], ([name, member]) => misfit(member, fields[name], `${place}.${name}`));
  }
  return isOfType(schema, value) ? undefined : place;
}

function isOfType(schema: NormalizedSchema, value: unknown): boolean {
  if (schema.isStringSchema()) return typeof value === 'string';
  if (schema.isBooleanSchema()) return typeof value === 'boolean';
  if (schema.isNumericSchema()) return typeof value === 'number';
  if (schema.isTimestampSchema()) return value instanceof Date && !Number.isNaN(value.getTime());
  return true;
}

function first<T>(values: readonly T[], find: (value: T, at: number) => string | undefined): string | undefined {
  for (const [at, value] of values.entries()) {
    const found = find(value, at);
    if (found !== undefined) return found;
  }
  return undefined;
}
