// @ts-check
/** Which functions of a chunk can be compiled apart from it, and what they need of it. */
import * as traversal from '@babel/traverse';

/** @typedef {import('@babel/types').Node} Node */
/** @typedef {import('@babel/types').Function} FunctionNode */
/** @typedef {import('@babel/traverse').NodePath<FunctionNode>} FunctionPath */

// A CommonJS module, which Node and bundlers hand out in different ways.
const traverse = /** @type {typeof traversal.default} */ (
  /** @type {{ default?: unknown }} */ (/** @type {unknown} */ (traversal.default)).default ?? traversal.default
);

/** Characters below which a function is no longer than what would stand in its place. */
const shortest = 120;

/**
 * Finds the outermost functions that were not called and can stand elsewhere: they use nothing of the chunk but what never
 * changes once it has been set, and it does not matter to them what they are called on.
 * @param {import('@babel/types').File} ast of a chunk
 * @param {(node: Node) => boolean} isCalled
 * @returns {ReadonlyMap<Node, readonly string[]>} the names of the chunk's variables that each uses
 */
export function movable(ast, isCalled) {
  /** @type {Map<Node, readonly string[]>} */
  const found = new Map();
  const names = namesUsed(ast);
  traverse(ast, {
    /** @param {FunctionPath} path */
    Function(path) {
      // What is in it goes where it goes.
      path.skip();
      const { node } = path;
      const size = (node.end ?? 0) - (node.start ?? 0);
      if (size < shortest || isCalled(node) || !isPlain(node) || usesThis(path)) return;
      const used = names.get(node) ?? new Map();
      if ([...used.values()].every((isConstant) => isConstant)) found.set(node, [...used.keys()].sort());
    },
  });
  return found;
}

/** @param {FunctionNode} node */
function isPlain(node) {
  if (node.generator || node.type === 'ClassMethod' || node.type === 'ClassPrivateMethod') return false;
  return node.type !== 'ObjectMethod' || (node.kind === 'method' && !node.computed);
}

/** @param {FunctionPath} path */
function usesThis(path) {
  let uses = false;
  const yes = () => {
    uses = true;
  };
  path.traverse({
    ThisExpression: yes,
    Super: yes,
    MetaProperty: yes,
    /** @param {import('@babel/traverse').NodePath<import('@babel/types').Identifier>} identifier */
    Identifier(identifier) {
      if (identifier.node.name === 'arguments') uses = true;
    },
  });
  return uses;
}

/**
 * @param {import('@babel/types').File} ast
 * @returns {ReadonlyMap<Node, ReadonlyMap<string, boolean>>} by outermost function: the variables of the chunk that it or
 * what is in it uses, and whether each is set once only
 */
function namesUsed(ast) {
  /** @type {Map<Node, Map<string, boolean>>} */
  const used = new Map();
  traverse(ast, {
    /** @param {import('@babel/traverse').NodePath<import('@babel/types').Program>} program */
    Program({ scope }) {
      for (const [name, { constant, referencePaths, constantViolations }] of Object.entries(scope.bindings)) {
        for (const path of [...referencePaths, ...constantViolations]) {
          const outermost = outermostFunction(path);
          if (outermost) used.set(outermost, (used.get(outermost) ?? new Map()).set(name, constant));
        }
      }
    },
  });
  return used;
}

/** @param {import('@babel/traverse').NodePath} path */
function outermostFunction(path) {
  let outermost;
  for (let at = path.getFunctionParent(); at; at = at.getFunctionParent()) outermost = at.node;
  return outermost;
}
