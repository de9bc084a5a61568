/** What the header of a tar entry says, once it was looked at. */

import type { Header } from 'tar-stream';
import { ArchiveProblem } from './archive-problem';
import type { Attributes, Node, Special, TarSource } from './tree/tree';
import { longestPath, problemOfPath, shownPath, treePath } from './tree/tree-path';

/** How archives carry the capabilities of a program: as bytes, which need not be text. */
export const capabilityRecord = 'SCHILY.xattr.security.capability';

/** An entry of an archive, by its path in a tree. */
export type ListedEntry =
  | { readonly path: string; readonly node: Node }
  /** A further name of a file, whose attributes it changes. */
  | { readonly path: string; readonly linkTo: string; readonly attributes: Attributes };

/** Names longer than this are not even tidied up. Linux takes 4,096 bytes, after the dots are gone. */
const mostNameBytes = 64 * 1024;

/** Extended attributes of one entry. Linux itself writes a handful; global ones would count for every entry. */
const mostAttributes = 1000;

/**
 * @param position of the entry in its archive
 * @throws ArchiveProblem where no system could unpack it
 */
export function readHeader(header: Header, source: TarSource, position: number): ListedEntry {
  const pax = (header.pax ?? {}) as Readonly<Record<string, string | undefined>>;
  const path = pathOf(header.name);
  if (header.pax && Object.keys(pax).length > mostAttributes) {
    throw new ArchiveProblem(`${shownPath(path)} in it has more than ${mostAttributes} extended attributes`);
  }
  const [uid, gid] = [idOf(pax['uid'] ?? header.uid, path), idOf(pax['gid'] ?? header.gid, path)];
  const capability = pax[capabilityRecord];
  const attributes = { mode: header.mode & 0o7777, uid, gid, ...(capability !== undefined && { capability }) };
  if (header.type === 'link') return { path, linkTo: pathOf(header.linkname ?? ''), attributes };
  return { path, node: nodeOf(header, attributes, { tar: source, entry: position }) };
}

function pathOf(name: string): string {
  const path = name.length > mostNameBytes ? name : treePath(name);
  const problem = problemOfPath(path);
  if (problem) throw new ArchiveProblem(`${problem}, which Linux does not accept`);
  return path;
}

/** Systems keep ids as 32 bits without a sign; some programs write `nobody` as -2. */
function idOf(given: number | string | undefined, path: string): number {
  const id = Number(given);
  if (!Number.isFinite(id)) throw new ArchiveProblem(`${shownPath(path)} in it has an owner that is not a number`);
  return id >>> 0;
}

function nodeOf(header: Header, attributes: Attributes, content: { tar: TarSource; entry: number }): Node {
  switch (header.type) {
    case 'directory':
      return { ...attributes, kind: 'directory' };
    case 'symlink':
      // Linux has no other mode for them.
      return { ...attributes, mode: 0o777, kind: 'symlink', target: targetOf(header) };
    case 'file':
    case 'contiguous-file':
      return { ...attributes, kind: 'file', size: header.size ?? 0, content };
    case 'character-device':
    case 'block-device':
    case 'fifo':
      return { ...attributes, kind: 'special', special: specialOf(header.type, header) };
    default:
      return { ...attributes, kind: 'other' };
  }
}

function specialOf(type: Special['type'], { devmajor, devminor }: Header): Special {
  return { type, major: numberOf(devmajor), minor: numberOf(devminor) };
}

const numberOf = (given: number | undefined): number => (Number.isFinite(given) ? given! & 0xfffff : 0);

/** A link's text, as it is: what it means depends on where the link is, and some programs keep other things in it. */
function targetOf({ name, linkname }: Header): string {
  const target = linkname ?? '';
  if (Buffer.byteLength(target) <= longestPath && !target.includes('\0')) return target;
  throw new ArchiveProblem(
    `the link ${shownPath(name)} in it leads to ${shownPath(target)}, which Linux does not accept`,
  );
}
