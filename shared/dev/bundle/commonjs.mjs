// @ts-check
/** Chunks of ES modules as CommonJS modules that V8 compiles and runs quickly. */
import { parse } from '@babel/parser';
import { traverse } from './traverse.mjs';

/** @typedef {import('@babel/types').Identifier} Identifier */
/** @typedef {import('@babel/types').Node} Node */
/** @typedef {import('@babel/types').Statement} Statement */

/**
 * Writes a chunk as a CommonJS module. What it imports are variables of its own, set once, and what it exports is one object of
 * values: each use of an import would otherwise read a property, and each export be a function.
 * @param {string} text of an ES module, as esbuild writes it with splitting: a chunk runs when those that it imports have run to
 * their ends
 * @returns {string}
 * @throws where a function sets what is exported: the importing modules would not notice
 */
export function asCommonJs(text) {
  const ast = parse(text, { sourceType: 'module' });
  /** @type {{ start: number, end: number, by: string }[]} */
  const edits = [];
  /** @param {Node} node @param {string} by */
  const replace = (node, by) => edits.push({ start: node.start ?? 0, end: node.end ?? 0, by });
  for (const statement of ast.program.body) {
    if (statement.type === 'ImportDeclaration') replace(statement, imported(statement));
    if (statement.type === 'ExportNamedDeclaration') replace(statement, exported(statement));
  }
  traverse(ast, {
    Program(path) {
      for (const { local } of ast.program.body.flatMap(specifiersOf)) {
        const later = path.scope.getBinding(local.name)?.constantViolations.some((set) => set.getFunctionParent());
        if (later !== false) throw new Error(`cannot export ${local.name}: a function sets it`);
      }
      path.stop();
    },
  });
  traverse.cheap(ast, (node) => {
    if (node.type === 'CallExpression' && node.callee.type === 'Import') {
      const [name] = node.arguments;
      replace(node, `Promise.resolve().then(()=>require(${text.slice(name?.start ?? 0, name?.end ?? 0)}))`);
    }
    if (node.type !== 'VariableDeclarator' || !node.init) return;
    if (isRequireOfEsbuild(text.slice(node.init.start ?? 0, (node.init.start ?? 0) + 80)))
      replace(node.init, 'require');
  });
  return withEdits(text, edits).trimEnd();
}

/** @param {Statement} statement */
const specifiersOf = (statement) =>
  statement.type === 'ExportNamedDeclaration'
    ? statement.specifiers.filter((specifier) => specifier.type === 'ExportSpecifier')
    : [];

/** What esbuild calls in place of `require`, which an ES module may not have. */
const isRequireOfEsbuild = (/** @type {string} */ text) =>
  /^\(\(?\w+\)?=>typeof require<"u"\?require:typeof Proxy/.test(text);

/** @param {import('@babel/types').ImportDeclaration} statement */
function imported({ specifiers, source }) {
  const module = `require(${JSON.stringify(source.value)})`;
  if (specifiers.length === 0) return `${module};`;
  const names = specifiers.flatMap((specifier) =>
    specifier.type === 'ImportSpecifier' ? [pair(nameOf(specifier.imported), specifier.local.name)] : [],
  );
  // Only modules of Node are imported as a whole, and by default they export just that.
  const wholes = specifiers
    .filter(({ type }) => type !== 'ImportSpecifier')
    .map(({ local }) => `${local.name}=${module}`);
  return `var ${[...wholes, ...(names.length > 0 ? [`{${names}}=${module}`] : [])].join()};`;
}

/** @param {import('@babel/types').ExportNamedDeclaration} statement */
function exported(statement) {
  const names = specifiersOf(statement).map(({ exported, local }) => pair(nameOf(exported), local.name));
  return `module.exports={${names}};`;
}

/** @param {Identifier | import('@babel/types').StringLiteral} node */
const nameOf = (node) => (node.type === 'Identifier' ? node.name : node.value);

const pair = (/** @type {string} */ name, /** @type {string} */ local) => (name === local ? name : `${name}:${local}`);

/**
 * @param {string} text
 * @param {readonly { start: number, end: number, by: string }[]} edits none within another
 */
function withEdits(text, edits) {
  let at = 0;
  let result = '';
  for (const { start, end, by } of [...edits].sort((one, other) => one.start - other.start)) {
    result += text.slice(at, start) + by;
    at = end;
  }
  return result + text.slice(at);
}
