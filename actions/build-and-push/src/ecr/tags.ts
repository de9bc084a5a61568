/** What becomes of tags that the repository has already. */

import { charPiece, compileGlob } from '../text/glob';

/** A tag that was asked for, and what the repository says of it. */
export interface TagState {
  readonly tag: string;
  /** The image that has it; undefined where none has. */
  readonly digest?: string;
  /** Whether the repository refuses to move it. */
  readonly immutable: boolean;
}

export type TagDecision =
  | { readonly act: 'build' }
  /** Nothing is built: the image is there. `add` are the tags that it is still to be given. */
  | { readonly act: 'skip'; readonly digest: string; readonly add: readonly string[]; readonly because: string }
  | { readonly act: 'refuse'; readonly problem: string };

/**
 * - `push`: builds; a tag that cannot be moved is refused before.
 * - `fail`: refuses when any tag is there.
 * - `skip`: the first tag decides whether the image is there.
 * - `auto`: the same, but the first tag that cannot be moved decides.
 */
export function decideTags(tags: readonly TagState[], mode: 'auto' | 'push' | 'skip' | 'fail'): TagDecision {
  const there = tags.filter(({ digest }) => digest !== undefined);
  const fixed = there.filter(({ immutable }) => immutable);
  if (mode === 'fail' && there.length > 0) return refuse(there, 'already exists');
  if (mode === 'push' && fixed.length > 0) {
    return refuse(
      fixed,
      'already exists, and the tags of the repository are immutable',
      'use another tag, or if-tag-exists: skip',
    );
  }
  const holder = mode === 'skip' ? tags[0] : mode === 'auto' ? tags.find(({ immutable }) => immutable) : undefined;
  if (holder?.digest !== undefined) return reuse(holder.tag, holder.digest, tags);
  if (fixed.length === 0) return { act: 'build' };
  return refuse(fixed, `already exists, but "${holder?.tag ?? tags[0]!.tag}" does not`);
}

function reuse(holder: string, digest: string, tags: readonly TagState[]): TagDecision {
  const others = tags.filter((tag) => tag.digest !== digest);
  const stuck = others.filter((tag) => tag.digest !== undefined && tag.immutable);
  if (stuck.length > 0) return refuse(stuck, `is another image than "${holder}" and cannot be moved`);
  return { act: 'skip', digest, add: others.map(({ tag }) => tag), because: `the tag ${holder} already exists` };
}

function refuse(tags: readonly TagState[], why: string, next = 'use another tag'): TagDecision {
  const names = tags.map(({ tag, digest }) => `"${tag}" (${digest})`).join(', ');
  return { act: 'refuse', problem: `${names} ${why}; ${next}` };
}

/** How a repository treats its tags, as DescribeRepositories answers. */
export interface TagMutability {
  readonly imageTagMutability?: string;
  readonly imageTagMutabilityExclusionFilters?: readonly { readonly filter: string | undefined }[];
}

/** Whether a repository refuses to move a tag. The filters of ECR name the exceptions; `*` is any text in them. */
export function isImmutable(tag: string, repository: TagMutability): boolean {
  const { imageTagMutability: setting = 'MUTABLE', imageTagMutabilityExclusionFilters: filters = [] } = repository;
  const immutable = setting.startsWith('IMMUTABLE');
  const excepted = setting.endsWith('_WITH_EXCLUSION') && filters.some(({ filter }) => matches(tag, filter ?? ''));
  return excepted ? !immutable : immutable;
}

function matches(tag: string, filter: string): boolean {
  return compileGlob([...filter].map((char) => (char === '*' ? { kind: 'all' } : charPiece(char)))).test(tag);
}
