import { describedOnly } from './fields.generated';

const described: ReadonlySet<string> = new Set(describedOnly);

/** The task definition without what only Describe calls return (ARN, revision, status …). All else stays as it is. */
export function withoutDescribed<T extends object>(taskDefinition: T): T {
  const asked = Object.entries(taskDefinition).filter(([name]) => !described.has(name));
  return asked.length === Object.keys(taskDefinition).length ? taskDefinition : (Object.fromEntries(asked) as T);
}
