import { nameOf } from './names';
import { type SourceFile, type SyntaxNode, walk } from './syntax';

/** The values of a name; a file may use one for several. */
export type Bindings = ReadonlyMap<string, readonly SyntaxNode[]>;

/** What the files export, each with what the names of its file stand for. */
export type Exports = ReadonlyMap<string, { readonly nodes: readonly SyntaxNode[]; readonly bindings: Bindings }>;

export function exportsOf(files: readonly SourceFile[]): Exports {
  const exported = new Map<string, { nodes: readonly SyntaxNode[]; bindings: Bindings }>();
  for (const { tree } of files) {
    const bindings = bindingsIn(tree);
    walk(tree, (node) => {
      if (node.type !== 'ExportNamedDeclaration' || !node['declaration']) return;
      for (const [name, nodes] of bindingsIn(node['declaration'] as SyntaxNode))
        exported.set(name, { nodes, bindings });
    });
  }
  return exported;
}

/** What names of a file stand for: the values of constants and the functions. */
export function bindingsIn(tree: SyntaxNode): Bindings {
  const bindings = new Map<string, SyntaxNode[]>();
  const bind = (name: string | undefined, value: SyntaxNode) =>
    void bindings.set(name ?? '', [...(bindings.get(name ?? '') ?? []), value]);
  walk(tree, (node) => {
    const id = node['id'] as SyntaxNode | undefined;
    if (node.type === 'VariableDeclarator' && id && node['init']) bind(nameOf(id), node['init'] as SyntaxNode);
    if (node.type === 'FunctionDeclaration' && id) bind(nameOf(id), node);
  });
  return bindings;
}
