import { statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { ClientRequest } from 'node:http';
import { ActionError } from '../../../../shared/errors';

/** A file that is sent as the body of a request; read anew for each attempt. */
export interface FileBody {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** What is read and sent at a time. */
const chunkSize = 256 * 1024;

/**
 * Sends exactly the bytes that the header announced: a registry would take more of them for a request of its own, and wait
 * for fewer. It may answer before the whole file is sent; the rest of it is then of no interest.
 */
export function sendFile({ path, size }: FileBody, request: ClientRequest): void {
  const found = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (found !== size) return void request.destroy(changed(found, size));
  send({ path, size }, request).catch((error: Error) => request.destroy(error));
}

async function send({ path, size }: FileBody, request: ClientRequest): Promise<void> {
  const file = await open(path).catch(unreadable);
  try {
    // One buffer for all: streams make a new one for each chunk, which Node keeps until it needs the memory.
    const chunk = Buffer.allocUnsafeSlow(Math.min(chunkSize, size));
    for (let sent = 0; sent < size && !request.destroyed; ) {
      const part = chunk.subarray(0, Math.min(chunk.length, size - sent));
      const { bytesRead } = await file.read(part, 0, part.length, sent).catch(unreadable);
      if (bytesRead === 0) throw changed(sent, size);
      await taken(part.subarray(0, bytesRead), request);
      sent += bytesRead;
    }
  } finally {
    await file.close();
  }
  if (!request.destroyed) request.end();
}

/** Waits until the connection has taken the bytes, or has ended. */
function taken(bytes: Buffer, request: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    // Whoever made the request is told what ended it.
    const done = () => {
      request.off('close', done);
      resolve();
    };
    request.once('close', done);
    request.write(bytes, done);
  });
}

function unreadable({ message }: Error): never {
  throw new ActionError(`cannot send a layer: ${message}; run again`);
}

const changed = (found: number, size: number) =>
  new ActionError(`cannot send a layer: its file has ${found} bytes, not ${size}; run again`);
