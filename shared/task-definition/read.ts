import { type Finding, InputError } from '../errors';
import { someOf } from '../excerpt';
import type { TaskDefinitionDocument } from './document';
import { taskDefinitionType } from './fields';
import { hintForList, otherKindOf } from './other-kinds';
import { readPlainJson } from './plain-json';
import { prune, tellLeftOut } from './prune';
import { readJson } from './read-json';
import { readYaml } from './read-yaml';
import { buildObject, type Field, type Node, type ObjectNode, type OnTwice, offsetOf, placesIn } from './tree';

/** Sixteen times what ECS accepts (64 KiB); beyond it the file is not a task definition. */
export const largestFile = 1024 * 1024;

/**
 * Reads a task definition from JSON, JSON with comments and trailing commas, or YAML. `name` is what the user calls the
 * file; its ending decides, and without a telling one the first character does. YAML in a file that is called JSON is read too,
 * as other tools do. Whether it is a sound task definition, checkTaskDefinition tells.
 *
 * @throws InputError with the line of what cannot be read.
 */
export function readTaskDefinition(text: string, name: string): TaskDefinitionDocument {
  const plain = text.replace(/^\uFEFF/, '');
  if (Buffer.byteLength(plain) > largestFile) throw fault(name, tooLarge);
  if (plain.trim() === '') throw fault(name, 'is empty; it should hold a task definition');
  const warnings: Finding[] = [];
  const quick = isYaml(plain, name) ? undefined : readPlainJson(plain);
  const { node, notices } = take(quick ?? readTree(plain, name, (finding) => warnings.push(finding)), name);
  let placed = quick ? undefined : node;
  const placeOf = placesIn(plain);
  return {
    name,
    value: buildObject(node, taskDefinitionType),
    notices,
    warnings,
    locate(path) {
      // Most files have nothing to tell, and need no places.
      placed ??= take(
        readTree(plain, name, () => {}),
        name,
      ).node;
      return placeOf(offsetOf(placed, path));
    },
  };
}

interface Taken {
  readonly node: ObjectNode;
  readonly notices: readonly string[];
}

/** The task definition in a file, and what was left out of it. @throws InputError */
function take(root: Node, name: string): Taken {
  const { node: whole, notices } = unwrap(root, name);
  if (whole.kind !== 'object') {
    const hint = hintForList(whole);
    throw fault(name, `must hold one object, the task definition; got a ${kindOf(whole)}${hint}`);
  }
  const other = otherKindOf(whole);
  if (other !== undefined) throw fault(name, other);
  const { node, leftOut } = prune(whole, taskDefinitionType);
  const told = tellLeftOut(name, leftOut);
  return { node, notices: told === undefined ? notices : [...notices, told] };
}

/** The problem of a file over the limit. */
export const tooLarge = 'is larger than 1 MiB; a task definition has at most 64 KiB';

const fault = (where: string, problem: string) => new InputError([{ where, problem }]);

function readTree(text: string, name: string, warn: OnTwice): Node {
  if (isYaml(text, name)) return readYaml(text, name, undefined, warn);
  return yamlInJson(text, name, warn) ?? readJson(text, name, warn);
}

/** What no JSON begins with, and YAML reads as a task definition; undefined for all else, of which JSON tells what is wrong. */
function yamlInJson(text: string, name: string, warn: OnTwice): Node | undefined {
  if (looksLikeJson(text)) return undefined;
  try {
    const root = readYaml(text, name, undefined, warn);
    const names = root.kind === 'object' ? root.fields.map((field) => field.name) : [];
    if (!names.includes('containerDefinitions') && !names.includes('taskDefinition')) return undefined;
    warn({ where: name, problem: 'holds YAML, not JSON; it is read as YAML' });
    return root;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

function isYaml(text: string, name: string): boolean {
  if (/\.ya?ml$/i.test(name)) return true;
  if (/\.jsonc?$/i.test(name)) return false;
  return !looksLikeJson(text);
}

const looksLikeJson = (text: string) => /^\s*(\{|\[|\/\/|\/\*)/.test(text);

const kindOf = (node: Node) => (node.kind === 'scalar' ? 'single value' : node.kind);

interface Unwrapped {
  readonly node: Node;
  readonly notices: readonly string[];
}

/** The AWS CLI answers `{"taskDefinition": {…}, "tags": […]}`; the tags are put where RegisterTaskDefinition takes them. */
function unwrap(root: Node, name: string): Unwrapped {
  const fields = root.kind === 'object' ? root.fields : [];
  const inner = fields.find((field) => field.name === 'taskDefinition');
  const isAnswer = inner?.value.kind === 'object' && !fields.some((field) => field.name === 'containerDefinitions');
  if (!inner || !isAnswer) return { node: root, notices: [] };
  const own = inner.value.kind === 'object' ? inner.value.fields.filter((field) => field.name !== 'tags') : [];
  const tags = fields.flatMap((field) => (field.name === 'tags' ? ownTags(field) : []));
  const others = fields.map((field) => field.name).filter((field) => !['taskDefinition', 'tags'].includes(field));
  const left = others.length > 0 ? `; ${someOf(others)} beside it ${others.length > 1 ? 'are' : 'is'} left out` : '';
  const notice = `${name} holds an answer of the AWS CLI: its taskDefinition is used${left}`;
  return { node: { kind: 'object', at: inner.value.at, fields: [...own, ...tags] }, notices: [notice] };
}

/** Without those of AWS, which it sets by itself and refuses from others; an empty list it refuses too. */
function ownTags(field: Field): Field[] {
  if (field.value.kind !== 'list') return [field];
  const items = field.value.items.filter((tag) => !/^aws:/i.test(keyOf(tag)));
  return items.length > 0 ? [{ ...field, value: { ...field.value, items } }] : [];
}

function keyOf(tag: Node): string {
  const key = tag.kind === 'object' ? tag.fields.find(({ name }) => name === 'key')?.value : undefined;
  return key?.kind === 'scalar' ? String(key.value) : '';
}
