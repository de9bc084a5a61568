import { InputError } from '../errors';
import { someOf } from '../excerpt';
import type { Path, TaskDefinitionDocument } from './document';
import { fieldType, taskDefinitionType } from './fields';
import { readJson } from './read-json';
import { readYaml } from './read-yaml';
import { buildObject, buildValue, type Node, offsetOf, placesIn } from './tree';

/** Sixteen times what ECS takes (64 KiB); beyond it the file is not a task definition. */
export const largestFile = 1024 * 1024;

/**
 * Reads a task definition from JSON, JSON with comments and trailing commas, or YAML. `name` is what the user calls the
 * file; its ending decides, and without a telling one the first character does. Whether it is a sound task definition,
 * checkTaskDefinition tells.
 *
 * @throws InputError with the line of what cannot be read.
 */
export function readTaskDefinition(text: string, name: string): TaskDefinitionDocument {
  const plain = text.replace(/^\uFEFF/, '');
  if (Buffer.byteLength(plain) > largestFile) throw fault(name, tooLarge);
  if (plain.trim() === '') throw fault(name, 'is empty; it should hold a task definition');
  const root = readTree(plain, name);
  const { node, tags, notices } = unwrap(root, name);
  if (node.kind !== 'object') throw fault(name, `must hold one object, the task definition; got a ${kindOf(node)}`);
  const inner = buildObject(node, taskDefinitionType);
  const value = tags ? { ...inner, tags: buildValue(tags, fieldType('RegisterTaskDefinitionRequest', 'tags')) } : inner;
  const placeOf = placesIn(plain);
  const offset = (path: Path) => (tags && path[0] === 'tags' ? offsetOf(tags, path.slice(1)) : offsetOf(node, path));
  return { name, value, notices, locate: (path) => placeOf(offset(path)) };
}

/** The problem of a file over the limit. */
export const tooLarge = 'is larger than 1 MiB; a task definition has at most 64 KiB';

const fault = (where: string, problem: string) => new InputError([{ where, problem }]);

const readTree = (text: string, name: string): Node =>
  isYaml(text, name) ? readYaml(text, name) : readJson(text, name);

function isYaml(text: string, name: string): boolean {
  if (/\.ya?ml$/i.test(name)) return true;
  if (/\.jsonc?$/i.test(name)) return false;
  return !/^\s*(\{|\[|\/\/|\/\*)/.test(text);
}

const kindOf = (node: Node) => (node.kind === 'scalar' ? 'single value' : node.kind);

interface Unwrapped {
  readonly node: Node;
  /** Tags that stand beside the task definition. */
  readonly tags?: Node;
  readonly notices: readonly string[];
}

/** The AWS CLI answers `{"taskDefinition": {…}, "tags": […]}`. */
function unwrap(root: Node, name: string): Unwrapped {
  const fields = root.kind === 'object' ? root.fields : [];
  const inner = fields.find((field) => field.name === 'taskDefinition');
  const isAnswer = inner?.value.kind === 'object' && !fields.some((field) => field.name === 'containerDefinitions');
  if (!inner || !isAnswer) return { node: root, notices: [] };
  const tags = ownTags(fields.find((field) => field.name === 'tags')?.value);
  const others = fields.map((field) => field.name).filter((field) => !['taskDefinition', 'tags'].includes(field));
  const left = others.length > 0 ? `; ${someOf(others)} beside it ${others.length > 1 ? 'are' : 'is'} left out` : '';
  const notice = `${name} holds an answer of the AWS CLI: its taskDefinition is used${left}`;
  return { node: inner.value, ...(tags && { tags }), notices: [notice] };
}

/** Without those of AWS, which it sets by itself and refuses from others; an empty list it refuses too. */
function ownTags(tags: Node | undefined): Node | undefined {
  if (tags?.kind !== 'list') return tags;
  const items = tags.items.filter((tag) => !/^aws:/i.test(keyOf(tag)));
  return items.length > 0 ? { ...tags, items } : undefined;
}

function keyOf(tag: Node): string {
  const key = tag.kind === 'object' ? tag.fields.find(({ name }) => name === 'key')?.value : undefined;
  return key?.kind === 'scalar' ? String(key.value) : '';
}
