import { wireName } from './read-query';
import { membersOf, type Shape } from './shape';

/** The XML elements inside the element of a value. */
export function toXml(shape: Shape, value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value !== 'object' || value === null) return escapeXml(String(value));
  if (shape.isListSchema()) return listToXml(shape, value as unknown[]);
  if (shape.isMapSchema()) return mapToXml(shape, value);
  return [...membersOf(shape)].map(([name, member]) => memberToXml(member, name, Reflect.get(value, name))).join('');
}

const memberToXml = (member: Shape, name: string, value: unknown): string =>
  value === undefined || value === null ? '' : element(wireName(member, name), toXml(member, value));

function listToXml(shape: Shape, items: unknown[]): string {
  const item = shape.getValueSchema();
  return items.map((value) => element(wireName(item, 'member'), toXml(item, value))).join('');
}

function mapToXml(shape: Shape, value: object): string {
  const item = shape.getValueSchema();
  const entry = ([key, each]: [string, unknown]) =>
    element('key', escapeXml(key)) + element('value', toXml(item, each));
  return Object.entries(value)
    .map((pair) => element('entry', entry(pair)))
    .join('');
}

export const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

export const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
