import { nameOf, pieceOf, templateText } from './names';
import { isFunction, type SourceFile, type SyntaxNode, walk } from './syntax';

/** How a text reaches the user: as a finding about an input, as a failure, or as a warning, which ends nothing. */
export type Kind = 'finding' | 'failure' | 'warning';

/** A text of the code that a user may read as an error or a warning. */
export interface Message {
  readonly path: string;
  readonly line: number;
  /** With `<name>` where a value stands. */
  readonly text: string;
  readonly kind: Kind;
}

/** Where a text becomes an error: a class of errors, or a parameter of a function by its place. */
interface Sink {
  readonly kind: Kind;
}

/** By the name of the function and the place of the parameter. */
type Sinks = Map<string, Sink>;

/** The ways of a text to the user. */
interface Ways {
  readonly sinks: Sinks;
  /** Names of the classes of errors. */
  readonly errors: ReadonlySet<string>;
}

/** The classes that are errors, by what they extend. */
function errorClasses(files: readonly SourceFile[]): ReadonlySet<string> {
  const names = new Set(['Error']);
  let before = 0;
  while (names.size !== before) {
    before = names.size;
    for (const { tree } of files) {
      walk(tree, (node) => {
        const parent = node.type === 'ClassDeclaration' ? nameOf(node['superClass'] as SyntaxNode) : undefined;
        if (parent && names.has(parent)) names.add(nameOf(node['id'] as SyntaxNode) ?? '');
      });
    }
  }
  return names;
}

/**
 * The texts of all errors in these files. A text counts where it is given to a class of errors or stands as the `problem` of
 * a finding, directly, through a variable or a function, or as an argument of a function that hands it on.
 */
export function messagesIn(files: readonly SourceFile[]): readonly Message[] {
  const sinks: Sinks = new Map();
  const exported = exportsOf(files);
  const ways = { sinks, errors: errorClasses(files) };
  let before = -1;
  let found: Message[] = [];
  // Each round finds the functions that hand a text on to those of the round before.
  while (sinks.size !== before) {
    before = sinks.size;
    found = files.flatMap((file) => messagesOf(file, ways, exported));
  }
  const seen = new Set<string>();
  return found.filter(({ path, text }) => isSentence(text) && seen.size !== seen.add(`${path} ${text}`).size);
}

/** Enough words to be looked for. */
const isSentence = (text: string) => (text.replace(/<[^>]*>/g, '').match(/[A-Za-z]{2,}/g) ?? []).length >= 2;

function messagesOf({ path, tree }: SourceFile, ways: Ways, exported: Exports): Message[] {
  const messages: Message[] = [];
  const bindings = bindingsIn(tree);
  walk(tree, (node, around) => {
    for (const { expression, kind } of givenAt(node, ways, path)) {
      const reader = { bindings, exported, around, sinks: ways.sinks, kind, depth: 0 };
      const line = node.loc?.start.line ?? 0;
      for (const text of textsOf(expression, reader)) messages.push({ path, line, text: tidy(text), kind });
    }
  });
  return messages;
}

const tidy = (text: string) => text.replace(/\s+/g, ' ').trim();

/** The expressions that a node makes to errors. */
function givenAt(node: SyntaxNode, { sinks, errors }: Ways, path: string): { expression: SyntaxNode; kind: Kind }[] {
  const args = (node['arguments'] ?? []) as readonly SyntaxNode[];
  const callee = node['callee'] as SyntaxNode | undefined;
  const name = callee && nameOf(callee);
  if (
    (node.type === 'NewExpression' && (errors.has(name ?? '') || name?.endsWith('Error'))) ||
    callee?.type === 'Super'
  ) {
    return args.slice(0, 1).map((expression) => ({ expression, kind: 'failure' }));
  }
  if (name === 'warn') return args.slice(0, 1).map((expression) => ({ expression, kind: 'warning' }));
  if (name === 'push' && nameOf((callee as SyntaxNode)['object'] as SyntaxNode) === 'problems') {
    return args.map((expression) => ({ expression, kind: 'finding' }));
  }
  if (node.type === 'VariableDeclarator' && nameOf(node['id'] as SyntaxNode) === 'problems' && node['init']) {
    return [{ expression: node['init'] as SyntaxNode, kind: 'finding' }];
  }
  if (node.type === 'ObjectProperty' && isProblem(nameOf(node['key'] as SyntaxNode), path)) {
    return [{ expression: node['value'] as SyntaxNode, kind: 'finding' }];
  }
  if (node.type !== 'CallExpression') return [];
  return args.flatMap((expression, place) => {
    const sink = sinks.get(`${name} ${place}`);
    return sink ? [{ expression, kind: sink.kind }] : [];
  });
}

/** Properties whose texts become errors, such as the exceptions of AWS; the plan of a deployment tells with `why` what it is going to do. */
const isProblem = (name = '', path: string) =>
  /^(?:problem|rule|reason|missing|cause|\w+Exception|E[A-Z]{3,})$/.test(name) ||
  (name === 'why' && !path.includes('/plan/'));

/** The values of a name; a file may use one for several. */
type Bindings = ReadonlyMap<string, readonly SyntaxNode[]>;

/** What the files export, each with what the names of its file stand for. */
type Exports = ReadonlyMap<string, { readonly nodes: readonly SyntaxNode[]; readonly bindings: Bindings }>;

