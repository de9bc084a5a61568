import { availableParallelism, cpus } from 'node:os';
import { Worker } from 'node:worker_threads';
import { ActionError } from '../../../../../../shared/errors';
import { type PackedPiece, pieceCompressor } from './deflate';
import { loopsModule } from './loops-module';
import { workerSource } from './worker-source';

/** What a piece is in, and what it is compressed into. */
export interface PieceBuffers {
  readonly piece: Uint8Array;
  readonly into: Uint8Array;
}

/** A compressed piece. The buffer of its bytes is the one that they were to be written into, unless that was too small. */
export interface Compressed {
  readonly packed: PackedPiece;
  readonly piece: Uint8Array;
}

/** Compresses pieces, several at a time where there are cores for it. The results are the same wherever they are made. */
export interface Compressor {
  /** How many pieces can be under way without anyone waiting. */
  readonly width: number;
  /** The buffers must not be used until the promise is settled, which gives them back. */
  compress(buffers: PieceBuffers): Promise<Compressed>;
  close(): void;
}

/** A thread keeps little for long; with Node's own limits it would collect tens of megabytes of what it needs no more. */
const resourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 };

/** More threads would take more memory than they save time. */
const mostThreads = 4;

/** Compresses in the thread that asks: for what is small, and where there is one core. */
export function ownThread(): Compressor {
  const compress = pieceCompressor(loopsModule());
  return { width: 1, compress: async ({ piece, into }) => ({ packed: compress(piece, into), piece }), close: () => {} };
}

/** A compressor with a thread for each core, begun when it is first needed. @param source the program of a thread */
export function threads(count = coreCount(), source = workerSource): Compressor {
  if (source === undefined || count < 2) return ownThread();
  const pool = new Pool(source, Math.min(count, mostThreads));
  return { width: pool.width, compress: (buffers) => pool.run(buffers), close: () => pool.close() };
}

const coreCount = () => (availableParallelism as (() => number) | undefined)?.() ?? cpus().length;

interface Job {
  resolve(done: Compressed): void;
  reject(error: Error): void;
}

/** Each thread has its queue, filled in turn; answers come in the order of the questions. */
class Pool {
  readonly width: number;
  readonly #members: { readonly worker: Worker; readonly jobs: Job[] }[] = [];
  #next = 0;

  constructor(
    readonly source: string,
    readonly size: number,
  ) {
    this.width = size * 2;
  }

  run(buffers: PieceBuffers): Promise<Compressed> {
    const at = this.#next++ % this.size;
    this.#members[at] ??= this.#start();
    const { worker, jobs } = this.#members[at];
    return new Promise((resolve, reject) => {
      jobs.push({ resolve, reject });
      // The process must not end while somebody waits for an answer.
      worker.ref();
      worker.postMessage(buffers, [buffers.piece.buffer, buffers.into.buffer] as ArrayBuffer[]);
    });
  }

  #start() {
    const member = {
      worker: new Worker(this.source, { eval: true, resourceLimits, workerData: loopsModule() }),
      jobs: [] as Job[],
    };
    member.worker.on('message', (done: Compressed) => {
      member.jobs.shift()!.resolve(done);
      if (member.jobs.length === 0) member.worker.unref();
    });
    const fail = (error: Error) => {
      for (const job of member.jobs.splice(0)) job.reject(error);
    };
    member.worker.on('error', (error) =>
      fail(
        new ActionError(`cannot compress a layer: ${error.message}; allow the action more memory`, { cause: error }),
      ),
    );
    member.worker.on('exit', () => fail(new ActionError('cannot compress a layer: its thread has ended; run again')));
    return member;
  }

  close(): void {
    for (const { worker } of this.#members.splice(0)) void worker.terminate();
  }
}
