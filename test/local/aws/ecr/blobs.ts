import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

export const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Blobs by digest, in a private folder that is made for the first of them and removed on close. */
export class BlobStore {
  #folder: string | undefined;

  /** Size in bytes; undefined where there is no such blob. */
  size(digest: string): number | undefined {
    return this.#folder === undefined ? undefined : statSync(this.pathOf(digest), { throwIfNoEntry: false })?.size;
  }

  /** The bytes from `start` to `end`, both included. */
  read(digest: string, range: { start?: number; end?: number } = {}): Readable {
    return createReadStream(this.pathOf(digest), range);
  }

  /** Keeps bytes that are at hand; answers their digest. */
  put(bytes: Uint8Array): string {
    const digest = digestOf(bytes);
    writeFileSync(this.pathOf(digest), bytes);
    return digest;
  }

  beginUpload(): Upload {
    const id = randomUUID();
    return new Upload(id, join(this.#open(), `upload-${id}`), (digest) => this.pathOf(digest));
  }

  close(): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }

  #open(): string {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'embedded-registry-'));
    return this.#folder;
  }

  /** Where a blob is kept. */
  pathOf(digest: string): string {
    return join(this.#open(), digest.replace(':', '-'));
  }
}

/** A blob that is being uploaded; its digest is computed as it arrives. */
export class Upload {
  #size = 0;
  readonly #hash = createHash('sha256');

  constructor(
    readonly id: string,
    readonly path: string,
    readonly pathOf: (digest: string) => string,
  ) {}

  get size(): number {
    return this.#size;
  }

  /** Adds all that the stream gives, one piece at a time. */
  async append(stream: AsyncIterable<Uint8Array>): Promise<void> {
    const file = await open(this.path, 'a');
    try {
      for await (const chunk of stream) {
        await file.write(chunk);
        this.#hash.update(chunk);
        this.#size += chunk.length;
      }
    } finally {
      await file.close();
    }
  }

  /** Ends the upload: keeps the blob if it has the digest that was given. */
  async finish(digest: string): Promise<boolean> {
    const good = `sha256:${this.#hash.digest('hex')}` === digest;
    if (good) await rename(this.path, this.pathOf(digest));
    else await this.cancel();
    return good;
  }

  cancel(): Promise<void> {
    return rm(this.path, { force: true });
  }
}
