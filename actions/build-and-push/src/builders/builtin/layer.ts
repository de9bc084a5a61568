import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Header, type Pack, pack } from 'tar-stream';
import { types } from '../../registry/oci';
import { changed, readListed, streamListed } from './content';
import { gzip } from './gzip';
import type { Node } from './tree/tree';

/** A layer that was written to disk. */
export interface WrittenLayer {
  readonly descriptor: { readonly mediaType: string; readonly digest: string; readonly size: number };
  /** Digest of the archive before it was compressed. */
  readonly diffId: string;
  readonly file: string;
}

/** A file or directory of a layer. The bytes of files are on disk by now. */
export type LayerEntry = readonly [path: string, node: Node & { readonly file?: string }];

type HeaderFields = Partial<Header> & Pick<Header, 'name'>;

/** Larger ids do not fit the octal field of a tar header. */
const largestOctalId = 0o777777;

/** tar-stream takes a mode of 0 for none and writes its own; this bit is none that it writes. */
const noPermission = 0o10000;

/** How layers are written. */
export interface LayerOptions {
  /** Seconds since the epoch, for every entry. */
  readonly time: number;
  readonly signal: AbortSignal;
}

/**
 * Writes a layer: entries in the order given, one time for all, no names of users, compressed in a way that does not
 * depend on the machine.
 */
export async function writeLayer(
  entries: readonly LayerEntry[],
  file: string,
  { time, signal }: LayerOptions,
): Promise<WrittenLayer> {
  if (signal.aborted) throw signal.reason;
  const archive = pack();
  const before = tap();
  const after = tap();
  const stop = () => archive.destroy(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  const sink = createWriteStream(file);
  // A file that is still being opened when the writing fails would come to be after its folder was removed.
  const closed = new Promise<void>((resolve) => sink.once('close', resolve));
  const writing = pipeline(archive as unknown as NodeJS.ReadableStream, before.stream, gzip(), after.stream, sink);
  const ends = await Promise.allSettled([fill(archive, entries, time), writing]);
  await closed;
  signal.removeEventListener('abort', stop);
  if (signal.aborted) throw signal.reason;
  // What went wrong with a file comes first; that the archive was cut off is only its consequence.
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  const { digest, size } = after.result();
  return { descriptor: { mediaType: types.gzipLayer, digest, size }, diffId: before.result().digest, file };
}

async function fill(archive: Pack, entries: readonly LayerEntry[], time: number): Promise<void> {
  try {
    for (const [path, node] of entries) await addEntry(archive, headerOf(path, node, time), node.file);
    archive.finalize();
  } catch (error) {
    archive.destroy(error as Error);
    throw error;
  }
}

/** Smaller files are read at once: a stream for each of them would cost more than their bytes. */
const smallFile = 256 * 1024;

async function addEntry(archive: Pack, header: HeaderFields, file: string | undefined): Promise<void> {
  const { name: shown, size = 0 } = header;
  if (file === undefined) return packed(archive, header, Buffer.alloc(0));
  if (size <= smallFile) return packed(archive, header, await readListed({ file, shown, size }));
  const content = await streamListed({ file, shown, size });
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (error: Error) => reject(error.message === 'Size mismatch' ? changed({ file, shown }) : error);
      const entry = archive.entry(header, (error) => (error ? fail(error) : resolve()));
      pipeline(content, entry as unknown as NodeJS.WritableStream).catch(fail);
    });
  } finally {
    content.destroy();
  }
}

function packed(archive: Pack, header: HeaderFields, content: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    archive.entry(header, content, (error) => (error ? reject(error) : resolve()));
  });
}

function headerOf(path: string, node: Node, time: number): HeaderFields {
  const { mode, uid, gid } = node;
  const large = Object.entries({ uid, gid }).filter(([, id]) => id > largestOctalId);
  return {
    name: node.kind === 'directory' ? `${path}/` : path,
    mode: mode === 0 ? noPermission : mode,
    uid,
    gid,
    mtime: new Date(time * 1000),
    type: node.kind === 'other' ? 'file' : node.kind,
    size: node.kind === 'file' ? node.size : 0,
    ...(node.kind === 'symlink' && { linkname: node.target }),
    ...(large.length > 0 && { pax: Object.fromEntries(large.map(([name, id]) => [name, String(id)])) }),
  };
}

function tap(): { stream: Transform; result(): { digest: string; size: number } } {
  const hash = createHash('sha256');
  let size = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, result: () => ({ digest: `sha256:${hash.digest('hex')}`, size }) };
}
