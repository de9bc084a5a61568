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
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (shape.isMapSchema())
    return Object.fromEntries(entries.map(([key, item]) => [key, toJson(shape.getValueSchema(), item, newer)]));
  const members = membersOf(shape);
  return Object.fromEntries(
    entries.flatMap(([name, item]) => {
      const member = members.get(name);
      if (!member) return newer ? [[name, item]] : [];
      return [[name, toJson(member, item, newer)]];
    }),
  );
}
