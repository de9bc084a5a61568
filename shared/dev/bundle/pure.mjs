// @ts-check
/** @typedef {import('@babel/types').Node} Node */

/** Classes of which making one has no effect elsewhere. */
const plainClasses = new Set(['Set', 'Map', 'WeakMap', 'RegExp']);

const errors = new Set(['Error', 'TypeError', 'RangeError', 'SyntaxError']);

/**
 * @param {Node | null | undefined} node an expression, or a class
 * @returns {boolean} whether it has no effect and cannot fail, whenever it is evaluated; before the variables in it are set, it is
 * another value
 */
export function isPure(node) {
  switch (node?.type) {
    case undefined:
    case 'Identifier':
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'ObjectMethod':
      return true;
    case 'TemplateLiteral':
      return node.expressions.every(isPure);
    case 'ArrayExpression':
      return node.elements.every(isPure);
    case 'UnaryExpression':
      return isPure(node.argument);
    case 'ObjectExpression':
      return node.properties.every(isPure);
    case 'ObjectProperty':
      return (!node.computed || isPure(node.key)) && isPure(node.value);
    case 'BinaryExpression':
      return isPure(node.left) && isPure(node.right);
    case 'NewExpression':
      return node.callee.type === 'Identifier' && plainClasses.has(node.callee.name) && node.arguments.every(isPure);
    case 'ClassDeclaration':
    case 'ClassExpression':
      return (
        (!node.superClass || (node.superClass.type === 'Identifier' && errors.has(node.superClass.name))) &&
        node.body.body.every(
          ({ type, ...member }) => type === 'ClassMethod' && !('computed' in member && member.computed),
        )
      );
    default:
      return /Literal$/.test(node?.type ?? '');
  }
}
