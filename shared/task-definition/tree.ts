import type { Finding } from '../errors';
import type { JsonObject, JsonValue, Path, Place } from './document';
import { type FieldType, fieldType } from './fields';

/** A text taken apart: every value with the offset at which it is written. */
export type Node = ObjectNode | ListNode | ScalarNode;

export interface ObjectNode {
  readonly kind: 'object';
  readonly at: number;
  readonly fields: readonly Field[];
}

interface ListNode {
  readonly kind: 'list';
  readonly at: number;
  readonly items: readonly Node[];
}

interface ScalarNode {
  readonly kind: 'scalar';
  readonly at: number;
  readonly value: string | number | boolean | null;
  /** The text as written, where YAML decided by its look what it means (`0.5`, `yes`, `012345678901`). */
  readonly written?: string;
}

export interface Field {
  readonly name: string;
  readonly at: number;
  readonly value: Node;
}

/** Tells of a field that is specified more than once. */
export type OnTwice = (finding: Finding) => void;

/**
 * Each name once: as JSON.parse does, in the place of the first, with the value of the last. `twice` is called with each
 * further one.
 */
export function eachOnce(fields: readonly Field[], twice: (field: Field) => void): readonly Field[] {
  const byName = new Map<string, Field>();
  for (const field of fields) {
    if (byName.has(field.name)) twice(field);
    byName.set(field.name, field);
  }
  return byName.size === fields.length ? fields : [...byName.values()];
}

/** Deeper than any task definition, and far less than what a parser's or our own recursion can take. */
export const deepest = 100;

/**
 * The value of a node. Where the table of fields says that a field is a string, the text that was written is kept, so an
 * account id does not lose its zero. Names come out in the order of the text.
 */
export function buildValue(node: Node, type: FieldType | undefined): JsonValue {
  if (node.kind === 'scalar') return scalarValue(node, type);
  if (node.kind === 'list') {
    const items = type?.kind === 'list' ? type.of : undefined;
    return node.items.map((item) => buildValue(item, items));
  }
  return buildObject(node, type);
}

/** The value of an object's node; see buildValue. */
export function buildObject({ fields }: ObjectNode, type: FieldType | undefined): JsonObject {
  return Object.fromEntries(fields.map(({ name, value }) => [name, buildValue(value, typeWithin(type, name))]));
}

function scalarValue({ value, written }: ScalarNode, type: FieldType | undefined): JsonValue {
  const isText = type?.kind === 'string' || type?.kind === 'enum';
  // A written null is no text; nothing written, where it was kept, is the empty text (`value:` of a variable).
  return isText && written !== undefined && (value !== null || written === '') ? written : value;
}

/** The type of what stands under a name. */
export function typeWithin(type: FieldType | undefined, name: string): FieldType | undefined {
  if (type?.kind === 'map') return type.of;
  return type?.kind === 'structure' ? fieldType(type.name, name) : undefined;
}

/** The offset of a part: its field's name, or the item of a list. A part that does not exist is at the one around it. */
export function offsetOf(root: Node, path: Path): number {
  let node = root;
  let offset = root.at;
  for (const part of path) {
    const field = node.kind === 'object' ? node.fields.find(({ name }) => name === part) : undefined;
    const next = node.kind === 'list' && typeof part === 'number' ? node.items[part] : field?.value;
    if (!next) break;
    offset = field?.at ?? next.at;
    node = next;
  }
  return offset;
}

/** Tells line and column of offsets in a text. The lines are counted when the first place is asked for. */
export function placesIn(text: string): (offset: number) => Place {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map((end) => end.index! + end[0].length)];
    const line = countUpTo(starts, offset);
    return { line, column: offset - starts[line - 1]! + 1 };
  };
}

/** How many of the ascending numbers are not greater than the limit, by halving. */
function countUpTo(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
