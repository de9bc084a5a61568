import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@babel/parser';

/** A node of a syntax tree, as far as it is looked at here. */
export interface SyntaxNode {
  readonly type: string;
  readonly loc?: { readonly start: { readonly line: number } };
  readonly [part: string]: unknown;
}

/** A file of the actions with its syntax tree. */
export interface SourceFile {
  /** Relative to the project. */
  readonly path: string;
  readonly tree: SyntaxNode;
}

/** The files whose code runs in the actions. */
export function actionSources(root: string): readonly SourceFile[] {
  const folders = ['shared', ...readdirSync(join(root, 'actions')).map((name) => `actions/${name}/src`)];
  return folders.flatMap((folder) => filesBelow(root, folder)).map((path) => readSource(root, path));
}

function filesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return path === 'shared/dev' ? [] : filesBelow(root, path);
    return /(?<!\.d)\.ts$/.test(path) && !path.endsWith('.generated.ts') ? [path] : [];
  });
}

function readSource(root: string, path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const { program } = parse(text, { sourceType: 'module', plugins: ['typescript'] });
  return { path, tree: program as unknown as SyntaxNode };
}

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && typeof (value as SyntaxNode).type === 'string';

/** The parts of a node that are nodes. */
export const childrenOf = (node: SyntaxNode): SyntaxNode[] =>
  Object.entries(node).flatMap(([name, part]) =>
    name === 'loc' || name.endsWith('Comments') ? [] : (Array.isArray(part) ? part : [part]).filter(isNode),
  );

/** Calls back on a node and everything in it, each with the nodes around it, the nearest last. */
export function walk(
  node: SyntaxNode,
  see: (node: SyntaxNode, around: readonly SyntaxNode[]) => void,
  around: readonly SyntaxNode[] = [],
): void {
  see(node, around);
  const inside = [...around, node];
  for (const child of childrenOf(node)) walk(child, see, inside);
}

export const isFunction = ({ type }: SyntaxNode) =>
  /^(ArrowFunctionExpression|FunctionDeclaration|FunctionExpression|ObjectMethod|ClassMethod|ClassPrivateMethod)$/.test(
    type,
  );
