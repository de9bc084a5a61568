import { mkdtempSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { readArchive } from './archive';
import { readListed } from './content';
import { able, fetches, isRemote } from './dockerfile/check-dockerfile';
import { type Heredoc, heredocForm, type Instruction } from './dockerfile/dockerfile';
import { jsonWords, plainWords } from './dockerfile/dockerfile-words';
import { BuildProblem } from './dockerfile/problem';
import { type LayerEntry, type WrittenLayer, writeLayer } from './layer';
import { extractFiles } from './tar';
import { copyFiles, expandPattern, unpackFiles, withAncestors } from './tree/copy';
import { type Owner, ownerOf } from './tree/owner';
import { hasWildcard, literalPattern } from './tree/pattern';
import { FileTree, makeParents, newDirectory, type TarSource, treePath } from './tree/tree';
import { problemOfPath, shownPath } from './tree/tree-path';

/** Where layers and unpacked files go, and the one time that all files have. */
export interface Workshop {
  readonly folder: string;
  /** Seconds since the epoch. */
  readonly time: number;
  /** Ends the writing of a layer. */
  readonly signal: AbortSignal;
}

/** Words of COPY and ADD: sources and destination. @throws BuildProblem */
export function copyWords(text: string, workingDir: string, expand: (word: string) => string) {
  const words = jsonWords(text) ?? plainWords(text);
  if (words.length < 2) throw new BuildProblem('must name at least one source and the destination');
  const sources = words.slice(0, -1).map((word) => (heredocForm.test(word) ? word : expand(word)));
  const given = expand(words[words.length - 1]!);
  const isDirectory = /(^|\/)\.?$/.test(given);
  if (sources.length > 1 && !isDirectory) {
    throw new BuildProblem(
      `must have a destination that ends with "/", because there are several sources, got "${given}"`,
    );
  }
  return { sources, destination: posix.resolve('/', workingDir, given) + (isDirectory ? '/' : '') };
}

/** What COPY and ADD share. */
export interface Copy {
  readonly instruction: Instruction;
  readonly sources: readonly string[];
  readonly destination: string;
  readonly from: FileTree;
  readonly to: FileTree;
  readonly expand: (word: string) => string;
  readonly expandDocument: (text: string) => string;
}

/** Copies as COPY or ADD says; the answer is the layer, undefined where nothing was copied. */
export async function copy(order: Copy, workshop: Workshop): Promise<WrittenLayer | undefined> {
  const { instruction, to, destination, sources } = order;
  const attributes = await attributesOf(instruction, to, workshop, order.expand);
  const changed = new Set<string>();
  const documents = [...instruction.heredocs];
  for (const source of sources) {
    const parts = await partsOf(order, source, documents, workshop);
    const into = parts.length > 1 ? `${destination}/` : destination;
    for (const { archive, from, sources } of parts) {
      const where = { to, destination: into, ...attributes };
      const copied = archive ? unpackFiles({ from: archive, ...where }) : copyFiles({ from, sources, ...where });
      for (const path of copied) changed.add(path);
    }
  }
  return changed.size === 0 ? undefined : layerOf(to, changed, workshop);
}

/** What a source word stands for: files, a document, or an archive to unpack. */
interface Part {
  readonly from: FileTree;
  readonly sources: readonly string[];
  readonly archive?: FileTree;
}

async function partsOf(order: Copy, source: string, documents: Heredoc[], workshop: Workshop): Promise<Part[]> {
  const { from, instruction, expandDocument } = order;
  if (heredocForm.test(source)) return [documentTree(documents.shift()!, expandDocument, workshop)];
  const whole = [{ from, sources: [source] }];
  if (instruction.keyword !== 'ADD') return whole;
  if (isRemote(source)) throw new BuildProblem(`${fetches}, which the builtin builder cannot do`, able);
  const parts: Part[] = [];
  for (const path of hasWildcard(source) ? expandPattern(from, treePath(source)) : [source]) {
    const archive = await archiveOf(from, path, workshop);
    parts.push({ from, sources: [hasWildcard(source) ? literalPattern(path) : path], ...(archive && { archive }) });
  }
  return parts.some(({ archive }) => archive) ? parts : whole;
}

function documentTree(
  { name, content, expand: expands }: Heredoc,
  expandDocument: (text: string) => string,
  { folder }: Workshop,
) {
  const file = join(mkdtempSync(join(folder, 'document-')), 'content');
  const text = expands ? expandDocument(content) : content;
  writeFileSync(file, text);
  const from = new FileTree();
  from.set(name, { kind: 'file', mode: 0o644, uid: 0, gid: 0, size: Buffer.byteLength(text), content: { file } });
  return { from, sources: [name] };
}

/** What is in an archive of the context; undefined for all else. */
async function archiveOf(from: FileTree, source: string, { signal }: Workshop): Promise<FileTree | undefined> {
  const node = from.get(from.resolve(treePath(source), true) ?? '');
  return node?.kind === 'file' && 'file' in node.content ? readArchive(node.content.file, source, signal) : undefined;
}

async function attributesOf(
  { flags }: Instruction,
  to: FileTree,
  workshop: Workshop,
  expand: (word: string) => string,
): Promise<{ owner?: Owner; mode?: number }> {
  const { chown, chmod } = flags;
  const mode = chmod === undefined ? undefined : expand(chmod);
  if (mode !== undefined && !/^[0-7]{3,4}$/.test(mode)) {
    throw new BuildProblem(`--chmod must be an octal number such as 755, got "${mode}"`);
  }
  const owner = chown === undefined ? undefined : await ownerOf(expand(chown), readerOf(to, workshop));
  return { ...(owner && { owner }), ...(mode !== undefined && { mode: Number.parseInt(mode, 8) }) };
}

/** Lists of users and groups are small; those of the largest directories have some hundred thousand. */
const mostTextBytes = 8 * 1024 ** 2;

/** Reads small text files of an image. */
const readerOf = (tree: FileTree, workshop: Workshop) => async (path: string) => {
  const at = tree.resolve(treePath(path), true);
  const node = at === undefined ? undefined : tree.get(at);
  if (at === undefined || node?.kind !== 'file') return undefined;
  if (node.size > mostTextBytes) {
    throw new BuildProblem(
      `${path} of the image has more than ${mostTextBytes} bytes; name users and groups by number`,
    );
  }
  const [file] = await bringToDisk(tree, [at], workshop);
  return file && (await readListed({ file, shown: path, size: node.size })).toString();
};

/** Makes the directory of WORKDIR, which belongs to the user of the image; undefined where it is there. */
export async function makeDirectory(
  tree: FileTree,
  path: string,
  user: string | undefined,
  workshop: Workshop,
): Promise<WrittenLayer | undefined> {
  const at = tree.resolve(treePath(path), true);
  if (at === undefined) throw new BuildProblem(`the links of ${shownPath(path)} go round in circles`);
  const problem = problemOfPath(at);
  if (problem) throw new BuildProblem(`cannot be in an image: ${problem}`);
  const existing = tree.get(at);
  if (existing?.kind === 'directory') return undefined;
  if (existing) throw new BuildProblem(`${path} is a file in the image`);
  const owner = user ? await ownerOf(user, readerOf(tree, workshop)) : undefined;
  makeParents(tree, at, owner);
  tree.set(at, { ...newDirectory, ...owner });
  return layerOf(tree, [at], workshop);
}

async function layerOf(tree: FileTree, changed: Iterable<string>, workshop: Workshop): Promise<WrittenLayer> {
  const paths = withAncestors(tree, changed);
  const files = await bringToDisk(tree, paths, workshop);
  const entries = paths.map((path, at): LayerEntry => {
    const file = files[at];
    return [path, { ...tree.get(path)!, ...(file !== undefined && { file }) }];
  });
  const file = join(mkdtempSync(join(workshop.folder, 'layer-')), 'layer.tar.gz');
  return writeLayer(entries, file, workshop);
}

/** Unpacks the files that are still in archives, each archive once. The answer is the file of each path. */
async function bringToDisk(
  tree: FileTree,
  paths: readonly string[],
  { folder, signal }: Workshop,
): Promise<(string | undefined)[]> {
  const wanted = new Map<TarSource, Set<number>>();
  for (const path of paths) {
    const node = tree.get(path);
    if (node?.kind !== 'file' || !('tar' in node.content)) continue;
    const { tar, entry } = node.content;
    wanted.set(tar, (wanted.get(tar) ?? new Set()).add(entry));
  }
  const unpacked = new Map<TarSource, Map<number, string>>();
  for (const [tar, entries] of wanted) {
    const into = mkdtempSync(join(folder, 'files-'));
    unpacked.set(tar, await extractFiles(tar, entries, into, signal));
  }
  return paths.map((path) => {
    const node = tree.get(path);
    if (node?.kind !== 'file') return undefined;
    const file = 'file' in node.content ? node.content.file : unpacked.get(node.content.tar)!.get(node.content.entry)!;
    // The next instruction that needs it finds it on disk.
    tree.set(path, { ...node, content: { file } });
    return file;
  });
}
