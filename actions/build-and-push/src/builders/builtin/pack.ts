/** Packs files as a tar archive. What it gives depends on the entries and their bytes only. */

import { changed, readListed, streamListed } from './content';
import { archiveEnd, encodeHeader, paddingOf } from './tar-writer';
import type { Inode, Node } from './tree/tree';

/** A file or directory of a layer. The bytes of files are on disk by now. */
export type LayerEntry = readonly [path: string, node: Node & { readonly file?: string }];

/** Smaller files are read at once: a stream for each of them would cost more than their bytes. */
const smallFile = 256 * 1024;

/**
 * The bytes of an archive: entries in the order given, with one time. Further names of a file are hard links.
 *
 * @param time seconds since the epoch
 * @throws BuildProblem, ActionError where a file cannot be read or is not what it was
 */
export async function* packed(entries: readonly LayerEntry[], time: number): AsyncGenerator<Buffer> {
  const names = new Map<Inode, string>();
  for (const [path, node] of entries) {
    const inode = node.kind === 'file' ? node.inode : undefined;
    const linkTo = inode && names.get(inode);
    if (inode && linkTo === undefined) names.set(inode, path);
    yield encodeHeader({ path, node, time, ...(linkTo !== undefined && { linkTo }) });
    if (node.kind === 'file' && linkTo === undefined) yield* contentOf(path, node.file!, node.size);
  }
  yield archiveEnd;
}

async function* contentOf(shown: string, file: string, size: number): AsyncGenerator<Buffer> {
  if (size === 0) {
    await readListed({ file, shown, size });
    return;
  }
  if (size <= smallFile) yield await readListed({ file, shown, size });
  else yield* streamed(shown, file, size);
  const padding = paddingOf(size);
  if (padding > 0) yield Buffer.alloc(padding);
}

async function* streamed(shown: string, file: string, size: number): AsyncGenerator<Buffer> {
  const content = await streamListed({ file, shown, size });
  let read = 0;
  try {
    for await (const chunk of content as AsyncIterable<Buffer>) {
      read += chunk.length;
      yield chunk;
    }
  } finally {
    content.destroy();
  }
  if (read !== size) throw changed({ file, shown });
}
