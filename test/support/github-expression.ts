/** What the expressions of a workflow may name, such as `steps.build.outputs.IMAGE`. */
export type Lookup = (path: string) => string | undefined;

const token = /\s*(?:'((?:[^']|'')*)'|(==|!=|&&|\|\||[!()])|([A-Za-z_][\w.-]*)(\(\))?)/y;

type Value = string | boolean;

/** The text with every `${{ … }}` replaced. Knows what workflows of this project use: paths, texts, == != && || ! and always(). */
export const fillExpressions = (text: string, look: Lookup): string =>
  text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => String(evaluate(expression, look)));

export function evaluate(expression: string, look: Lookup): Value {
  const parser = new Parser(expression.trim().replace(/^\$\{\{(.*)\}\}$/s, '$1'), look);
  return parser.whole();
}

/** By recursive descent; `&&` and `||` give one of their sides, as GitHub's do. */
class Parser {
  readonly #tokens: (readonly [kind: 'text' | 'sign' | 'name' | 'call', text: string])[] = [];

  constructor(
    expression: string,
    readonly look: Lookup,
  ) {
    token.lastIndex = 0;
    while (token.lastIndex < expression.trimEnd().length) {
      const found = token.exec(expression);
      if (!found) throw new Error(`cannot read the expression ${expression}`);
      const [, text, sign, name, call] = found;
      if (text !== undefined) this.#tokens.push(['text', text.replace(/''/g, "'")]);
      else if (sign) this.#tokens.push(['sign', sign]);
      else this.#tokens.push([call ? 'call' : 'name', name!]);
    }
  }

  whole(): Value {
    const value = this.#or();
    if (this.#tokens.length > 0) throw new Error(`cannot read ${JSON.stringify(this.#tokens[0])} in an expression`);
    return value;
  }

  #takes(sign: string): boolean {
    if (this.#tokens[0]?.[0] !== 'sign' || this.#tokens[0][1] !== sign) return false;
    this.#tokens.shift();
    return true;
  }

  #or(): Value {
    let value = this.#and();
    while (this.#takes('||')) {
      const other = this.#and();
      value = value || other;
    }
    return value;
  }

  #and(): Value {
    let value = this.#comparison();
    while (this.#takes('&&')) {
      const other = this.#comparison();
      value = value && other;
    }
    return value;
  }

  #comparison(): Value {
    const value = this.#single();
    if (this.#takes('==')) return value === this.#single();
    return this.#takes('!=') ? value !== this.#single() : value;
  }

  #single(): Value {
    if (this.#takes('!')) return !this.#single();
    if (this.#takes('(')) {
      const value = this.#or();
      if (!this.#takes(')')) throw new Error('a bracket is left open in an expression');
      return value;
    }
    const [kind, text] = this.#tokens.shift() ?? [];
    if (kind === 'text') return text!;
    if (kind === 'call') return text === 'always' ? true : this.#unknown(`${text}()`);
    return this.look(text ?? '') ?? this.#unknown(text);
  }

  #unknown(name: string | undefined): never {
    throw new Error(`an expression names ${name}, which there is not`);
  }
}
