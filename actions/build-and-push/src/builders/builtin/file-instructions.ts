import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArchive } from './archive';
import { type CopyFlags, type CopyWords, copyFlags, type Expansion, type InlineFile } from './copy-order';
import { bringToDisk, readText } from './disk';
import { able, fetches, isRemote } from './dockerfile/check-dockerfile';
import type { Instruction } from './dockerfile/dockerfile';
import { BuildProblem } from './dockerfile/problem';
import { quoted } from './dockerfile/quote';
import { type LayerEntry, type LayerOptions, type WrittenLayer, writeLayer } from './layer';
import { copyFiles, unpackFiles, withAncestors } from './tree/copy';
import { matchPatterns } from './tree/ignore';
import { makeDirectories, resolvedPath } from './tree/make-directories';
import { type Owner, ownerOf } from './tree/owner';
import { hasWildcard } from './tree/pattern';
import { expandSource, folderOfPattern, splitAtPivot } from './tree/sources';
import { FileTree, treePath } from './tree/tree';

/** Where layers and unpacked files go, and how they are written. */
export interface Workshop extends LayerOptions {
  readonly folder: string;
  readonly warn: (text: string) => void;
}

/** The files of a stage. */
export interface StageFiles {
  readonly to: FileTree;
  /** Whether nothing was made of the image yet. */
  readonly isBare: boolean;
}

/** What COPY and ADD share. */
export interface Copy extends CopyWords, StageFiles {
  readonly instruction: Instruction;
  readonly from: FileTree;
  readonly expand: Expansion['word'];
  /** Whether a folder may be empty for a pattern that matches nothing in it, rather than missing. */
  readonly mayBeEmpty: (folder: string) => Promise<boolean>;
}

/** Where files go and whose they are. */
interface Target extends CopyFlags {
  readonly to: FileTree;
  readonly destination: string;
  readonly owner?: Owner;
}

/** Copies as COPY or ADD says, within the tree. The answer is the paths that the layer holds. */
export async function copy(order: Copy, workshop: Workshop): Promise<ReadonlySet<string>> {
  const { to, destination } = order;
  const flags = copyFlags(order.instruction, order.expand);
  const owner = flags.chown === undefined ? undefined : await namedOwner(flags.chown, order, workshop);
  const onto = flags.isLinked ? new FileTree() : to;
  const target = { ...flags, to: onto, destination, ...(owner && { owner }) };
  const changed = new Set<string>();
  const add = (paths: readonly string[]) => {
    for (const path of paths) changed.add(path);
  };
  for (const source of order.sources) {
    if (flags.unpacks && isRemote(source)) {
      throw new BuildProblem(`${fetches}, which the builtin builder cannot do`, able);
    }
    for (const paths of await copySource(source, order, target, workshop)) add(paths);
  }
  for (const document of order.documents) {
    const from = documentTree(document, workshop);
    add(copyFiles({ ...target, from, path: document.name }));
  }
  if (flags.isLinked) putOnTop(onto, to, changed);
  return changed;
}

/** What one source word gives, match by match. */
async function copySource(
  source: string,
  { from, mayBeEmpty }: Copy,
  target: Target,
  workshop: Workshop,
): Promise<readonly string[][]> {
  const { excludes, keepsParents } = target;
  const { base, pattern } = keepsParents ? splitAtPivot(source) : { base: source, pattern: undefined };
  const includes = pattern === undefined ? undefined : includedBy(pattern);
  const selects =
    includes || excludes ? (path: string) => (includes?.(path) ?? true) && !(excludes?.(path) ?? false) : undefined;
  if (pattern !== undefined) requireOne(base, pattern, from, selects!);
  const copied: string[][] = [];
  const isWithin = (path: string) => !pattern || from.get(from.resolve(path, true) ?? '')?.kind === 'directory';
  const found = expandSource(from, treePath(base)).filter(isWithin);
  const folder = folderOfPattern(treePath(base));
  const isMissing = async () => !from.get(from.resolve(folder, true) ?? '') || !(await mayBeEmpty(folder));
  if (found.length === 0 && folder !== '' && (await isMissing())) {
    throw new BuildProblem(`${quoted(source)} matches nothing; build what it should match, or correct the path`);
  }
  for (const path of found) {
    const archive = target.unpacks ? await archiveOf(from, path, workshop) : undefined;
    const { to, destination, owner } = target;
    if (archive) copied.push(unpackFiles({ to, destination, from: archive, ...(owner && { owner }) }));
    else copied.push(copyFiles({ ...target, from, path, ...(selects && { selects }) }));
  }
  return copied;
}

