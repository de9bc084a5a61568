import type { Alias, Composer, Document, DocumentOptions, LineCounter, Node, ParseOptions, SchemaOptions } from 'yaml';

/** What is wrong with a text that should be YAML, in a line that quotes nothing of it: it may hold secrets. */
export interface YamlFault {
  readonly offset: number;
  /** The parser's own, or TOO_DEEP. */
  readonly code: string;
  readonly problem: string;
}

interface Places {
  /** Line and column of an offset, both from 1. */
  place(offset: number): { readonly line: number; readonly column: number };
}

/** A document taken apart. */
export interface Composed extends Places {
  readonly contents: Node | null;
  /** What each alias names; one that names nothing is missing. */
  readonly aliases: ReadonlyMap<Alias, Node>;
}

type Yaml = typeof import('yaml');
type Options = ParseOptions & DocumentOptions & SchemaOptions;

/** Nobody nests this deep by hand. The parser recurses, and its stack overflows at about 800 levels. */
const deepestText = 400;

/** Tokens of a text, white space included: eleven times what 64 KiB can hold. Each costs some microseconds. */
const mostTokens = 750_000;

/**
 * Takes one YAML document apart, in time that grows with its length. The library's own way does not: it collects every
 * error, compares every key with all before it, and walks the whole document for every alias. Keys that are given twice
 * are left to the caller.
 */
export function composeYaml(text: string, options: Options): Composed | ({ readonly fault: YamlFault } & Places) {
  // Loaded here: most files are JSON, and the parser costs more than the whole rendering of one.
  const yaml = require('yaml') as Yaml;
  const lines = new yaml.LineCounter();
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  try {
    const composer = new yaml.Composer({ ...options, uniqueKeys: false });
    stopAtFirstFault(composer);
    const document = onlyOne(composer.compose(tokensOf(text, yaml, lines), true, text.length));
    const contents = document.contents as Node | null;
    return { contents, aliases: aliasesIn(contents, yaml), place };
  } catch (error) {
    if (error instanceof Fault) return { fault: error, place };
    if (error instanceof RangeError) return { fault: tooDeep(0), place };
    throw error;
  }
}

class Fault extends Error implements YamlFault {
  constructor(
    readonly offset: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
  get problem(): string {
    return this.message;
  }
}

const tooDeep = (offset: number) => new Fault(offset, 'TOO_DEEP', `is nested more than ${deepestText} levels deep`);

type Source = number | readonly [number, number] | { readonly offset: number };

/** The library has no option for it, and each error costs far more than the text that causes it. */
function stopAtFirstFault(composer: Composer): void {
  const reporting = composer as unknown as { onError: (source: Source, code: string, message: string) => void };
  let first: Fault | undefined;
  reporting.onError = (source, code, message) => {
    const offset = typeof source === 'number' ? source : 'offset' in source ? source.offset : source[0];
    // On its way up the library catches what is thrown, and reports it here once more.
    first ??= code === 'RESOURCE_EXHAUSTION' ? tooDeep(offset) : new Fault(offset, code, inOwnWords(code, message));
    throw first;
  };
}

const words: Readonly<Record<string, string>> = {
  BAD_DIRECTIVE: 'a directive (%) that is not known',
  BAD_DQ_ESCAPE: 'an escape in double quotes that YAML does not have',
  TAG_RESOLVE_FAILED: 'a tag (!) that is not known; write a string that begins with ! in quotes',
};

/** What follows a colon in the library's messages is a piece of the text. */
const inOwnWords = (code: string, message: string) => words[code] ?? message.replace(/:\s.*$/s, '');

/** The parser's tokens. Its stack gives the depth, regardless of what quotes and comments contain. */
function* tokensOf(text: string, yaml: Yaml, lines: LineCounter) {
  const parser = new yaml.Parser(lines.addNewLine);
  lines.addNewLine(0);
  let hasDocument = false;
  let count = 0;
  const check = (token: { readonly type: string; readonly offset: number; readonly message?: string }) => {
    if (token.type === 'error') throw new Fault(token.offset, 'UNEXPECTED_TOKEN', inOwnWords('', token.message ?? ''));
    if (token.type === 'doc-end' && !hasDocument) {
      throw new Fault(token.offset, 'UNEXPECTED_TOKEN', 'Unexpected doc-end without preceding document');
    }
    hasDocument ||= token.type === 'document';
  };
  for (const lexeme of new yaml.Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      check(token as never);
      yield token;
    }
    if (parser.stack.length > deepestText) throw tooDeep(parser.offset);
    if (++count > mostTokens) throw new Fault(parser.offset, 'TOO_MANY', `has more than ${mostTokens} tokens`);
  }
  for (const token of parser.end()) {
    check(token as never);
    yield token;
  }
}

function onlyOne(documents: Iterable<Document.Parsed>): Document.Parsed {
  let first: Document.Parsed | undefined;
  for (const document of documents) {
    if (first) throw new Fault(document.range[0], 'MULTIPLE_DOCS', 'a second YAML document begins here');
    first = document;
  }
  const [error] = first!.errors;
  if (error) throw new Fault(error.pos[0], error.code, inOwnWords(error.code, error.message));
  return first!;
}

/** An alias means the last anchor of its name before it (YAML 1.2.2, 3.2.2.2). */
function aliasesIn(contents: Node | null, yaml: Yaml): Map<Alias, Node> {
  const anchors = new Map<string, Node>();
  const aliases = new Map<Alias, Node>();
  yaml.visit(contents, {
    Node(_, node) {
      const named = yaml.isAlias(node) ? anchors.get(node.source) : undefined;
      if (yaml.isAlias(node) && named) aliases.set(node, named);
      else if (!yaml.isAlias(node) && node.anchor) anchors.set(node.anchor, node as Node);
    },
  });
  return aliases;
}
