import { type SourceFile, type SyntaxNode, walk } from './syntax';

/** A text of the code that a user may read as an error. */
export interface Message {
  readonly path: string;
  readonly line: number;
  /** With `<name>` where a value stands. */
  readonly text: string;
  /** Told as a finding about an input; else as a failure. */
  readonly isFinding: boolean;
}

/** Where a text becomes an error: a class of errors, or a parameter of a function by its place. */
interface Sink {
  readonly isFinding: boolean;
}

/** By the name of the function and the place of the parameter. */
type Sinks = Map<string, Sink>;

const isFunction = ({ type }: SyntaxNode) =>
  /^(ArrowFunctionExpression|FunctionDeclaration|FunctionExpression|ObjectMethod|ClassMethod|ClassPrivateMethod)$/.test(
    type,
  );

/**
 * The texts of all errors in these files. A text counts where it is given to a class of errors or stands as the `problem` of
 * a finding, directly, through a variable or a function, or as an argument of a function that hands it on.
 */
export function messagesIn(files: readonly SourceFile[]): readonly Message[] {
  const sinks: Sinks = new Map();
  const exported = exportsOf(files);
  let before = -1;
  let found: Message[] = [];
  // Each round finds the functions that hand a text on to those of the round before.
  while (sinks.size !== before) {
    before = sinks.size;
    found = files.flatMap((file) => messagesOf(file, sinks, exported));
  }
  const seen = new Set<string>();
  return found.filter(({ path, text }) => isSentence(text) && seen.size !== seen.add(`${path} ${text}`).size);
}

/** Enough words to be looked for. */
const isSentence = (text: string) => (text.replace(/<[^>]*>/g, '').match(/[A-Za-z]{2,}/g) ?? []).length >= 2;

function messagesOf({ path, tree }: SourceFile, sinks: Sinks, exported: Exports): Message[] {
  const messages: Message[] = [];
  const bindings = bindingsIn(tree);
  walk(tree, (node, around) => {
    for (const { expression, isFinding } of givenAt(node, sinks, path)) {
      const reader = { bindings, exported, around, sinks, isFinding, depth: 0 };
      const line = node.loc?.start.line ?? 0;
      for (const text of textsOf(expression, reader)) messages.push({ path, line, text: tidy(text), isFinding });
    }
  });
  return messages;
}

const tidy = (text: string) => text.replace(/\s+/g, ' ').trim();

/** The expressions that a node makes to errors. */
function givenAt(node: SyntaxNode, sinks: Sinks, path: string): { expression: SyntaxNode; isFinding: boolean }[] {
  const args = (node['arguments'] ?? []) as readonly SyntaxNode[];
  const callee = node['callee'] as SyntaxNode | undefined;
  const name = callee && nameOf(callee);
  if (node.type === 'NewExpression' && /(Error|Refusal|Trouble|Failure)$/.test(name ?? '')) {
    return args.slice(0, 1).map((expression) => ({ expression, isFinding: false }));
  }
  if (node.type === 'ObjectProperty' && isProblem(nameOf(node['key'] as SyntaxNode), path)) {
    return [{ expression: node['value'] as SyntaxNode, isFinding: true }];
  }
  if (node.type !== 'CallExpression') return [];
  return args.flatMap((expression, place) => {
    const sink = sinks.get(`${name} ${place}`);
    return sink ? [{ expression, isFinding: sink.isFinding }] : [];
  });
}

/** Properties whose texts become errors; the plan of a deployment tells with `why` what it is going to do. */
const isProblem = (name = '', path: string) =>
  /^(?:problem|rule|reason)$/.test(name) || (name === 'why' && !path.includes('/plan/'));

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
  readonly isFinding: boolean;
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
    case 'CallExpression':
      return textsOfName(nameOf(part('callee')) ?? '', reader);
    default:
      return [];
  }
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
  const { around, sinks, isFinding, exported, depth } = reader;
  for (const [at, holder] of around.entries()) {
    if (!isFunction(holder)) continue;
    const place = ((holder['params'] ?? []) as readonly SyntaxNode[]).findIndex((param) => nameOf(param) === name);
    const called = nameOf((holder['id'] ?? holder['key'] ?? around[at - 1]?.['id']) as SyntaxNode);
    if (place >= 0 && called && !sinks.has(`${called} ${place}`)) sinks.set(`${called} ${place}`, { isFinding });
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

function templateText(node: SyntaxNode): string {
  const quasis = node['quasis'] as readonly { readonly value: { readonly cooked: string } }[];
  const values = node['expressions'] as readonly SyntaxNode[];
  return quasis.map(({ value }, at) => value.cooked + (values[at] ? pieceOf(values[at]) : '')).join('');
}

/** An expression in the middle of a text: its own text, or the name of its value. */
function pieceOf(node: SyntaxNode): string {
  if (node.type === 'StringLiteral') return node['value'] as string;
  if (node.type === 'TemplateLiteral') return templateText(node);
  if (node.type === 'BinaryExpression')
    return `${pieceOf(node['left'] as SyntaxNode)}${pieceOf(node['right'] as SyntaxNode)}`;
  const label = labelOf(node);
  return label ? `<${label}>` : '…';
}

/** What a value is, in a word. */
function labelOf(node: SyntaxNode): string | undefined {
  if (node.type === 'CallExpression') {
    const [first] = node['arguments'] as readonly SyntaxNode[];
    const callee = node['callee'] as SyntaxNode;
    // Of `names.join(', ')` the names tell more than the join.
    const object = /MemberExpression$/.test(callee.type) ? labelOf(callee['object'] as SyntaxNode) : undefined;
    return (first && labelOf(first)) ?? object ?? nameOf(callee);
  }
  if (node.type === 'TSNonNullExpression' || node.type === 'TSAsExpression')
    return labelOf(node['expression'] as SyntaxNode);
  return nameOf(node);
}

/** The name that an identifier, a member or a parameter has. */
function nameOf(node: SyntaxNode | undefined): string | undefined {
  if (!node) return undefined;
  if (node.type === 'Identifier') return node['name'] as string;
  if (node.type === 'PrivateName') return nameOf(node['id'] as SyntaxNode);
  if (node.type === 'AssignmentPattern') return nameOf(node['left'] as SyntaxNode);
  if (/MemberExpression$/.test(node.type) && node['computed'] !== true) return nameOf(node['property'] as SyntaxNode);
  return undefined;
}
