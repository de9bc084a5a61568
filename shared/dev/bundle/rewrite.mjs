// @ts-check
/**
 * Rewrites a chunk by what usual runs call of it. V8 reads a function twice, once past it and once when it is called, unless it is
 * a function expression in parentheses: so are those that are called written. Those that one kind of runs calls, or none, are moved
 * into another text, which is compiled when the first of them is called.
 */
import { parse } from '@babel/parser';
import { divide } from './parts.mjs';

/** @typedef {import('@babel/types').Node} Node */
/** @typedef {import('@babel/types').Function} FunctionNode */
/** @typedef {import('./esbuild.mjs').Chunk} Chunk */
/** @typedef {import('./training.mjs').Called} Called */

/** What the functions go to that no run has called. */
export const cold = 'cold';

/**
 * @param {string} text of a chunk
 * @param {Called} called
 * @returns {{ text: string, parts: Readonly<Record<string, string>> }} the chunk, and the texts of what was moved
 */
export function rewrite(text, called) {
  if (/\$part\b/.test(text)) throw new Error('cannot rewrite a chunk: it has a variable $part of its own');
  const ast = parse(text, { sourceType: 'script' });
  const runsOf = (/** @type {Node} */ { start, end }) => called.runs.get(`${start}-${end}`) ?? [];
  const { functions, declarations, uses } = divide(ast, (node) => partFor(runsOf(node), called.usual));
  const isUsual = (/** @type {Node} */ node) => runsOf(node).some((run) => called.usual.includes(run));
  const writer = new Writer(text, isUsual, functions, declarations);
  const rewritten = writer.block(ast.program);
  const used = Object.entries(uses).map(([part, names]) => `${part}:()=>[${names}]`);
  const parts = [...writer.parts].map(([name, part]) => [name, textOfPart(name, part, uses[name] ?? [])]);
  return { text: (used.length > 0 ? `$part.uses={${used}};` : '') + rewritten, parts: Object.fromEntries(parts) };
}

/**
 * What was moved to a part.
 * @typedef {object} Part
 * @property {string[]} variables
 * @property {string[]} values what sets them
 * @property {string[]} declared functions and classes
 * @property {string[]} functions those that something else stands for in the chunk
 */

/**
 * @param {string} name
 * @param {Part} part
 * @param {readonly string[]} uses the variables of the chunk that it uses
 * @returns {string} the text of a part. Its `use` reads what it uses of the chunk, which may not have been set from the beginning.
 */
function textOfPart(name, { variables, values, declared, functions }, uses) {
  const read = uses.length > 0 ? [`[${uses}]=$part.uses.${name}()`] : [];
  const all = [...uses, ...variables];
  return `${all.length > 0 ? `var ${all};` : ''}${declared.join('')}return{use(){${[...read, ...values].join(';')}},functions:[${functions.join(',\n')}]}`;
}

/**
 * @param {readonly string[]} runs those that call a function
 * @param {readonly string[]} usual all that are usual
 * @returns {string | undefined} the part for the function; none where it is to stay
 */
function partFor(runs, usual) {
  const others = usual.filter((run) => !runs.includes(run));
  const [first = cold, second] = others.length < usual.length ? runs.filter((run) => usual.includes(run)) : runs;
  return others.length === 0 || second !== undefined ? undefined : first;
}

/**
 * @param {readonly Chunk[]} chunks
 * @param {ReadonlyMap<string, Called>} called by chunk
 * @returns {[Chunk[], Chunk[]]} the chunks with what some runs call, and what none has called
 */
export function rewriteAll(chunks, called) {
  /** @type {[Chunk[], Chunk[]]} */
  const [kept, moved] = [[], []];
  for (const chunk of chunks) {
    const calls = called.get(chunk.id);
    // A chunk that no run has loaded stays as it is.
    const { text, parts } = calls ? rewrite(chunk.text, calls) : { text: chunk.text, parts: {} };
    kept.push({ ...chunk, text });
    for (const [part, text] of Object.entries(parts))
      (part === cold ? moved : kept).push({ id: `${part}-${chunk.id}`, text, imports: [], later: [] });
  }
  return [kept, moved];
}

/** @param {Node} node @returns {node is FunctionNode} */
const isFunction = (node) =>
  /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ObjectMethod)$/.test(node.type);

/** @param {Node} node @returns {Node[]} the nodes in it, in the order of the text, each once */
function childrenOf(node) {
  const nodes = Object.entries(node)
    .filter(([name]) => name !== 'loc' && name !== 'extra' && !name.endsWith('Comments'))
    .flatMap(([, value]) => value)
    .filter((value) => typeof value?.type === 'string')
    .sort((one, other) => one.start - other.start || other.end - one.end);
  // The name and the value of `{ name }` are one.
  return nodes.filter((child, at) => child.start >= (nodes[at - 1]?.end ?? 0));
}

class Writer {
  /** @type {Map<string, Part>} */
  parts = new Map();

  /**
   * @param {string} text
   * @param {(node: Node) => boolean} isUsual whether a function is called in a usual run
   * @param {ReadonlyMap<Node, string>} functions those to move, and where to
   * @param {ReadonlyMap<Node, string>} declarations
   */
  constructor(text, isUsual, functions, declarations) {
    this.original = text;
    this.isUsual = isUsual;
    this.functions = functions;
    this.declarations = declarations;
  }

