/** Packs files as a tar archive, in pieces. What it gives depends on the entries and their bytes only. */

import { createHash } from 'node:crypto';
import { closeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { openListedSync, readPart } from './content';
import { archiveEnd, blockSize, encodeHeader, paddingOf } from './tar-writer';
import type { Inode, Node } from './tree/tree';

/** A file or directory of a layer. The bytes of files are on disk by now: in `file`. */
export type LayerEntry = readonly [path: string, node: Node, file?: string | undefined];

/** Where the pieces of an archive go. All are full but the last one. */
export interface PieceSink {
  /** An empty piece. */
  buffer(): Uint8Array;
  /** Takes a piece, or a part of one, that came from `buffer`. */
  add(piece: Uint8Array): Promise<void>;
}

/** What an archive is packed with. */
export interface PackOptions {
  /** Seconds since the epoch, for every entry. */
  readonly time: number;
  readonly signal: AbortSignal;
}

/**
 * Packs entries in the order given, with one time for all. Further names of a file are hard links.
 *
 * @returns the digest of the archive
 * @throws BuildProblem, ActionError where a file cannot be read or is not what it was; the reason of the signal
 */
export async function pack(
  entries: Iterable<LayerEntry>,
  { time, signal }: PackOptions,
  sink: PieceSink,
): Promise<string> {
  const archive = new Archive(sink, signal);
  const names = new Map<Inode, string>();
  const block = Buffer.alloc(blockSize);
  for (const [path, node, file] of entries) {
    const inode = node.kind === 'file' ? node.inode : undefined;
    const linkTo = inode && names.get(inode);
    if (inode && linkTo === undefined) names.set(inode, path);
    const header = encodeHeader(linkTo === undefined ? { path, node, time } : { path, node, time, linkTo }, block);
    if (!archive.takes(header)) await archive.write(header);
    if (node.kind === 'file' && linkTo === undefined) await archive.writeFile(path, file!, node.size);
  }
  await archive.write(archiveEnd);
  return archive.end();
}

class Archive {
  readonly #hash = createHash('sha256');
  #piece: Uint8Array;
  #filled = 0;

  constructor(
    readonly sink: PieceSink,
    readonly signal: AbortSignal,
  ) {
    this.#piece = sink.buffer();
  }

  /** Whether there was room for the bytes, so that the writer need not wait. */
  takes(bytes: Uint8Array): boolean {
    if (this.#filled + bytes.length > this.#piece.length) return false;
    this.#piece.set(bytes, this.#filled);
    this.#filled += bytes.length;
    return true;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      if (this.#filled === this.#piece.length) await this.#flush();
      const part = bytes.subarray(at, at + this.#piece.length - this.#filled);
      this.takes(part);
      at += part.length;
    }
  }

  async writeFile(shown: string, file: string, size: number): Promise<void> {
    const listed = { file, shown, size };
    const handle = openListedSync(listed);
    try {
      for (let at = 0; at < size; ) {
        if (this.#filled === this.#piece.length) await this.#flush();
        const room = Math.min(this.#piece.length - this.#filled, size - at);
        const read = readPart(handle, this.#piece.subarray(this.#filled, this.#filled + room), at, listed);
        this.#filled += read;
        at += read;
      }
    } finally {
      closeSync(handle);
    }
    const padding = archiveEnd.subarray(0, paddingOf(size));
    if (!this.takes(padding)) await this.write(padding);
  }

  async #flush(): Promise<void> {
    const piece = this.#piece.subarray(0, this.#filled);
    this.#hash.update(piece);
    await this.sink.add(piece);
    // Signals and requests have their turn.
    await setImmediate();
    if (this.signal.aborted) throw this.signal.reason;
    this.#piece = this.sink.buffer();
    this.#filled = 0;
  }

  async end(): Promise<string> {
    await this.#flush();
    return `sha256:${this.#hash.digest('hex')}`;
  }
}
