/** Variables and quotes in Dockerfile words, as Docker's shell lexer reads them. */

import { BuildProblem } from './problem';
import { piece, quoted } from './quote';

/** The builders that cut patterns off a value, with `${name#pattern}` and the like. */
const knowPatterns = ['docker with BuildKit', 'finch'];

/** Eight times what Linux lets a program have as one variable (MAX_ARG_STRLEN); variables that hold each other double it. */
export const longestWord = 1024 * 1024;
/** As much as four Dockerfiles of the largest size. */
export const longestDocument = 8 * 1024 * 1024;
/** Far more than anybody can read; each level is a call within another. */
export const deepestNesting = 100;

/** The value of a variable; undefined where it is not set. */
export type Lookup = (name: string) => string | undefined;

/**
 * Expands `$name`, `${name}` and `${name:-word}`, `:+`, `:?` (and without the colon, where only unset counts), and
 * removes quotes: nothing is expanded in single quotes.
 *
 * @param escaper the escape character of the Dockerfile.
 * @throws BuildProblem, also where the result is longer than 1 MiB
 */
export function expandWord(word: string, lookup: Lookup, escaper: string): string {
  return new Lexer(word, lookup, escaper).read();
}

/** Expands a document in the same way, but that quotes stand for themselves in it, as do escapes of all but `$`. */
export function expandDocument(text: string, lookup: Lookup): string {
  return new Lexer(text, lookup, '\\', 'document').read();
}

/** Characters that never mean anything, in all kinds of text. */
const plainRun = /[^'"$\\`}]+/y;
const nameForm = /(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*#])/y;
const operatorForm = /:?[-+?]|\}/y;

class Lexer {
  #at = 0;
  #depth = 0;

  constructor(
    readonly text: string,
    readonly lookup: Lookup,
    readonly escaper: string,
    readonly kind: 'word' | 'document' = 'word',
  ) {}

  /** Reads to the end, or to the brace that ends a `${…}` around it. */
  read(end?: '}'): string {
    let result = '';
    while (this.#at < this.text.length) {
      const char = this.text[this.#at]!;
      if (char === end) return result;
      if (this.kind === 'document') result += this.#inDocument();
      else if (char === "'") result += this.#single();
      else if (char === '"') result += this.#double();
      else if (char === '$') result += this.#variable();
      else if (char === this.escaper) result += this.#escaped();
      else result += this.#plain();
      this.#checkLength(result);
    }
    if (end) throw new BuildProblem(`a \${ has no closing } in ${quoted(this.text)}`);
    return result;
  }

  #checkLength({ length }: string): void {
    const most = this.kind === 'word' ? longestWord : longestDocument;
    if (length <= most) return;
    throw new BuildProblem(
      `${quoted(this.text)} becomes longer than ${most} characters when its variables are filled in`,
    );
  }

  #inDocument(): string {
    const char = this.text[this.#at]!;
    const next = this.text[this.#at + 1] ?? '';
    if (char === this.escaper && next === '$') return this.#escaped();
    return char === '$' && /[{A-Za-z_]/.test(next) ? this.#variable() : this.#plain();
  }

  /** All characters up to one that may mean something, and at least one. */
  #plain(): string {
    return this.#match(plainRun) || this.#take();
  }

  /** What the form matches here; empty where it does not. */
  #match(form: RegExp): string {
    form.lastIndex = this.#at;
    const [found = ''] = form.exec(this.text) ?? [];
    this.#at += found.length;
    return found;
  }

  #take(): string {
    return this.text[this.#at++]!;
  }

  /** An escape character at the very end stands for itself and is dropped, as Docker does. */
  #escaped(): string {
    this.#at++;
    return this.#at < this.text.length ? this.#take() : '';
  }

  #single(): string {
    const end = this.text.indexOf("'", this.#at + 1);
    if (end < 0) throw new BuildProblem(`a ' has no closing ' in ${quoted(this.text)}`);
    const inside = this.text.slice(this.#at + 1, end);
    this.#at = end + 1;
    return inside;
  }

  #double(): string {
    let result = '';
    this.#at++;
    while (this.#at < this.text.length) {
      const char = this.text[this.#at]!;
      if (char === '"') {
        this.#at++;
        return result;
      }
      if (char === '$') result += this.#variable();
      else if (char === this.escaper && this.#escapesNext()) result += this.#escaped();
      else result += this.#plain();
      this.#checkLength(result);
    }
    throw new BuildProblem(`a " has no closing " in ${quoted(this.text)}`);
  }

  /** Within double quotes only these can be escaped; before others the character stands for itself. */
  #escapesNext(): boolean {
    return ['"', '$', this.escaper].includes(this.text[this.#at + 1] ?? '');
  }

  #variable(): string {
    this.#at++;
    if (this.text[this.#at] === '{') return this.#braced();
    const name = this.#name();
    return name === '' ? '$' : (this.lookup(name) ?? '');
  }

  #name(): string {
    return this.#match(nameForm);
  }

  #braced(): string {
    this.#at++;
    const name = this.#name();
    if (name === '') throw new BuildProblem(`a \${ has no name in ${quoted(this.text)}`);
    const operator = this.#match(operatorForm);
    if (operator === '') {
      const next = this.text[this.#at] ?? '';
      const problem = `\${${piece(name)}${piece(next)}…} is a form of expansion that is not known here`;
      throw new BuildProblem(problem, '#%/'.includes(next || ' ') ? knowPatterns : undefined);
    }
    const value = this.lookup(name);
    if (operator === '}') return value ?? '';
    if (++this.#depth > deepestNesting) {
      throw new BuildProblem(`has more than ${deepestNesting} variables within each other, in ${quoted(this.text)}`);
    }
    const word = this.read('}');
    this.#depth--;
    this.#at++;
    return choose(operator, name, value, word);
  }
}

function choose(operator: string, name: string, value: string | undefined, word: string): string {
  const isSet = operator.startsWith(':') ? Boolean(value) : value !== undefined;
  if (operator.endsWith('+')) return isSet ? word : '';
  if (isSet) return value!;
  if (operator.endsWith('-')) return word;
  throw new BuildProblem(`${piece(name)} is not set${word && `: ${piece(word)}`}`);
}
