import { readOnlyFields } from './fields.generated';

const readOnly: ReadonlySet<string> = new Set(readOnlyFields);

/** The task definition without what only Describe calls return (ARN, revision, status …). All else stays as it is. */
export function withoutReadOnlyFields<T extends object>(taskDefinition: T): T {
  const asked = Object.entries(taskDefinition).filter(([name]) => !readOnly.has(name));
  return asked.length === Object.keys(taskDefinition).length ? taskDefinition : (Object.fromEntries(asked) as T);
}