/** What `COPY --parents` copies: nothing for no pattern, as in BuildKit. @throws BuildProblem for a malformed pattern */
function includedBy(pattern: string): (path: string) => boolean {
  const matches = pattern === '' ? () => false : matchPatterns([pattern]);
  if (!matches) throw new BuildProblem(`${quoted(pattern)} is a malformed pattern`);
  return matches;
}

/** As in BuildKit, a source of `COPY --parents` without wildcards must give something; no link on the way is followed. */
function requireOne(base: string, pattern: string, from: FileTree, selects: (path: string) => boolean): void {
  if (hasWildcard(base) || hasWildcard(pattern)) return;
  const required = treePath(`${base}/${pattern}`);
  const shown = quoted(`/${required}`);
  if (required !== '' && !from.get(required)) throw new BuildProblem(`${shown} does not exist`);
  const inBase = treePath(base).length + (treePath(base) === '' ? 0 : 1);
  if ([required, ...from.below(required)].some((path) => selects(path.slice(inBase)))) return;
  throw new BuildProblem(
    `--parents copies nothing of ${shown}, which BuildKit refuses, too; name what is in it, or do without --parents`,
  );
}

function documentTree({ name, content }: InlineFile, { folder }: Workshop): FileTree {
  const file = join(mkdtempSync(join(folder, 'document-')), 'content');
  writeFileSync(file, content);
  const from = new FileTree();
  from.set(name, { kind: 'file', mode: 0o644, uid: 0, gid: 0, size: Buffer.byteLength(content), content: { file } });
  return from;
}

/** What is in an archive of the context; undefined for all else. */
async function archiveOf(from: FileTree, source: string, { signal }: Workshop): Promise<FileTree | undefined> {
  const node = from.get(from.resolve(source, true) ?? '');
  return node?.kind === 'file' && 'file' in node.content ? readArchive(node.content.file, source, signal) : undefined;
}

/** Puts what `--link` has copied on top of an image, regardless of what is there: a link is replaced by a directory. */
function putOnTop(layer: FileTree, image: FileTree, changed: ReadonlySet<string>): void {
  for (const path of [...changed].sort((a, b) => a.length - b.length)) image.set(path, layer.get(path)!);
}

/** @throws BuildProblem for a name where there is no file system at all, as in BuildKit */
function namedOwner(text: string, { to, isBare }: StageFiles, workshop: Workshop): Promise<Owner> {
  const read = (path: string) => readText(to, path, workshop);
  return ownerOf(text, read, (kind, name, lack) => {
    const file = kind === 'user' ? '/etc/passwd' : '/etc/group';
    if (isBare) {
      throw new BuildProblem(`the ${kind} ${quoted(name)} is not known, as the image has no ${file}; use a number`);
    }
    workshop.warn(
      `the ${kind} ${quoted(name)} ${lack} ${file} of the image, so it is taken for root, as BuildKit does`,
    );
  });
}

/** Makes the directory of WORKDIR, which belongs to the user of the image. The answer is the paths that the layer holds. */
export async function makeDirectory(
  files: StageFiles,
  path: string,
  user: string | undefined,
  workshop: Workshop,
): Promise<readonly string[]> {
  const tree = files.to;
  const at = resolvedPath(tree, path, true);
  if (tree.get(at)?.kind === 'directory') return [];
  const owner = user ? await namedOwner(user, files, workshop) : undefined;
  makeDirectories(tree, at, { ...(owner && { owner }) });
  return [at];
}

/** Writes the layer of an instruction that has changed these paths. */
export async function layerOf(tree: FileTree, changed: Iterable<string>, workshop: Workshop): Promise<WrittenLayer> {
  const paths = withAncestors(tree, changed);
  const files = await bringToDisk(tree, paths, workshop);
  // Made one by one, and anew each time: tens of thousands would be kept for as long as the layer is written.
  const entries = {
    *[Symbol.iterator](): Generator<LayerEntry> {
      for (const [at, path] of paths.entries()) yield [path, tree.get(path)!, files[at]];
    },
  };
  const file = join(mkdtempSync(join(workshop.folder, 'layer-')), 'layer.tar.gz');
  return writeLayer(entries, file, workshop);
}
