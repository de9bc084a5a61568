import type { SyntaxNode } from './syntax';

/** The text of a template literal, with `<name>` where a value stands. */
export function templateText(node: SyntaxNode): string {
  const quasis = node['quasis'] as readonly { readonly value: { readonly cooked: string } }[];
  const values = node['expressions'] as readonly SyntaxNode[];
  const text = quasis.map(({ value }, at) => value.cooked + (values[at] ? pieceOf(values[at]) : '')).join('');
  return text.replace(/…{2,}/g, '…');
}

/** An expression in the middle of a text: its own text, or the name of its value. */
export function pieceOf(node: SyntaxNode): string {
  if (node.type === 'StringLiteral') return node['value'] as string;
  if (node.type === 'TemplateLiteral') return templateText(node);
  if (node.type === 'BinaryExpression')
    return `${pieceOf(node['left'] as SyntaxNode)}${pieceOf(node['right'] as SyntaxNode)}`;
  const label = labelOf(node);
  return label ? `<${label === 'length' ? 'number' : label}>` : '…';
}

/** What a value is, in a word. */
function labelOf(node: SyntaxNode): string | undefined {
  if (node.type === 'CallExpression') {
    const [first] = node['arguments'] as readonly SyntaxNode[];
    const callee = node['callee'] as SyntaxNode;
    if (/Url$/.test(nameOf(callee) ?? '')) return 'address';
    // A call with a function is told by what it is applied to.
    if (first && nameOf(first) === 'Boolean') return labelOf(callee['object'] as SyntaxNode);
    // Of `names.join(', ')` the names tell more than the join.
    const object = /MemberExpression$/.test(callee.type) ? labelOf(callee['object'] as SyntaxNode) : undefined;
    return (first && labelOf(first)) ?? object ?? (nameOf(callee) === 'join' ? undefined : nameOf(callee));
  }
  if (node.type === 'TSNonNullExpression' || node.type === 'TSAsExpression')
    return labelOf(node['expression'] as SyntaxNode);
  return nameOf(node);
}

/** The name that an identifier, a member or a parameter has. */
export function nameOf(node: SyntaxNode | undefined): string | undefined {
  if (!node) return undefined;
  if (node.type === 'Identifier') return node['name'] as string;
  if (node.type === 'PrivateName') return nameOf(node['id'] as SyntaxNode);
  if (node.type === 'AssignmentPattern') return nameOf(node['left'] as SyntaxNode);
  if (/MemberExpression$/.test(node.type) && node['computed'] !== true) return nameOf(node['property'] as SyntaxNode);
  return undefined;
}