  /** @param {Node} node @returns {string} */
  write(node) {
    if (node.type === 'Program') return this.block(node);
    if (node.type === 'VariableDeclaration') return this.variables(node);
    if (node.type === 'ClassDeclaration' && this.declarations.has(node)) return this.declare(node);
    if (node.type === 'ClassMethod' || node.type === 'ClassPrivateMethod') return this.lazy(node);
    if (!isFunction(node)) return this.between(node, node.start ?? 0, node.end ?? 0);
    if (this.functions.has(node)) return this.stub(node);
    // A declaration that `block` has not met is in a block of its own, and stays there.
    if (node.type === 'FunctionDeclaration') return this.lazy(node);
    return (this.isUsual(node) && this.eager(node)) || this.lazy(node);
  }

  /**
   * The text from one place to another, both within a node, with its parts written.
   * @param {Node} node
   * @param {number} from
   * @param {number} to
   */
  between(node, from, to) {
    let text = '';
    let at = from;
    for (const child of childrenOf(node)) {
      if ((child.start ?? 0) < at || (child.end ?? 0) > to) continue;
      text += this.original.slice(at, child.start ?? 0) + this.write(child);
      at = child.end ?? 0;
    }
    return text + this.original.slice(at, to);
  }

  /** @param {FunctionNode} node as it was, except for what is in it */
  lazy(node) {
    const { body } = node;
    const written = body.type === 'BlockStatement' ? this.block(body) : this.write(body);
    // The body of an arrow function may be in parentheses.
    const after = this.original.slice(body.end ?? 0, node.end ?? 0);
    return this.between(node, node.start ?? 0, body.start ?? 0) + written + after;
  }

  /**
   * Statements; what is declared among them is there from the first one on, and so must be what it becomes.
   * @param {import('@babel/types').Program | import('@babel/types').BlockStatement} node
   */
  block(node) {
    const [first] = node.body;
    if (!first) return this.original.slice(node.start ?? 0, node.end ?? 0);
    let declared = '';
    let rest = '';
    let at = first.start ?? 0;
    for (const statement of node.body) {
      rest += this.original.slice(at, statement.start ?? 0);
      at = statement.end ?? 0;
      if (statement.type !== 'FunctionDeclaration') rest += this.write(statement);
      else if (this.declarations.has(statement)) rest += this.declare(statement);
      else if (this.functions.has(statement)) declared += this.variable(statement, this.stub(statement));
      else if (this.isUsual(statement)) declared += this.variable(statement, this.eager(statement));
      else rest += this.write(statement);
    }
    return (
      this.original.slice(node.start ?? 0, first.start ?? 0) + declared + rest + this.original.slice(at, node.end ?? 0)
    );
  }

  /** @param {import('@babel/types').FunctionDeclaration} node @param {string} value */
  variable(node, value) {
    return `var ${node.id?.name}=${value};`;
  }

  /** @param {import('@babel/types').VariableDeclaration} node */
  variables(node) {
    const kept = node.declarations.filter((declaration) => !this.declarations.has(declaration));
    if (kept.length === node.declarations.length) return this.between(node, node.start ?? 0, node.end ?? 0);
    for (const declaration of node.declarations) if (!kept.includes(declaration)) this.declare(declaration);
    return kept.length > 0 ? `${node.kind} ${kept.map((declaration) => this.write(declaration)).join()};` : '';
  }

  /** @param {Node} node moves it; nothing stands in its place */
  declare(node) {
    const { variables, values, declared } = this.partOf(this.declarations.get(node));
    if (node.type === 'VariableDeclarator') {
      variables.push(this.textOf(node.id));
      values.push(node.init ? this.between(node, node.start ?? 0, node.end ?? 0) : `${this.textOf(node.id)}=void 0`);
    } else if (node.type === 'FunctionDeclaration' && this.isUsual(node))
      declared.unshift(this.variable(node, this.eager(node)));
    else declared.push(this.between(node, node.start ?? 0, node.end ?? 0));
    return '';
  }

  /** @param {string} [name] */
  partOf(name = cold) {
    const part = this.parts.get(name) ?? { variables: [], values: [], declared: [], functions: [] };
    this.parts.set(name, part);
    return part;
  }

  /** @param {FunctionNode} node @returns {string} as an expression that V8 compiles at once; empty where there is none */
  eager(node) {
    if (node.type === 'ObjectMethod') {
      if (node.kind !== 'method' || node.computed || node.generator || /\bsuper\b/.test(this.textOf(node))) return '';
      return `${this.textOf(node.key)}:(${this.expression(node)})`;
    }
    if (node.type === 'ArrowFunctionExpression' && /\b(?:this|super|arguments|new\.target)\b/.test(this.textOf(node)))
      return '';
    return `(${this.expression(node)})`;
  }

  /** @param {FunctionNode} node as `function (…) { … }`, which an arrow function is left out of where it uses `this` */
  expression(node) {
    const parameters = node.params.map((parameter) => this.write(parameter)).join();
    const body = node.body.type === 'BlockStatement' ? this.block(node.body) : `{return ${this.write(node.body)}}`;
    return `${node.async ? 'async ' : ''}function${node.generator ? '*' : ''}(${parameters})${body}`;
  }

  /** @param {FunctionNode} node moves it @returns {string} what stands in its place: it fetches the function, and calls it */
  stub(node) {
    const name = this.functions.get(node) ?? cold;
    const at = this.partOf(name).functions.push(this.moved(node)) - 1;
    return `${node.type === 'ObjectMethod' ? `${this.textOf(node.key)}:` : ''}$part("${name}",${at})`;
  }

  /** @param {FunctionNode} node as an expression */
  moved(node) {
    if (this.isUsual(node) || node.type === 'ObjectMethod') return `(${this.expression(node)})`;
    return `(${this.lazy(node)})`;
  }

  /** @param {Node} node */
  textOf(node) {
    return this.original.slice(node.start ?? 0, node.end ?? 0);
  }
}
