import { writeBlock } from './block';
import { crc32 } from './crc';
import { looksPacked, lookTables } from './looks-packed';
import { Loops, type LoopsModule } from './loops';

/** What is judged at a time, whether it is packed already. */
const judgedSize = 64 * 1024;

/** Compresses data as deflate does (RFC 1951), with memory that it keeps from one to the next. */
export class Deflater {
  readonly #loops: Loops;
  readonly #tables = lookTables();

  constructor(module: LoopsModule) {
    this.#loops = new Loops(module);
  }

  /**
   * Blocks none of which is the last one, ending with a whole byte, so that those of other data can follow.
   *
   * @param into what they are written to where it is large enough
   */
  deflate(given: Uint8Array, into?: Uint8Array): Uint8Array {
    const data = this.#loops.begin(given);
    for (let at = 0; at < data.length; ) {
      const isPacked = this.#looksPacked(data, at);
      let end = at;
      do end = Math.min(end + judgedSize, data.length);
      while (end < data.length && this.#looksPacked(data, end) === isPacked);
      if (isPacked) this.#loops.store(at, end);
      else this.#pack(at, end);
      at = end;
    }
    // An empty stored block ends with a whole byte.
    this.#loops.store(0, 0);
    const written = this.#loops.written();
    if (into === undefined || into.length < written.length) return written.slice();
    into.set(written);
    return into.subarray(0, written.length);
  }

  #looksPacked(data: Uint8Array, at: number): boolean {
    return looksPacked(data.subarray(at, at + judgedSize), this.#tables);
  }

  #pack(from: number, end: number): void {
    for (let at = from; at < end; ) {
      const next = this.#loops.read(at, end);
      writeBlock(this.#loops, at, next);
      at = next;
    }
  }
}

/** What is compressed at a time, on any core; a piece does not refer to those before it. */
export const pieceSize = 1024 * 1024;

/** Room for what a piece becomes: one that does not compress is stored, in blocks with five bytes before each. */
export const packedSize = pieceSize + 1024;

/** A compressed piece. */
export interface PackedPiece {
  readonly bytes: Uint8Array;
  /** Of the piece before it was compressed. */
  readonly crc: number;
  readonly length: number;
}

/** What compresses pieces, one after the other. */
export function pieceCompressor(module: LoopsModule): (piece: Uint8Array, into: Uint8Array) => PackedPiece {
  const deflater = new Deflater(module);
  return (piece, into) => ({ bytes: deflater.deflate(piece, into), crc: crc32(piece), length: piece.length });
}
