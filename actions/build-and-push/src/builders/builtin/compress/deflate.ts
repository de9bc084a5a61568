import { BitWriter } from './bits';
import { store, writeBlock } from './block';
import { crc32 } from './crc';
import { looksPacked, lookTables } from './looks-packed';
import { MatchFinder } from './matches';

/** What is judged at a time, whether it is packed already. */
const judgedSize = 64 * 1024;

/** Tokens that have one code; more would be told apart too little, fewer would tell their codes too often. */
const tokensPerBlock = 24 * 1024;

/** Compresses data as deflate does (RFC 1951), with memory that it keeps from one to the next. */
export class Deflater {
  readonly #finder = new MatchFinder();
  readonly #tables = lookTables();
  readonly #tokens = new Uint32Array(tokensPerBlock + 258);

  /**
   * Blocks none of which is the last one, ending with a whole byte, so that those of other data can follow.
   *
   * @param into what they are written to where it is large enough
   */
  deflate(data: Uint8Array, into: Uint8Array = new Uint8Array((data.length >> 1) + 1024)): Uint8Array {
    const out = new BitWriter(into);
    this.#finder.begin(data);
    for (let at = 0; at < data.length; ) {
      const isPacked = this.#looksPacked(data, at);
      let end = at;
      do end = Math.min(end + judgedSize, data.length);
      while (end < data.length && this.#looksPacked(data, end) === isPacked);
      if (isPacked) store(out, data.subarray(at, end));
      else this.#pack(out, data, at, end);
      at = end;
    }
    // An empty stored block ends with a whole byte.
    store(out, data.subarray(0, 0));
    return out.result();
  }

  #looksPacked(data: Uint8Array, at: number): boolean {
    return looksPacked(data.subarray(at, at + judgedSize), this.#tables);
  }

  #pack(out: BitWriter, data: Uint8Array, from: number, end: number): void {
    for (let at = from; at < end; ) {
      const { next, count } = this.#finder.read(at, end, this.#tokens);
      writeBlock(out, this.#tokens.subarray(0, count), data.subarray(at, next));
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
export function pieceCompressor(): (piece: Uint8Array, into: Uint8Array) => PackedPiece {
  const deflater = new Deflater();
  return (piece, into) => ({ bytes: deflater.deflate(piece, into), crc: crc32(piece), length: piece.length });
}
