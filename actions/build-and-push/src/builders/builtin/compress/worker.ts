/** Compresses pieces in a thread of its own. The bundler puts this file, with what it imports, into `worker-source.ts`. */

import { parentPort } from 'node:worker_threads';
import { pieceCompressor } from './deflate';

const compress = pieceCompressor();

parentPort?.on('message', (piece: Uint8Array) => {
  const packed = compress(piece);
  // What was written to is handed over as it is; the buffer of the piece goes back to be filled again.
  const lists = [packed.bytes.buffer, piece.buffer] as ArrayBuffer[];
  parentPort?.postMessage({ packed, piece }, lists);
});
