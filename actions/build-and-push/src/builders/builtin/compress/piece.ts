import { crc32 } from './crc';
import { Deflater } from './deflate';

/** What is compressed at a time, on whatever core; a piece knows nothing of those before it. */
export const pieceSize = 1024 * 1024;

/** A compressed piece. */
export interface PackedPiece {
  readonly bytes: Uint8Array;
  /** Of the piece before it was compressed. */
  readonly crc: number;
  readonly length: number;
}

/** What compresses pieces, one after the other. */
export function pieceCompressor(): (piece: Uint8Array) => PackedPiece {
  const deflater = new Deflater();
  return (piece) => ({ bytes: deflater.deflate(piece), crc: crc32(piece), length: piece.length });
}
