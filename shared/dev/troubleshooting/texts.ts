import type { Bindings, Exports } from './bindings';
import { nameOf, pieceOf, templateText } from './names';
import { isFunction, type SyntaxNode, walk } from './syntax';

/** How a text reaches the user: as a finding about an input, as a failure, as a warning or a note,
 * which end nothing, or as what was done before a failure.
 */
export type Kind = 'finding' | 'failure' | 'warning' | 'note' | 'done';

/** Where a text becomes an error: a class of errors, or a parameter of a function by its place. */
export interface Sink {
  readonly kind: Kind;
}

/** By the name of the function and the place of the parameter. */
export type Sinks = Map<string, Sink>;

/** What is known where an expression is read. */
export interface Reader {
  readonly bindings: Bindings;
  readonly exported: Exports;
  readonly around: readonly SyntaxNode[];
  readonly sinks: Sinks;
  readonly kind: Kind;
  readonly depth: number;
}

/** The texts that an expression may be. */
export function textsOf(node: SyntaxNode, reader: Reader): string[] {
  const part = (name: string) => node[name] as SyntaxNode;
  switch (node.type) {
    case 'StringLiteral':
      return [node['value'] as string];
    case 'TemplateLiteral':
      return [withHead(templateText(node), reader), ...reasonsIn(node, reader)];
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
    case 'SpreadElement':
    case 'AwaitExpression':
      return textsOf(part('argument'), reader);
    case 'ObjectExpression':
      return (node['properties'] as readonly SyntaxNode[]).flatMap(({ value }) =>
        value ? textsOf(value as SyntaxNode, reader) : [],
      );
    case 'ArrayExpression':
      return (node['elements'] as readonly SyntaxNode[]).flatMap((element) => textsOf(element, reader));
    case 'CallExpression':
      return [
        ...textsOfName(nameOf(part('callee')) ?? '', reader),
        ...textsOfCallback(node, reader),
        ...textsOfList(part('callee'), reader),
        ...textsOfEdited(part('callee'), reader),
      ];
    default:
      return [];
  }
}

/** The items of a list that is written out and joined, without those that are undefined. */
function textsOfList(callee: SyntaxNode, reader: Reader): string[] {
  const list = callee['object'] as SyntaxNode | undefined;
  if (!list || !/^(?:join|filter)$/.test(nameOf(callee) ?? '')) return [];
  return list.type === 'ArrayExpression' || list.type === 'CallExpression' ? textsOf(list, reader) : [];
}

/** A message whose beginning several have in common and is a constant of its file. */
function withHead(text: string, { bindings }: Reader): string {
  const [head, ...others] = bindings.get('head') ?? [];
  return head?.type === 'TemplateLiteral' && others.length === 0 ? text.replace('<head>', templateText(head)) : text;
}

/** A text to which something is done at once, as by `replace`. */
function textsOfEdited(callee: SyntaxNode, reader: Reader): string[] {
  const text = callee['object'] as SyntaxNode | undefined;
  return text && /^(?:Template|String)Literal$/.test(text.type) ? textsOf(text, reader) : [];
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
const reasonNames =
  /^(?:why\w*|what[A-Z]\w*|said|reason\w*|problem|next|more|how|end|cause|also|way|then|hint|howToSee|rule|unreadable)$/;

/** The sentences that a text may hold: why something failed, and what to do. */
function reasonsIn(node: SyntaxNode, reader: Reader): string[] {
  if (reader.depth > 4) return [];
  const values = node['expressions'] as readonly SyntaxNode[];
  const deeper = { ...reader, depth: reader.depth + 1 };
  return values.flatMap((value) => {
    const name = nameOf(value.type === 'CallExpression' ? (value['callee'] as SyntaxNode) : value) ?? '';
    const isReason = value.type === 'ConditionalExpression' || reasonNames.test(name) || isClause(name, reader);
    return isReason ? textsOf(value, deeper) : [];
  });
}

/** Whether a name stands for some words in a constant of its file. */
const isClause = (name: string, { bindings }: Reader) =>
  (bindings.get(name) ?? []).some(
    ({ type, value }) => type === 'StringLiteral' && /\w \w+ \w+ \w/.test(value as string),
  );

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
  if (depth > 4) return [];
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