function exportsOf(files: readonly SourceFile[]): Exports {
  const exported = new Map<string, { nodes: readonly SyntaxNode[]; bindings: Bindings }>();
  for (const { tree } of files) {
    const bindings = bindingsIn(tree);
    walk(tree, (node) => {
      if (node.type !== 'ExportNamedDeclaration' || !node['declaration']) return;
      for (const [name, nodes] of bindingsIn(node['declaration'] as SyntaxNode))
        exported.set(name, { nodes, bindings });
    });
  }
  return exported;
}

/** What names of a file stand for: the values of constants and the functions. */
function bindingsIn(tree: SyntaxNode): Bindings {
  const bindings = new Map<string, SyntaxNode[]>();
  const bind = (name: string | undefined, value: SyntaxNode) =>
    void bindings.set(name ?? '', [...(bindings.get(name ?? '') ?? []), value]);
  walk(tree, (node) => {
    const id = node['id'] as SyntaxNode | undefined;
    if (node.type === 'VariableDeclarator' && id && node['init']) bind(nameOf(id), node['init'] as SyntaxNode);
    if (node.type === 'FunctionDeclaration' && id) bind(nameOf(id), node);
  });
  return bindings;
}

interface Reader {
  readonly bindings: Bindings;
  readonly exported: Exports;
  readonly around: readonly SyntaxNode[];
  readonly sinks: Sinks;
  readonly kind: Kind;
  readonly depth: number;
}

/** The texts that an expression may be. */
function textsOf(node: SyntaxNode, reader: Reader): string[] {
  const part = (name: string) => node[name] as SyntaxNode;
  switch (node.type) {
    case 'StringLiteral':
      return [node['value'] as string];
    case 'TemplateLiteral':
      return [templateText(node), ...reasonsIn(node, reader)];
    case 'ConditionalExpression':
      return [...textsOf(part('consequent'), reader), ...textsOf(part('alternate'), reader)];
    case 'LogicalExpression':
      return [...textsOf(part('left'), reader), ...textsOf(part('right'), reader)];
    case 'BinaryExpression':
      return [`${pieceOf(part('left'))}${pieceOf(part('right'))}`];
    case 'TSAsExpression':
    case 'TSNonNullExpression':
      return textsOf(part('expression'), reader);
    case 'Identifier':
      return textsOfName(nameOf(node) ?? '', reader);
    case 'AwaitExpression':
      return textsOf(part('argument'), reader);
    case 'ArrayExpression':
      return (node['elements'] as readonly SyntaxNode[]).flatMap((element) => textsOf(element, reader));
    case 'CallExpression':
      return [...textsOfName(nameOf(part('callee')) ?? '', reader), ...textsOfCallback(node, reader)];
    default:
      return [];
  }
}

/** What a list becomes by `map` or `flatMap`. */
function textsOfCallback(node: SyntaxNode, reader: Reader): string[] {
  const [callback] = node['arguments'] as readonly SyntaxNode[];
  if (!/^(?:map|flatMap)$/.test(nameOf(node['callee'] as SyntaxNode) ?? '') || !callback || !isFunction(callback))
    return [];
  return returnsOf(callback).flatMap((value) =>
    textsOf(value, { ...reader, around: [callback], depth: reader.depth + 1 }),
  );
}

/** Names of values that are sentences of their own within a text. */
const reasonNames = /^(?:why\w*|said|reason\w*|problem|next|more|how|end|cause|also|way|then|hint|howToSee|rule)$/;

/** The sentences that a text may hold: why something failed, and what to do. */
function reasonsIn(node: SyntaxNode, reader: Reader): string[] {
  if (reader.depth > 3) return [];
  const values = node['expressions'] as readonly SyntaxNode[];
  const deeper = { ...reader, depth: reader.depth + 1 };
  return values.flatMap((value) => {
    const name = nameOf(value.type === 'CallExpression' ? (value['callee'] as SyntaxNode) : value) ?? '';
    return value.type === 'ConditionalExpression' || reasonNames.test(name) ? textsOf(value, deeper) : [];
  });
}

/** A name may be a parameter, whose texts its callers give; a constant; or a function, whose texts it returns. */
function textsOfName(name: string, reader: Reader): string[] {
  const { around, sinks, kind, exported, depth } = reader;
  for (const [at, holder] of around.entries()) {
    if (!isFunction(holder)) continue;
    const place = ((holder['params'] ?? []) as readonly SyntaxNode[]).findIndex((param) => nameOf(param) === name);
    const called = nameOf((holder['id'] ?? holder['key'] ?? around[at - 1]?.['id']) as SyntaxNode);
    if (place >= 0 && called && !sinks.has(`${called} ${place}`)) sinks.set(`${called} ${place}`, { kind });
    if (place >= 0) return [];
  }
  const own = reader.bindings.get(name);
  const bound = own ?? exported.get(name)?.nodes ?? [];
  if (depth > 3) return [];
  const deeper = {
    ...reader,
    bindings: own ? reader.bindings : (exported.get(name)?.bindings ?? new Map()),
    depth: depth + 1,
  };
  return bound.flatMap((node) =>
    isFunction(node)
      ? returnsOf(node).flatMap((value) => textsOf(value, { ...deeper, around: [node] }))
      : textsOf(node, deeper),
  );
}

/** What a function returns. */
function returnsOf(holder: SyntaxNode): SyntaxNode[] {
  const body = holder['body'] as SyntaxNode;
  if (body.type !== 'BlockStatement') return [body];
  const values: SyntaxNode[] = [];
  walk(body, (node, around) => {
    if (node.type === 'ReturnStatement' && node['argument'] && !around.some(isFunction))
      values.push(node['argument'] as SyntaxNode);
  });
  return values;
}
