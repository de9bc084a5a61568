/** Reads the entries of tar archives from anywhere: nothing in them is believed before it was looked at. */

import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type Header, type Extract as TarReader } from 'tar-stream';
import { ArchiveProblem } from './archive-problem';
import { capabilityRecord } from './tar-header';
import { firstCause } from './unpack';

export type TarEntry = TarReader extends AsyncIterable<infer E> ? E : never;

/**
 * Bytes of headers before an entry, which a reader must hold in memory. Docker's reader (Go's archive/tar) takes one of
 * 1 MiB; a few may follow each other.
 */
const mostHeaderBytes = 4 * 1024 ** 2;

const blockSize = 512;

/**
 * Calls `visit` for each entry of an archive, in order; what it does not read of a body is skipped.
 *
 * @throws ArchiveProblem, what `visit` throws, or the reason of the signal
 */
export async function eachEntry(
  tar: Readable,
  visit: (entry: TarEntry, position: number) => Promise<void> | void,
  signal?: AbortSignal,
): Promise<void> {
  if (signal?.aborted) throw signal.reason;
  // Old archives have no mark of their format.
  const reader = extract({ allowUnknownFormat: true } as object);
  keepBytes(reader);
  const isEnded = stopAtEnd(reader);
  const guard = headerGuard(isEnded);
  const stop = () => guard.stream.destroy(signal?.reason as Error);
  signal?.addEventListener('abort', stop, { once: true });
  let failure: { readonly reason: unknown } | undefined;
  const reading = (async () => {
    let position = 0;
    for await (const entry of reader) {
      try {
        guard.begin(entry.header);
        await visit(entry, position++);
      } catch (reason) {
        failure = { reason };
        throw reason;
      }
      entry.resume();
    }
  })();
  const sink = reader as unknown as NodeJS.WritableStream;
  const ends = await Promise.allSettled([pipeline(tar, guard.stream, sink), reading]);
  signal?.removeEventListener('abort', stop);
  if (signal?.aborted) throw signal.reason;
  if (failure) throw failure.reason;
  if (ends.some(({ status }) => status === 'rejected')) throw explained(firstCause(ends));
}

/** What tar-stream does inside, as far as it is changed here. */
interface InsideReader {
  /** Reads the records of an entry, all of them as UTF-8, which some are not. */
  _decodeLongHeader(bytes: Buffer): void;
  _pax: Record<string, string> | null;
  /** Reads a block of 512 bytes; `_header` is null for one of zeros. */
  _consumeHeader(): boolean;
  _header: Header | null;
  readonly _buffer: { readonly buffered: number; shift(size: number): unknown };
  _write(data: Buffer, done: (error: Error | null) => void): void;
}

/** Two blocks of zeros end an archive, whatever follows. Source: Go's archive/tar, with which builders read. */
function stopAtEnd(reader: TarReader): () => boolean {
  const inside = reader as unknown as InsideReader;
  const [consume, write] = [inside._consumeHeader, inside._write];
  let zeros = 0;
  const isEnded = () => zeros >= 2;
  inside._consumeHeader = function () {
    const isGoingOn = consume.call(this);
    if (isGoingOn) zeros = this._header === null ? zeros + 1 : 0;
    if (isEnded()) this._buffer.shift(this._buffer.buffered);
    return isGoingOn;
  };
  inside._write = function (data, done) {
    if (isEnded()) done(null);
    else write.call(this, data, done);
  };
  return isEnded;
}

/** Keeps the bytes of capabilities, each as a character. */
function keepBytes(reader: TarReader): void {
  const inside = reader as unknown as InsideReader;
  const decode = inside._decodeLongHeader;
  inside._decodeLongHeader = function (bytes) {
    decode.call(this, bytes);
    if (this._pax?.[capabilityRecord] === undefined) return;
    const value = recordIn(Buffer.from(bytes).toString('latin1'), capabilityRecord);
    if (value !== undefined) this._pax[capabilityRecord] = value;
  };
}

/** A record of a header, which is a list of `LENGTH NAME=VALUE\n`; the length counts itself. */
function recordIn(records: string, name: string): string | undefined {
  for (let at = 0; at < records.length; ) {
    const length = Number.parseInt(records.slice(at, at + 10), 10);
    if (!(length > 0)) return undefined;
    const record = records.slice(records.indexOf(' ', at) + 1, at + length - 1);
    if (record.startsWith(`${name}=`)) return record.slice(name.length + 1);
    at += length;
  }
  return undefined;
}

/** The bound of tar-stream for a single header is the same. */
const explained = (error: unknown) =>
  (error as Error).message === 'Header exceeds max size' ? new ArchiveProblem(tooLong) : error;

const tooLong = `a header of it has more than ${mostHeaderBytes} bytes`;

/** Counts what went by since the last entry ended. The zeros that fill archives up at their end do not count. */
function headerGuard(isEnded: () => boolean): { stream: Transform; begin(header: Header): void } {
  let passed = 0;
  let bodyEnd = 0;
  let zeros = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (passed >= bodyEnd && isZero(chunk)) zeros += chunk.length;
      passed += chunk.length;
      if (isEnded() || passed - zeros - bodyEnd <= mostHeaderBytes) return done(null, chunk);
      done(new ArchiveProblem(tooLong));
    },
  });
  return {
    stream,
    begin(header) {
      const { byteOffset } = header as Header & { byteOffset: number };
      const size = header.type === 'directory' ? 0 : (header.size ?? 0);
      bodyEnd = byteOffset + Math.ceil(size / blockSize) * blockSize;
      zeros = 0;
    },
  };
}

const isZero = (chunk: Buffer) => chunk[0] === 0 && chunk.every((byte) => byte === 0);
