/** Variables and quotes in Dockerfile words, as Docker's shell lexer reads them. */

import { BuildProblem } from './problem';

/** The builders that cut patterns off a value, with `${name#pattern}` and the like. */
const knowPatterns = ['docker with BuildKit', 'finch'];

/** The value of a variable; undefined where it is not set. */
export type Lookup = (name: string) => string | undefined;

/**
 * Expands `$name`, `${name}` and `${name:-word}`, `:+`, `:?` (and without the colon, where only unset counts), and
 * removes quotes: nothing is expanded in single quotes. Pure.
 *
 * @param escaper the escape character of the Dockerfile.
 * @throws BuildProblem
 */
export function expandWord(word: string, lookup: Lookup, escaper: string): string {
  return new Lexer(word, lookup, escaper).read();
}

/** Expands a document in the same way, but that quotes stand for themselves in it, as do escapes of all but `$`. */
export function expandDocument(text: string, lookup: Lookup): string {
  return new Lexer(text, lookup, '\\', 'document').read();
}

class Lexer {
  #at = 0;

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
      else result += this.#take();
    }
    if (end) throw new BuildProblem(`a \${ has no closing } in ${JSON.stringify(this.text)}`);
    return result;
  }

  #inDocument(): string {
    const rest = this.text.slice(this.#at, this.#at + 2);
    if (rest === `${this.escaper}$`) return this.#escaped();
    return /^\$[{A-Za-z_]/.test(rest) ? this.#variable() : this.#take();
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
    if (end < 0) throw new BuildProblem(`a ' has no closing ' in ${JSON.stringify(this.text)}`);
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
      else result += this.#take();
    }
    throw new BuildProblem(`a " has no closing " in ${JSON.stringify(this.text)}`);
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
    const [name = ''] = /^(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*#])/.exec(this.text.slice(this.#at)) ?? [];
    this.#at += name.length;
    return name;
  }

  #braced(): string {
    this.#at++;
    const name = this.#name();
    if (name === '') throw new BuildProblem(`a \${ has no name in ${JSON.stringify(this.text)}`);
    const [operator] = /^(?::?[-+?]|\})/.exec(this.text.slice(this.#at)) ?? [];
    if (operator === undefined) {
      const next = this.text[this.#at] ?? '';
      const problem = `\${${name}${next}…} is a form of expansion that is not known here`;
      throw new BuildProblem(problem, '#%/'.includes(next || ' ') ? knowPatterns : undefined);
    }
    this.#at += operator.length;
    const value = this.lookup(name);
    if (operator === '}') return value ?? '';
    const word = this.read('}');
    this.#at++;
    return choose(operator, name, value, word);
  }
}

function choose(operator: string, name: string, value: string | undefined, word: string): string {
  const isSet = operator.startsWith(':') ? Boolean(value) : value !== undefined;
  if (operator.endsWith('+')) return isSet ? word : '';
  if (isSet) return value!;
  if (operator.endsWith('-')) return word;
  throw new BuildProblem(`${name} is not set${word && `: ${word}`}`);
}
