import { AwsRefusal } from '../service';
import { membersOf, type Shape } from './shape';

interface Tree {
  text?: string;
  readonly branches: Map<string, Tree>;
}

/**
 * Reads the parameters of a query request (`TargetGroupArns.member.1=…`) into the input of an operation.
 * @throws AwsRefusal ValidationError for a parameter that is not known, MalformedInput for one of the wrong type.
 */
export function readQuery(shape: Shape, form: URLSearchParams): unknown {
  const root: Tree = { branches: new Map() };
  for (const [name, text] of form) if (name !== 'Action' && name !== 'Version') plant(root, name, text);
  return readTree(shape, root, '');
}

function plant(root: Tree, name: string, text: string): void {
  let tree = root;
  for (const part of name.split('.')) {
    const branch = tree.branches.get(part) ?? { branches: new Map() };
    tree.branches.set(part, branch);
    tree = branch;
  }
  tree.text = text;
}

function readTree(shape: Shape, tree: Tree, place: string): unknown {
  if (shape.isListSchema()) return readList(shape, tree, place);
  if (shape.isMapSchema()) return readMap(shape, tree, place);
  if (shape.isStructSchema() || shape.isUnitSchema()) return readStructure(shape, tree, place);
  return readText(shape, tree, place);
}

function readStructure(shape: Shape, tree: Tree, place: string): unknown {
  const members = new Map([...membersOf(shape)].map(([name, member]) => [wireName(member, name), { name, member }]));
  const entries = [...tree.branches].map(([part, branch]) => {
    const known = members.get(part);
    if (!known) throw new AwsRefusal('ValidationError', `unknown parameter: ${place}${part}`);
    return [known.name, readTree(known.member, branch, `${place}${part}.`)];
  });
  return Object.fromEntries(entries);
}

/** An empty list is sent as one empty parameter. */
function readList(shape: Shape, tree: Tree, place: string): unknown {
  const item = shape.getValueSchema();
  const wire = wireName(item, 'member');
  const flat = shape.getMergedTraits().xmlFlattened;
  const items = flat ? tree : (tree.branches.get(wire) ?? { branches: new Map<string, Tree>() });
  return numbered(items).map(([number, branch]) => readTree(item, branch, `${place}${wire}.${number}.`));
}

function readMap(shape: Shape, tree: Tree, place: string): unknown {
  const entries = tree.branches.get('entry') ?? tree;
  const read = ([number, branch]: [string, Tree]) => {
    const { text: key = '' } = branch.branches.get('key') ?? {};
    const value = branch.branches.get('value') ?? { text: '', branches: new Map() };
    return [key, readTree(shape.getValueSchema(), value, `${place}entry.${number}.`)];
  };
  return Object.fromEntries(numbered(entries).map(read));
}

const numbered = (tree: Tree): [string, Tree][] => [...tree.branches].sort(([a], [b]) => Number(a) - Number(b));

function readText(shape: Shape, { text, branches }: Tree, place: string): unknown {
  const malformed = () => new AwsRefusal('MalformedInput', `wrong type of value at ${place.slice(0, -1)}`);
  if (text === undefined || branches.size > 0) throw malformed();
  if (shape.isBooleanSchema()) {
    if (text !== 'true' && text !== 'false') throw malformed();
    return text === 'true';
  }
  if (shape.isNumericSchema() || shape.isBigIntegerSchema()) {
    if (!/^-?\d+(\.\d+)?$/.test(text)) throw malformed();
    return Number(text);
  }
  return shape.isTimestampSchema() ? new Date(text) : text;
}

export const wireName = (shape: Shape, name: string): string => shape.getMergedTraits().xmlName ?? name;
