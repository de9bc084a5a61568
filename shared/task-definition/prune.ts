import { someOf } from '../excerpt';
import { type Path, showPath } from './document';
import { type FieldType, requiredOf } from './fields';
import { type Field, type Node, type ObjectNode, typeWithin } from './tree';

/** Why a part is left out of what is sent to ECS. */
type Reason = 'null' | 'empty' | 'comments';

/** What was left out of a task definition. */
export interface LeftOut {
  readonly count: number;
  readonly reasons: ReadonlySet<Reason>;
  /** The first few. */
  readonly paths: readonly string[];
}

/** Paths that are listed; the others are only counted. */
const mostTold = 3;

interface Notes {
  count: number;
  readonly reasons: Set<Reason>;
  readonly paths: string[];
}

/**
 * Leaves out what means nothing to ECS: `null`, which the SDK does not send either; the empty values that ECS refuses and
 * tools write; keys that are comments. Other empty values are kept, as is the order of all fields.
 */
export function prune(root: ObjectNode, type: FieldType): { readonly node: ObjectNode; readonly leftOut: LeftOut } {
  const notes: Notes = { count: 0, reasons: new Set(), paths: [] };
  return { node: pruneObject(root, type, [], notes), leftOut: notes };
}

/** `task.json: 52 fields are null or empty and were left out: taskRoleArn, …`; undefined where there is none. */
export function tellLeftOut(name: string, { count, reasons, paths }: LeftOut): string | undefined {
  if (count === 0) return undefined;
  const all = (['null', 'empty', 'comments'] as const).filter((reason) => reasons.has(reason)).join(' or ');
  const why = count === 1 && reasons.has('comments') ? 'a comment' : all;
  const rest = count - paths.length;
  const named = `${someOf(paths)}${rest > 0 ? ` and ${rest} more` : ''}`;
  return `${name}: ${count === 1 ? '1 field is' : `${count} fields are`} ${why} and left out: ${named}`;
}

function pruneObject(node: ObjectNode, type: FieldType | undefined, path: Path, notes: Notes): ObjectNode {
  const isStructure = type?.kind === 'structure';
  const fields = node.fields.flatMap((field): Field[] => {
    const here = [...path, field.name];
    if (isStructure && isComment(field.name)) return leaveOut('comments', here, notes);
    const inner = typeWithin(type, field.name);
    const value = prunePart(field.value, inner, here, notes);
    if (value === undefined) return [];
    const isPointless = isStructure && isEmptyToTools(value, inner, here);
    return isPointless ? leaveOut('empty', here, notes) : [value === field.value ? field : { ...field, value }];
  });
  return { ...node, fields };
}

function prunePart(node: Node, type: FieldType | undefined, path: Path, notes: Notes): Node | undefined {
  if (node.kind === 'object') return pruneObject(node, type, path, notes);
  if (node.kind === 'list') {
    const of = type?.kind === 'list' ? type.of : undefined;
    const items = node.items.flatMap((item, at): Node[] => {
      const here = [...path, at];
      const part = prunePart(item, of, here, notes);
      if (part === undefined) return [];
      return isBlankEntry(part, of, path) ? leaveOut('empty', here, notes) : [part];
    });
    return { ...node, items };
  }
  const isNull = node.value === null && !isEmptyText(node.written, type, path);
  if (isNull) leaveOut('null', path, notes);
  else if ((type?.kind === 'enum' || type?.kind === 'list') && node.value === '') leaveOut('empty', path, notes);
  else return node;
  return undefined;
}

/** In YAML, nothing written for the value of a variable, label or tag is the empty text: the pair has no other meaning. */
const isEmptyText = (written: string | undefined, type: FieldType | undefined, path: Path) =>
  written === '' && type?.kind === 'string' && (path[path.length - 1] === 'value' || isInMap(path));

const maps: ReadonlySet<unknown> = new Set(['dockerLabels', 'options', 'driverOpts', 'labels']);
const isInMap = (path: Path) => maps.has(path[path.length - 2]);

/** Also what YAML files keep for their anchors, by the convention of Compose: no field of AWS has a hyphen. */
const isComment = (name: string) => name === '$schema' || /^(\/\/|_comment|x-)/.test(name);

/** Texts that ECS refuses when they are empty: "Role is not valid", "Invalid 'cpu' setting for task." */
const emptyToTools = new Set(['credentialsParameter', 'taskRoleArn', 'executionRoleArn', 'cpu', 'memory']);

/**
 * Empty values that ECS refuses ("Tags can not be empty.") and tools write, such as the skeleton of the AWS CLI: a list of
 * tags, a secret of a registry, an object with nothing in it that must have some fields. That of a volume says what the volume is.
 */
function isEmptyToTools(node: Node, type: FieldType | undefined, path: Path): boolean {
  if (node.kind === 'list') return node.items.length === 0 && path.length === 1 && path[0] === 'tags';
  if (node.kind === 'scalar') return node.value === '' && emptyToTools.has(String(path[path.length - 1]));
  return needsFields(type) && isBlank(node) && path[0] !== 'volumes';
}

/** `{"name": "", "value": ""}` in a list, as the skeleton of the AWS CLI has them; a container is never left out. */
const isBlankEntry = (node: Node, of: FieldType | undefined, path: Path): boolean =>
  node.kind === 'object' && needsFields(of) && isBlank(node) && path[path.length - 1] !== 'containerDefinitions';

const needsFields = (type: FieldType | undefined): boolean =>
  type?.kind === 'structure' && requiredOf(type.name).length > 0;

/** Whether a part holds nothing but empty texts, lists and objects. */
function isBlank(node: Node): boolean {
  if (node.kind === 'list') return node.items.length === 0;
  return node.kind === 'scalar' ? node.value === '' : node.fields.every(({ value }) => isBlank(value));
}

function leaveOut(reason: Reason, path: Path, notes: Notes): never[] {
  notes.count++;
  notes.reasons.add(reason);
  if (notes.paths.length < mostTold) notes.paths.push(showPath(path));
  return [];
}
