import { createReadStream, statSync } from 'node:fs';
import type { ClientRequest } from 'node:http';
import { Transform } from 'node:stream';
import { ActionError } from '../../../../shared/errors';

/** A file that is sent as the body of a request; read anew for each attempt. */
export interface FileBody {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Sends exactly the bytes that the header announced: a registry would take more of them for a request of its own, and wait
 * for fewer. It may answer before the whole file is sent; the rest of it is then of no interest.
 */
export function sendFile({ path, size }: FileBody, request: ClientRequest): void {
  const found = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (found !== size) return void request.destroy(changed(found, size));
  if (size === 0) return void request.end();
  const file = createReadStream(path, { end: size - 1 });
  const counted = counting(size);
  file.on('error', ({ message }) => request.destroy(new ActionError(`cannot send a layer: ${message}; run again`)));
  counted.on('error', (error) => request.destroy(error));
  request.on('close', () => file.destroy());
  file.pipe(counted).pipe(request);
}

/** Fails at its end where fewer bytes came. */
function counting(size: number): Transform {
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      passed += chunk.length;
      done(null, chunk);
    },
    flush: (done) => done(passed === size ? null : changed(passed, size)),
  });
}

const changed = (found: number, size: number) =>
  new ActionError(`cannot send a layer: its file has ${found} bytes, not ${size}; run again`);
