import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { type Header, pack } from 'tar-stream';
import {
  FileTree,
  type Node,
  type TarSource,
} from '../../../../../actions/build-and-push/src/builders/builtin/tree/tree';

/** A folder with these files: text, or `-> target` for a symbolic link. A name that ends with a slash is a folder. */
export function folderWith(files: Record<string, string | Buffer>): string {
  const folder = mkdtempSync(join(tmpdir(), 'build-test-'));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if (typeof content !== 'string') writeFileSync(path, content);
    else if (content.startsWith('-> ')) symlinkSync(content.slice(3), path);
    else if (!name.endsWith('/')) writeFileSync(path, content);
  }
  return folder;
}

/** Makes a socket. The answer closes it, after which it is gone. */
export function socketAt(path: string): Promise<() => Promise<void>> {
  const server = createServer();
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return new Promise((resolve) => server.listen(path, () => resolve(close)));
}

export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true, maxRetries: 10 });

/** A tree of empty files; `-> target` is a link, a name that ends with a slash a directory. */
export function treeOf(...names: string[]): FileTree {
  const tree = new FileTree();
  const owner = { uid: 0, gid: 0 };
  for (const name of names) {
    const [path = '', target] = name.split(' -> ');
    const node: Node = target
      ? { ...owner, mode: 0o777, kind: 'symlink', target }
      : path.endsWith('/')
        ? { ...owner, mode: 0o755, kind: 'directory' }
        : { ...owner, mode: 0o644, kind: 'file', size: 0, content: { file: `/disk/${path}` } };
    tree.set(path.replace(/\/$/, ''), node);
  }
  return tree;
}

/** An archive in memory. */
export async function tarOf(...entries: [Partial<Header> & { name: string }, string?][]): Promise<Buffer> {
  const archive = pack();
  for (const [header, content = ''] of entries) archive.entry({ mtime: new Date(0), ...header }, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export const tarSource = (tar: Buffer): TarSource => ({ read: (consume) => consume(Readable.from([tar])) });
