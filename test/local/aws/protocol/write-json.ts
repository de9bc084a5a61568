import { membersOf, type Shape } from './shape';

/**
 * The JSON of a value of a shape: times in seconds since the epoch, and only members that the shape has, unless AWS is
 * `newer` than the SDK.
 */
export function toJson(shape: Shape, value: unknown, newer = false): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value !== 'object' || value === null || shape.isDocumentSchema()) return value;
  if (shape.isListSchema()) return (value as unknown[]).map((item) => toJson(shape.getValueSchema(), item, newer));
  const members = shape.isMapSchema() ? undefined : membersOf(shape);
  const each = shape.isMapSchema() ? shape.getValueSchema() : undefined;
  // Without a prototype, a member of any name is one.
  const json = Object.create(null) as Record<string, unknown>;
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const member = each ?? members?.get(name);
    if (member) json[name] = toJson(member, item, newer);
    else if (newer) json[name] = item;
  }
  return json;
}
