// @ts-check
/**
 * Rewrites a chunk by what usual runs call of it. V8 reads a function twice, once past it and once when it is called, unless it is
 * a function expression in parentheses: so are those that are called written. Those that are not are moved into another text,
 * which is compiled when the first of them is called after all.
 */
import { parse } from '@babel/parser';
import { movable } from './cold.mjs';

/** @typedef {import('@babel/types').Node} Node */
/** @typedef {import('@babel/types').Function} FunctionNode */
/** @typedef {import('./esbuild.mjs').Chunk} Chunk */

/**
 * @param {string} text of a chunk
 * @param {ReadonlyMap<string, boolean>} called those of its functions that were called, as `start-end`: whether in a usual run
 * @returns {{ text: string, cold: string }} the chunk, and the text of the functions that were moved; empty where there are none
 */
export function rewrite(text, called) {
  if (/\$cold\b/.test(text)) throw new Error('cannot rewrite a chunk: it has a variable $cold of its own');
  const ast = parse(text, { sourceType: 'script' });
  const isCalled = (/** @type {Node} */ { start, end }) => called.get(`${start}-${end}`);
  const cold = movable(ast, (node) => isCalled(node) !== undefined);
  const writer = new Writer(text, (node) => isCalled(node) === true, cold);
  const rewritten = writer.block(ast.program);
  const { moved } = writer;
  return { text: rewritten, cold: moved.length > 0 ? `return[${moved.join(',\n')}]` : '' };
}

/**
 * @param {readonly Chunk[]} chunks
 * @param {ReadonlyMap<string, ReadonlyMap<string, boolean>>} called by chunk
 * @returns {[Chunk[], Chunk[]]} the chunks, and those of their functions that were moved
 */
export function rewriteAll(chunks, called) {
  const pairs = chunks.map((chunk) => {
    const places = called.get(chunk.id);
    // A chunk that no run has loaded stays as it is.
    return { chunk, ...(places ? rewrite(chunk.text, places) : { text: chunk.text, cold: '' }) };
  });
  return [
    pairs.map(({ chunk, text }) => ({ ...chunk, text })),
    pairs.flatMap(({ chunk: { id }, cold }) =>
      cold === '' ? [] : [{ id: `cold-${id}`, text: cold, imports: [], later: [] }],
    ),
  ];
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
  /** @type {string[]} */
  moved = [];

  /**
   * @param {string} text
   * @param {(node: Node) => boolean} isUsual whether a function is called in a usual run
   * @param {ReadonlyMap<Node, readonly string[]>} cold
   */
  constructor(text, isUsual, cold) {
    this.original = text;
    this.isUsual = isUsual;
    this.cold = cold;
  }

  /** @param {Node} node @returns {string} */
  write(node) {
    if (node.type === 'Program') return this.block(node);
    if (node.type === 'ClassMethod' || node.type === 'ClassPrivateMethod') return this.lazy(node);
    if (!isFunction(node)) return this.between(node, node.start ?? 0, node.end ?? 0);
    if (this.cold.has(node)) return this.stub(node);
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
      if (statement.type === 'FunctionDeclaration' && this.isUsual(statement) && !this.cold.has(statement))
        declared += `var ${statement.id?.name}=${this.eager(statement)};`;
      else rest += this.write(statement);
    }
    return (
      this.original.slice(node.start ?? 0, first.start ?? 0) + declared + rest + this.original.slice(at, node.end ?? 0)
    );
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

  /** @param {FunctionNode} node what stands in its place: it fetches the function, and calls it */
  stub(node) {
    const names = this.cold.get(node) ?? [];
    const at = this.moved.push(`(${names})=>${this.wrapped(node)}`) - 1;
    const call = `($cold[${at}]||$cold(${[at, ...names]}))`;
    if (node.type === 'ArrowFunctionExpression') return `(...$args)=>${call}(...$args)`;
    const name =
      node.type === 'ObjectMethod' ? this.textOf(node.key) : `function ${('id' in node && node.id?.name) || ''}`;
    return `${name}(){return${call}(...arguments)}`;
  }

  /** @param {FunctionNode} node as an expression, unchanged */
  wrapped(node) {
    if (node.type !== 'ObjectMethod') return `(${this.textOf(node)})`;
    const asynchronous = node.async ? 'async ' : '';
    return `(${asynchronous}function(${this.original.slice(node.params[0]?.start ?? 0, node.params.at(-1)?.end ?? 0)})${this.textOf(node.body)})`;
  }

  /** @param {Node} node */
  textOf(node) {
    return this.original.slice(node.start ?? 0, node.end ?? 0);
  }
}
