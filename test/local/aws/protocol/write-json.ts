import { membersOf, type Shape } from './shape';

/** The JSON of a value of a shape: only members that the shape has, times in seconds since the epoch. */
export function toJson(shape: Shape, value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value !== 'object' || value === null || shape.isDocumentSchema()) return value;
  if (shape.isListSchema()) return (value as unknown[]).map((item) => toJson(shape.getValueSchema(), item));
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (shape.isMapSchema())
    return Object.fromEntries(entries.map(([key, item]) => [key, toJson(shape.getValueSchema(), item)]));
  const members = membersOf(shape);
  return Object.fromEntries(
    entries.flatMap(([name, item]) => {
      const member = members.get(name);
      return member ? [[name, toJson(member, item)]] : [];
    }),
  );
}
