// @ts-check
/** What of a chunk can be compiled apart from it, and what that needs of the chunk. */
import { isPure } from './pure.mjs';
import { traverse } from './traverse.mjs';

/** @typedef {import('@babel/types').Node} Node */
/** @typedef {import('@babel/types').Function} FunctionNode */
/** @typedef {import('@babel/traverse').NodePath} Path */
/** @typedef {import('@babel/traverse').NodePath<FunctionNode>} FunctionPath */
/** @typedef {import('@babel/traverse').Binding} Binding */
/** @typedef {ReadonlyMap<Node, string>} Parts the part where each node goes */

/** Characters below which a function is no longer than what would stand in its place. */
const shortest = 120;

/**
 * Divides a chunk. A function can be moved if it is the outermost one, uses nothing of the chunk but what never changes once it
 * has been set, and does not depend on what it is called on. A declaration can be moved if all that use it are in one part.
 * @param {import('@babel/types').File} ast of a chunk
 * @param {(node: Node) => string | undefined} partOf the part for a function; none where it stays
 * @returns {{ functions: Parts, declarations: Parts, uses: Readonly<Record<string, readonly string[]>> }} the functions to
 * fetch when they are called, the declarations to move as they are, and by part the variables of the chunk that it uses
 */
export function divide(ast, partOf) {
  const bindings = bindingsOf(ast);
  const changing = bindings.filter(({ constant }) => !constant).flatMap(usesOf);
  const movable = movableFunctions(ast, partOf, new Set(changing.map(outermostFunction)));
  const declarations = declarationsToMove(bindings, movable, new Set(changing.map(declarationOf)));
  const functions = new Map([...movable].filter(([node]) => isLong(node) && !declarations.has(node)));
  /** @type {Record<string, Set<string>>} */
  const uses = {};
  for (const binding of bindings) {
    for (const path of usesOf(binding)) {
      const part = partAround(path, functions, declarations);
      if (part === undefined || declarations.get(binding.path.node) === part) continue;
      uses[part] ??= new Set();
      uses[part]?.add(binding.identifier.name);
    }
  }
  return {
    functions,
    declarations,
    uses: Object.fromEntries(Object.entries(uses).map(([part, names]) => [part, [...names]])),
  };
}

/** @param {import('@babel/types').File} ast @returns {Binding[]} the variables of a chunk */
function bindingsOf(ast) {
  /** @type {Binding[]} */
  const found = [];
  traverse(ast, {
    Program(path) {
      found.push(...Object.values(path.scope.bindings));
      path.stop();
    },
  });
  return found;
}

/** @param {Binding} binding @returns {Path[]} */
const usesOf = ({ referencePaths, constantViolations }) => [...referencePaths, ...constantViolations];

const isLong = (/** @type {Node} */ { start, end }) => (end ?? 0) - (start ?? 0) >= shortest;

/**
 * @param {import('@babel/types').File} ast
 * @param {(node: Node) => string | undefined} partOf
 * @param {ReadonlySet<Node | undefined>} changing the functions that use what changes
 * @returns {Parts}
 */
function movableFunctions(ast, partOf, changing) {
  /** @type {Map<Node, string>} */
  const found = new Map();
  traverse(ast, {
    /** @param {FunctionPath} path */
    Function(path) {
      // What is in it goes where it goes.
      path.skip();
      const { node } = path;
      const part = partOf(node);
      if (part !== undefined && isPlain(path) && !usesThis(path) && !changing.has(node)) found.set(node, part);
    },
  });
  return found;
}

/** @param {FunctionPath} path */
function isPlain({ node, parentPath }) {
  if (node.generator || node.type === 'ClassMethod' || node.type === 'ClassPrivateMethod') return false;
  if (node.type === 'FunctionDeclaration') return parentPath?.type === 'Program';
  return node.type !== 'ObjectMethod' || (node.kind === 'method' && !node.computed);
}

/** @param {FunctionPath} path */
function usesThis(path) {
  let uses = false;
  traverse.cheap(path.node, (node) => {
    uses ||= /^(?:ThisExpression|Super|MetaProperty)$/.test(node.type);
    uses ||= node.type === 'Identifier' && node.name === 'arguments';
  });
  return uses;
}

/**
 * @param {readonly Binding[]} bindings
 * @param {Parts} movable functions
 * @param {ReadonlySet<Node | undefined>} changing the declarations with something that changes
 * @returns {Parts}
 */
function declarationsToMove(bindings, movable, changing) {
  const longOnes = new Map([...movable].filter(([node]) => isLong(node)));
  /** @type {Map<Node, string>} */
  const parts = new Map();
  const left = new Set(
    bindings.filter(({ constant, path: { node } }) => constant && !changing.has(node) && canMove(node, movable)),
  );
  // Each that stays makes those stay that it uses; each that goes to a part takes those along that only it uses.
  for (let hasChanged = true; hasChanged; ) {
    hasChanged = false;
    const waiting = new Set([...left].map(({ path }) => path.node));
    for (const binding of left) {
      const { node } = binding.path;
      const users = usesOf(binding).filter((path) => declarationOf(path) !== node);
      const found = new Set(
        users.map(
          (path) => partAround(path, longOnes, parts) ?? (waiting.has(declarationOf(path) ?? path.node) ? '' : 'stays'),
        ),
      );
      if (movable.has(node)) found.add(movable.get(node) ?? '');
      found.delete('');
      const [part, another] = found;
      if (part === 'stays' || another !== undefined || users.length === 0) {
        left.delete(binding);
        parts.delete(node);
      } else if (part !== undefined && !parts.has(node)) parts.set(node, part);
      else continue;
      hasChanged = true;
    }
  }
  return parts;
}

/** @param {Node} node @param {Parts} movable */
function canMove(node, movable) {
  if (node.type === 'FunctionDeclaration') return movable.has(node);
  if (node.type === 'VariableDeclarator') return node.id.type === 'Identifier' && isPure(node.init);
  return node.type === 'ClassDeclaration' && isPure(node);
}

/**
 * @param {Path} path
 * @param {Parts} functions
 * @param {Parts} declarations
 */
const partAround = (path, functions, declarations) =>
  functions.get(outermostFunction(path) ?? path.node) ?? declarations.get(declarationOf(path) ?? path.node);

/** @param {Path} path */
function outermostFunction(path) {
  let outermost;
  for (let at = path.getFunctionParent(); at; at = at.getFunctionParent()) outermost = at.node;
  return outermost;
}

/** @param {Path} path @returns {Node | undefined} the declaration of a chunk that it is in */
const declarationOf = (path) =>
  path.find(({ type, parentPath }) =>
    type === 'VariableDeclarator'
      ? !!parentPath?.parentPath?.isProgram()
      : /Declaration$/.test(type) && !!parentPath?.isProgram() && type !== 'VariableDeclaration',
  )?.node;
