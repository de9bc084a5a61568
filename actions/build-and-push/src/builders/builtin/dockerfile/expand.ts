/** Variables and quotes in Dockerfile words. Source of the rules: the shell lexer of BuildKit's Dockerfile frontend. */

import { choose, cut, replace } from './parameter-expansion';
import { BuildProblem } from './problem';
import { piece, quoted } from './quote';
import { parseShellPattern, type ShellPattern } from './shell-pattern';

/** Eight times what Linux lets a program have as one variable (MAX_ARG_STRLEN); variables that hold each other double it. */
export const longestWord = 1024 * 1024;
/** As much as four Dockerfiles of the largest size. */
export const longestDocument = 8 * 1024 * 1024;
/** Far more than anybody can read; each level is a call within another. */
export const deepestNesting = 100;

/** The value of a variable; undefined where it is not set. */
export type Lookup = (name: string) => string | undefined;

/** Told how many characters were compared with patterns; it may throw. */
export type Spend = (characters: number) => void;

/**
 * Expands `$name`, `${name}`, `${name:-word}`, `:+`, `:?` (and without the colon, where only unset counts), `${name#pattern}`,
 * `##`, `%`, `%%`, `${name/pattern/text}` and `//`, and removes quotes: nothing is expanded in single quotes.
 *
 * @param escaper the escape character of the Dockerfile.
 * @throws BuildProblem, also where the result is longer than 1 MiB
 */
export function expandWord(word: string, lookup: Lookup, escaper: string, spend: Spend = () => {}): string {
  return new Lexer(word, lookup, escaper, spend).read();
}

/** Expands a document in the same way, but that quotes are nothing special in it. The escape character is always `\`. */
export function expandDocument(text: string, lookup: Lookup, spend: Spend = () => {}): string {
  return new Lexer(text, lookup, '\\', spend, 'document').read();
}

/** Characters that never mean anything, in all kinds of text. */
const plainRun = /[^'"$\\`}/]+/y;
/** Digits only, one special parameter, or letters, digits and underscores. */
const nameForm = /\p{Nd}+|[@*#?$!-]|[\p{L}_][\p{L}\p{Nd}_]*/uy;

/** What of a text keeps its escapes: all of it where a pattern or a replacement is read; patterns also double them in quotes. */
type Escapes = 'removed' | 'kept' | 'pattern';

class Lexer {
  #at = 0;
  #depth = 0;
  #escapes: Escapes = 'removed';

  constructor(
    readonly text: string,
    readonly lookup: Lookup,
    readonly escaper: string,
    readonly spend: Spend,
    readonly kind: 'word' | 'document' = 'word',
  ) {}

  /** Reads to the end, or past the character that ends a part of `${…}`. */
  read(end?: '}' | '/', escapes: Escapes = 'removed'): string {
    const outer = this.#escapes;
    this.#escapes = escapes;
    let result = '';
    while (this.#at < this.text.length) {
      const char = this.text[this.#at]!;
      if (char === end) {
        this.#at++;
        this.#escapes = outer;
        return result;
      }
      if (char === "'" && this.kind === 'word') result += this.#single();
      else if (char === '"' && this.kind === 'word') result += this.#double();
      else if (char === '$') result += this.#variable();
      else if (char === this.escaper) result += this.#escaped();
      else result += this.#plain();
      this.#checkLength(result);
    }
    if (end) throw new BuildProblem(`a \${ has no closing ${end} in ${quoted(this.text)}`);
    return result;
  }

  #checkLength({ length }: string): void {
    const most = this.kind === 'word' ? longestWord : longestDocument;
    if (length <= most) return;
    throw new BuildProblem(
      `${quoted(this.text)} becomes longer than ${most} characters when its variables are expanded`,
    );
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

  /** The next character; empty at the end. */
  #take(): string {
    return this.text[this.#at++] ?? '';
  }

  /** An escape character and what it escapes. At the very end it is dropped. */
  #escaped(): string {
    const escaper = this.#take();
    return (this.#escapes === 'removed' ? '' : escaper) + this.#take();
  }

  #single(): string {
    const end = this.text.indexOf("'", this.#at + 1);
    if (end < 0) throw new BuildProblem(`a ' has no closing ' in ${quoted(this.text)}`);
    const inside = this.text.slice(this.#at + 1, end);
    this.#at = end + 1;
    return this.#escapes === 'pattern' ? inside.split(this.escaper).join(this.escaper + this.escaper) : inside;
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
      else if (char === this.escaper) result += this.#escapedInDouble();
      else result += this.#plain();
      this.#checkLength(result);
    }
    throw new BuildProblem(`a " has no closing " in ${quoted(this.text)}`);
  }

  /** Within double quotes only these can be escaped; before others the character stands for itself. */
  #escapedInDouble(): string {
    const next = this.text[this.#at + 1];
    if (next !== undefined && ['"', '$', this.escaper].includes(next)) return this.#escaped();
    this.#at++;
    if (next === undefined) return '';
    return this.#escapes === 'removed' ? this.escaper : this.escaper + this.escaper;
  }

  #variable(): string {
    this.#at++;
    if (this.text[this.#at] === '{') return this.#braced();
    const name = this.#match(nameForm);
    return name === '' ? '$' : (this.lookup(name) ?? '');
  }

  #braced(): string {
    this.#at++;
    const first = this.text[this.#at];
    if (first === undefined) throw new BuildProblem(`a \${ has no closing } in ${quoted(this.text)}`);
    if ('{}:'.includes(first)) throw new BuildProblem(`a \${ has no name in ${quoted(this.text)}`);
    const name = this.#match(nameForm);
    const operator = this.#take();
    if (operator === '}') return this.lookup(name) ?? '';
    if (operator === '') throw new BuildProblem(`a \${ has no closing } in ${quoted(this.text)}`);
    if (++this.#depth > deepestNesting) {
      throw new BuildProblem(`has more than ${deepestNesting} variables within each other, in ${quoted(this.text)}`);
    }
    const result = this.#operation(name, operator);
    this.#depth--;
    return result;
  }

  #operation(name: string, operator: string): string {
    const withColon = operator === ':' ? this.#take() : '';
    if (operator === '/') return this.#replaced(name);
    if (operator === '#' || operator === '%') return this.#cut(name, operator);
    if (!'-+?'.includes(withColon || operator) || (operator === ':' && withColon === '')) {
      const problem = `\${${piece(name)}${piece(operator + withColon)}…} is an expansion that BuildKit does not support`;
      throw new BuildProblem(problem);
    }
    const kind = { operator: withColon || operator, emptyIsUnset: operator === ':' };
    return choose(kind, name, this.lookup(name), this.read('}'));
  }

  #cut(name: string, operator: '#' | '%'): string {
    const word = this.read('}', 'pattern');
    const isLongest = word.startsWith(operator);
    const pattern = parseShellPattern(isLongest ? word.slice(1) : word);
    const value = this.lookup(name) ?? '';
    this.#spend(value, pattern);
    return cut(value, pattern, operator, isLongest);
  }

  #replaced(name: string): string {
    const isAll = this.text[this.#at] === '/';
    if (isAll) this.#at++;
    const pattern = parseShellPattern(this.read('/', 'pattern'));
    const replacement = this.read('}', 'kept');
    const value = this.lookup(name) ?? '';
    this.#spend(value, pattern);
    return replace(value, pattern, replacement, isAll ? { all: true, longest: longestDocument } : { all: false });
  }

  #spend(value: string, pattern: ShellPattern): void {
    this.spend(Math.ceil((value.length * (pattern.length + 1)) / 8));
  }
}
