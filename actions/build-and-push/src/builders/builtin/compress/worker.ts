/** Compresses pieces in a thread of its own. The bundler puts this file, with what it imports, into `worker-source.ts`. */

import { parentPort, workerData } from 'node:worker_threads';
import type { PieceBuffers } from './compressor';
import { pieceCompressor } from './deflate';

const compress = pieceCompressor(workerData);

parentPort?.on('message', ({ piece, into }: PieceBuffers) => {
  const packed = compress(piece, into);
  // Both buffers go back, to be filled again.
  const lists = [packed.bytes.buffer, piece.buffer] as ArrayBuffer[];
  parentPort?.postMessage({ packed, piece }, lists);
});
