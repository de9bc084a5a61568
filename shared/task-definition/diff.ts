import type { PaintedLine } from '../paint';
import { isList, isObject, type JsonObject, type JsonValue, type TaskDefinition } from './document';
import { isSecretPath, redactArgs, redacted, redactText } from './redact';

/** A part that differs. The names on the way replace positions in lists: `containerDefinitions`, `web`, `image`. */
export interface Change {
  readonly path: readonly string[];
  readonly kind: 'added' | 'removed' | 'changed';
  /** As shown: secrets are hidden already. */
  readonly before?: string;
  readonly after?: string;
}

/**
 * What differs between two task definitions, part by part. Items of lists are compared by their names (containers,
 * variables, volumes, tags …), so moving an item is not a change.
 */
export function diffTaskDefinitions(before: TaskDefinition, after: TaskDefinition): readonly Change[] {
  return differences(before, after, []);
}

function differences(before: JsonValue | undefined, after: JsonValue | undefined, path: readonly string[]): Change[] {
  const [old, now] = [partsOf(before), partsOf(after)];
  const hasParts = Object.keys({ ...old, ...now }).length > 0;
  if (old && now && hasParts) return partsDiffer(old, now, path);
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const kind = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  return [
    {
      path,
      kind,
      ...(before !== undefined && { before: show(before, path) }),
      ...(after !== undefined && { after: show(after, path) }),
    },
  ];
}

function partsDiffer(before: Parts, after: Parts, path: readonly string[]): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => differences(own(before, name), own(after, name), [...path, name]));
}

/** The named parts of a value; none of one that does not exist. Undefined where it can only be compared as a whole. */
function partsOf(value: JsonValue | undefined): Parts | undefined {
  if (value === undefined) return {};
  if (isObject(value)) return value;
  return isList(value) ? byName(value) : undefined;
}

type Parts = Readonly<Record<string, JsonValue | undefined>>;

const own = (parts: Parts, name: string) => (Object.hasOwn(parts, name) ? parts[name] : undefined);

/** What names an item of a list, in the order in which it is asked. */
const namingFields = [
  'name',
  'key',
  'containerName',
  'sourceContainer',
  'containerPath',
  'hostname',
  'type',
  'namespace',
];

/** The items of a list by their names; undefined where they have none of their own, such as words of a command. */
function byName(items: readonly JsonValue[]): Parts | undefined {
  if (!items.every(isObject)) return undefined;
  const named = items.map((item) => [nameOf(item), comparable(item)] as const);
  const names = named.map(([name]) => name);
  if (names.includes(undefined) || new Set(names).size < names.length) return undefined;
  return Object.fromEntries(named);
}

function nameOf(item: JsonObject): string | undefined {
  if (typeof item['containerPort'] === 'number') return `${item['containerPort']}/${item['protocol'] ?? 'tcp'}`;
  const field = namingFields.find((candidate) => typeof item[candidate] === 'string');
  return field && (item[field] as string);
}

/** Of a variable, secret or tag only its value matters; other items are compared field by field. */
function comparable(item: JsonObject): JsonValue | undefined {
  const isPair = Object.keys(item).length === 2 && ('name' in item || 'key' in item);
  const value = item['value'] ?? item['valueFrom'];
  return isPair && typeof value === 'string' ? value : item;
}

const longest = 200;

function show(value: JsonValue, path: readonly string[]): string {
  const text = JSON.stringify(withoutSecrets(value, path));
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

function withoutSecrets(value: JsonValue | undefined, path: readonly string[]): JsonValue {
  if (isList(value)) {
    const isWords = value.every((item) => typeof item === 'string');
    if (isWords && !isSecretPath(path)) return redactArgs(value as readonly string[]);
    return value.map((item) => withoutSecrets(item, path));
  }
  if (isObject(value)) {
    const naming = typeof value['name'] === 'string' && 'value' in value ? value['name'] : undefined;
    const inner = (field: string) => [...path, field === 'value' && naming !== undefined ? naming : field];
    return Object.fromEntries(
      Object.entries(value).map(([field, part]) => [field, withoutSecrets(part, inner(field))]),
    );
  }
  if (isSecretPath(path)) return redacted;
  return typeof value === 'string' ? redactText(value) : (value ?? null);
}

const marks = { added: '+', removed: '-', changed: '~' } as const;
const colours = { added: 'green', removed: 'red', changed: 'yellow' } as const;

/** The changes for the log, one or two lines each. */
export function showDiff(changes: readonly Change[]): readonly PaintedLine[] {
  return changes.map((change) => ({
    text: `${marks[change.kind]} ${showName(change.path)}: ${showValues(change)}`,
    colour: colours[change.kind],
  }));
}

function showValues({ kind, before = '', after = '' }: Change): string {
  if (kind === 'added') return after;
  if (kind === 'removed') return before;
  return before === after ? `${after} (changed)` : `${before} → ${after}`;
}

/** `containerDefinitions.web.image`; names with other characters are in brackets. */
function showName(path: readonly string[]): string {
  const parts = path.map((part, at) =>
    /^[\w-]+$/.test(part) ? `${at > 0 ? '.' : ''}${part}` : `[${onOneLine(part)}]`,
  );
  return parts.join('');
}

const onOneLine = (name: string) => JSON.stringify(name).slice(1, -1);

/** The longest summary: hosts may cut outputs at about 500 characters. */
const longestSummary = 400;

/** The changes in one line of at most 400 characters, such as `web.image: "a:1" → "a:2"; cpu: "256" → "512"`. */
export function summarise(changes: readonly Change[]): string {
  if (changes.length === 0) return 'no changes';
  const parts = changes.map((change) => {
    const mark = change.kind === 'changed' ? '' : `${marks[change.kind]} `;
    return `${mark}${showName(shortPath(change.path))}: ${showValues(change)}`;
  });
  const kept: string[] = [];
  for (const part of parts) {
    const left = parts.length - kept.length;
    const cut = part.length > longestSummary - 100 ? `${part.slice(0, longestSummary - 100)}…` : part;
    if ([...kept, cut].join('; ').length > longestSummary - 20) return [...kept, `and ${left} more`].join('; ');
    kept.push(cut);
  }
  return kept.join('; ');
}

const shortPath = (path: readonly string[]) =>
  path[0] === 'containerDefinitions' && path.length > 1 ? path.slice(1) : path;
