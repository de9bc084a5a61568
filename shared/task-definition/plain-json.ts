import { isList, isObject, type JsonObject, type JsonValue } from './document';
import { deepest, type Field, type Node } from './tree';

/**
 * Takes plain JSON apart with the reader of the runtime: one that knows places takes several times as long, its loading
 * included. Undefined where the quick one would miss something: what is not JSON, comments among it, fields that are given
 * twice, and what is nested too deeply.
 */
export function readPlainJson(text: string): Node | undefined {
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const found = { fields: 0, isTooDeep: false };
  const node = toNode(value, 0, found);
  // A field given twice has a colon of its own. So has JSON within a text, of which this cannot tell it apart.
  const colons = text.match(/"\s*:/g)?.length ?? 0;
  return found.isTooDeep || colons !== found.fields ? undefined : node;
}

interface Found {
  fields: number;
  isTooDeep: boolean;
}

function toNode(value: JsonValue, depth: number, found: Found): Node {
  found.isTooDeep ||= depth > deepest;
  if (found.isTooDeep) return { kind: 'scalar', at: 0, value: null };
  if (isObject(value)) return { kind: 'object', at: 0, fields: toFields(value, depth, found) };
  if (!isList(value)) return { kind: 'scalar', at: 0, value };
  return { kind: 'list', at: 0, items: value.map((item) => toNode(item, depth + 1, found)) };
}

function toFields(object: JsonObject, depth: number, found: Found): Field[] {
  return Object.entries(object).map(([name, part = null]) => {
    found.fields++;
    return { name, at: 0, value: toNode(part, depth + 1, found) };
  });
}
