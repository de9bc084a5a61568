/** An image as lines of text, so that two builders can be compared. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { addTar } from '../../../actions/build-and-push/src/builders/builtin/tar';
import { eachEntry } from '../../../actions/build-and-push/src/builders/builtin/tar-entries';
import {
  FileTree,
  type Inode,
  type Node,
  type TarSource,
} from '../../../actions/build-and-push/src/builders/builtin/tree/tree';
import type { ContainerConfig } from '../../../actions/build-and-push/src/registry/oci';

/** What of an image counts: `path kind mode owner …` of each file, and the configuration. */
export interface Judged {
  readonly files: readonly string[];
  readonly config: Readonly<Record<string, unknown>>;
}

/** An archive as a file or a connection gives it: the reader takes a large piece before an entry for its header. */
export function inPieces(archive: Buffer, size = 64 * 1024): Readable {
  const count = Math.ceil(archive.length / size);
  return Readable.from(Array.from({ length: count }, (_, at) => archive.subarray(at * size, (at + 1) * size)));
}

/** @param layers the archives of the layers, unpacked */
export async function judged(layers: readonly Buffer[], config: ContainerConfig): Promise<Judged> {
  const tree = new FileTree();
  const digests = new Map<TarSource, string[]>();
  for (const tar of layers) {
    const source: TarSource = { read: (consume) => consume(inPieces(tar)) };
    digests.set(source, await digestsOf(tar));
    await addTar(tree, source, { whiteouts: true });
  }
  const names = new Map<Inode, string>();
  const files = tree.below('').map((path) => lineOf(path, tree.get(path)!, digests, names));
  return { files, config: plain(config) };
}

/** The digest of each entry's bytes, by its position. */
async function digestsOf(tar: Buffer): Promise<string[]> {
  const found: string[] = [];
  await eachEntry(inPieces(tar), async (entry, position) => {
    const hash = createHash('sha256');
    for await (const chunk of entry as unknown as AsyncIterable<Buffer>) hash.update(chunk);
    found[position] = hash.digest('hex').slice(0, 12);
  });
  return found;
}

function lineOf(path: string, node: Node, digests: Map<TarSource, string[]>, names: Map<Inode, string>): string {
  const { kind, mode, uid, gid, capability } = node;
  const words = [JSON.stringify(path), kind, mode.toString(8), `${uid}:${gid}`];
  if (kind === 'symlink') words.push(`-> ${node.target}`);
  if (kind === 'special') words.push(node.special.type, `${node.special.major}:${node.special.minor}`);
  if (kind === 'file' && 'tar' in node.content) {
    words.push(String(node.size), digests.get(node.content.tar)![node.content.entry]!);
    if (node.inode) words.push(`same as ${names.get(node.inode) ?? path}`);
    if (node.inode && !names.has(node.inode)) names.set(node.inode, path);
  }
  if (capability !== undefined) words.push(Buffer.from(capability, 'latin1').toString('hex'));
  return words.join(' ');
}

/** Without what is empty, and without a field of Windows that no image specification knows. */
function plain(config: object): Record<string, unknown> {
  const isEmpty = (value: unknown) =>
    value === null || value === '' || value === 0 || (typeof value === 'object' && Object.keys(value).length === 0);
  const entries = Object.entries(config).filter(([name, value]) => name !== 'ArgsEscaped' && !isEmpty(value));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
