// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of a workflow are written so.

import { posix } from 'node:path';
import { splitWords } from '../../../shared/shell-split';

/** What a value of a script holds that is not plain text. */
export type Piece =
  /** An expression of the host, such as `${{ github.sha }}` or `${Build.tag}`: it stays as it is. */
  | { readonly kind: 'expression'; readonly text: string }
  /** The account of the credentials. */
  | { readonly kind: 'account' }
  /** What only the shell knows. */
  | { readonly kind: 'unknown'; readonly text: string };

const [open, close] = ['\uE000', '\uE001'];
const marker = /\uE000(\d+)\uE001/g;

/** How the host of a script writes what is not the shell's. */
export interface HostOfScript {
  readonly expression: RegExp;
  /** Its expression for the commit that is built. */
  readonly commit: string;
  /** Whether an expression is known to hold a name of an image without a tag. */
  readonly isUntagged: (text: string) => boolean;
}

/** One command of a script: its words with variables filled in, and the file that `>>` names. */
export interface Command {
  readonly words: readonly string[];
  readonly appendsTo?: string;
  /** As written, for messages. */
  readonly written: string;
  /** Whether the next command reads what it prints. */
  readonly isPiped: boolean;
}

const unknownIn = (text: string): Piece => ({ kind: 'unknown', text });

/** Reads a shell script as far as scripts that build images go: assignments, words, pipes; no loops and conditions. */
export class ScriptReader {
  readonly #pieces: Piece[] = [];
  readonly #host: HostOfScript;
  readonly variables: Map<string, string>;

  constructor(host: HostOfScript, variables: Readonly<Record<string, string>>) {
    this.#host = host;
    this.variables = new Map();
    for (const [name, value] of Object.entries(variables)) this.variables.set(name, this.keep(value));
  }

  /** A text of the host, its expressions kept from the shell. */
  keep(text: string): string {
    return text.replace(this.#host.expression, (found) => this.mark({ kind: 'expression', text: found }));
  }

  mark(piece: Piece): string {
    const key = JSON.stringify(piece);
    const known = this.#pieces.findIndex((one) => JSON.stringify(one) === key);
    // The same piece is the same text, so that names with it can be compared.
    const at = known >= 0 ? known : this.#pieces.push(piece) - 1;
    return `${open}${at}${close}`;
  }

  /** The value as the host is to read it. */
  show(value: string): string {
    return value.replace(marker, (_, at: string) => {
      const piece = this.#pieces[Number(at)]!;
      return piece.kind === 'account' ? '$(aws sts get-caller-identity …)' : piece.text;
    });
  }

  /** The first part of a value that only the shell knows. */
  unknownIn(value: string): string | undefined {
    const pieces = [...value.matchAll(marker)].map(([, at]) => this.#pieces[Number(at)]!);
    return pieces.flatMap((piece) => (piece.kind === 'unknown' ? piece.text : []))[0];
  }

  /** Whether a name may end in a tag that only the host knows. */
  mayHoldTag(name: string): boolean {
    const [, at] = /\uE000(\d+)\uE001$/.exec(name) ?? [];
    const piece = at === undefined ? undefined : this.#pieces[Number(at)];
    return piece?.kind === 'expression' && !this.#host.isUntagged(piece.text);
  }

  /** Whether a value is the account of the credentials, and nothing else. */
  isAccount(value: string): boolean {
    const [, at] = /^\uE000(\d+)\uE001$/.exec(value) ?? [];
    return at !== undefined && this.#pieces[Number(at)]?.kind === 'account';
  }

  /** The commands of a script in their order, or what in it cannot be read. Variables are filled in as they are set. */
  *commands(script: string): Generator<Command | { readonly problem: string }> {
    const text = this.#withoutSubstitutions(this.keep(script).replace(/\\\r?\n[ \t]*/g, ' '));
    for (const { written, isPiped, hasFallback } of statements(text)) {
      const shown = this.show(written).trim();
      if (hasFallback && !/^(docker (pull|rmi|inspect)|true|:)/.test(shown)) yield { problem: shown };
      else yield this.#read(written, { written: shown, isPiped });
    }
  }

  #read(written: string, rest: Pick<Command, 'written' | 'isPiped'>): Command | { readonly problem: string } {
    const [, body = '', appendsTo] = /^(.*?)(?:\s*(?:\d?>>?|&>)\s*(\S+))?(?:\s*2>&1)?$/s.exec(written) ?? [];
    if (/'[^']*\$[^']*'/.test(body)) return { problem: rest.written };
    const split = splitWords(body);
    if ('problem' in split) return { problem: rest.written };
    const words = split.words.map((word) => this.#filled(word));
    return { ...rest, words, ...(appendsTo && { appendsTo: appendsTo.replace(/["{}]/g, '') }) };
  }

  #filled(word: string): string {
    return word.replace(/\$\{([^}]*)\}|\$(\w+)/g, (found, braced: string | undefined, bare: string | undefined) => {
      const name = braced ?? bare!;
      return this.variables.get(name) ?? this.mark(unknownIn(found));
    });
  }

  /** `$(…)` and backticks, as far as their output is known. */
  #withoutSubstitutions(text: string): string {
    return text.replace(/\$\(((?:[^()]|\([^()]*\))*)\)|`([^`]*)`/g, (found, inner?: string, old?: string) => {
      const command = (inner ?? old ?? '').trim();
      if (/^aws sts get-caller-identity\b/.test(command) && /Account|awk '\{ ?print \$1 ?\}'/.test(command)) {
        return this.mark({ kind: 'account' });
      }
      if (/^git rev-parse HEAD$/.test(command)) return this.mark({ kind: 'expression', text: this.#host.commit });
      return this.mark(unknownIn(found));
    });
  }
}

interface Statement {
  readonly written: string;
  readonly isPiped: boolean;
  readonly hasFallback: boolean;
}

/** Commands by line break, `;`, `&&`, `|` and `||`, those in quotes left whole. Comments are left out. */
function* statements(text: string): Generator<Statement> {
  const pattern = /"(?:[^"\\]|\\.)*"|'[^']*'|\\.|(?<=^|\s)#[^\n]*|\|\||&&|[;|\n]|[^"'\\#;|&\n]+|[#&"']/gs;
  let written = '';
  let hasFallback = false;
  for (const [part] of [...text.matchAll(pattern), ['\n']] as RegExpMatchArray[]) {
    if (part!.startsWith('#')) continue;
    if (!['\n', ';', '|', '||', '&&'].includes(part!)) {
      written += part;
      continue;
    }
    // What follows `||` only says what is done in a failure.
    if (written.trim() && !hasFallback)
      yield { written: written.trim(), isPiped: part === '|', hasFallback: part === '||' };
    hasFallback = part === '||';
    written = '';
  }
}

/** The comments of a script, as lines of a YAML file. */
export const commentsIn = (script: string): string[] =>
  script.split('\n').flatMap((line) => (/^\s*#(?!!)/.test(line) ? [line.trim()] : []));

/** A path as seen from a folder; one that begins at the root, or at GitHub's workspace, stays as it is. */
export function joinPath(folder: string, path: string, reader: ScriptReader): string {
  const isWhole = path.startsWith('/') || /^\$\{\{\s*github\.workspace\s*\}\}/.test(reader.show(path));
  return isWhole ? path : posix.join(folder, path);
}
