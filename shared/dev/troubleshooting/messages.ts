import { bindingsIn, type Exports, exportsOf } from './bindings';
import { nameOf } from './names';
import { type SourceFile, type SyntaxNode, walk } from './syntax';
import { type Kind, type Sinks, textsOf } from './texts';

/** A text of the code that a user may read as an error or a warning. */
export interface Message {
  readonly path: string;
  readonly line: number;
  /** With `<name>` where a value stands. */
  readonly text: string;
  readonly kind: Kind;
}

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
  return found.filter(
    ({ path, text, kind }) => isSentence(text) && seen.size !== seen.add(`${kind} ${path} ${text}`).size,
  );
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

/** One line; what ends with a colon is the beginning of a message, and what begins with another message is the rest of it. */
const tidy = (text: string) =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/:$/, ': …')
    .replace(/^<\w+>[;.] /, '');

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
  const list = name === 'push' ? lists[nameOf((callee as SyntaxNode)['object'] as SyntaxNode) ?? ''] : undefined;
  if (list) return args.map((expression) => ({ expression, kind: list }));
  if (node.type === 'VariableDeclarator' && node['init']) {
    const kind = lists[nameOf(node['id'] as SyntaxNode) ?? ''];
    return kind ? [{ expression: node['init'] as SyntaxNode, kind }] : [];
  }
  if (node.type === 'ObjectProperty') {
    const kind = kindOf(nameOf(node['key'] as SyntaxNode), path);
    return kind ? [{ expression: node['value'] as SyntaxNode, kind }] : [];
  }
  if (node.type !== 'CallExpression') return [];
  return args.flatMap((expression, place) => {
    const sink = sinks.get(`${name} ${place}`);
    return sink ? [{ expression, kind: sink.kind }] : [];
  });
}

/** Variables that hold texts for the user: lists of them, and what is not known of a change whose answer was lost. */
const lists: Readonly<Record<string, Kind>> = {
  problems: 'finding',
  notices: 'note',
  uncertain: 'failure',
  done: 'done',
  refusals: 'finding',
};

/** Properties whose texts are told and end nothing. */
const notes = /^(?:notices|unknown|unread|unused)$/;

/** Properties whose texts become errors, such as the exceptions of AWS. */
const problems = /^(?:problem|rule|reason|missing|cause|\w+Exception|E[A-Z]{3,})$/;

/** How the text of a property reaches the user, if it does. The plan of a deployment tells with `why` what it is going to do. */
function kindOf(name = '', path: string): Kind | undefined {
  if (name === 'warning') return 'warning';
  if (notes.test(name)) return 'note';
  return problems.test(name) || (name === 'why' && !path.includes('/plan/')) ? 'finding' : undefined;
}
