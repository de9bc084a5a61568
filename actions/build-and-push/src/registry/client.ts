import { createHash } from 'node:crypto';
import { PassThrough, type Readable, Transform } from 'node:stream';
import type { Credentials } from './auth';
import { createHttp, type FileBody, type HttpAnswer, type HttpRequest, readBody } from './http';
import { type Descriptor, manifestTypes } from './oci';
import { DigestMismatch, RegistryRefusal, type RetryEffects, withRetries } from './retry';
import { discard, openSession, type Session } from './session';

/** A manifest as it was stored: its bytes are what the digest is of. */
export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly body: Buffer;
}

export interface RegistryOptions extends RetryEffects {
  /** Scheme and host, such as `https://111122223333.dkr.ecr.us-west-2.amazonaws.com`. */
  readonly base: URL;
  readonly credentials?: Credentials;
  /** How long a connection may be silent. */
  readonly idleMs?: number;
}

/** A client of the OCI distribution protocol (v1.1). Every request is tried again where that can help. */
export class RegistryClient {
  readonly base: URL;
  readonly #options: RegistryOptions;
  readonly #session: Session;
  readonly #http;

  constructor(options: RegistryOptions) {
    this.base = options.base;
    this.#options = options;
    this.#http = createHttp({ signal: options.signal, idleMs: options.idleMs ?? 60_000 });
    this.#session = openSession(this.#http, options.base, options.credentials);
  }

  /** The digest that the registry answers for a tag; undefined where there is no such image. */
  async resolve(repository: string, reference: string): Promise<string | undefined> {
    const request = this.#request('HEAD', `${repository}/manifests/${reference}`, { accept: manifestTypes.join(', ') });
    const answer = await this.#ask(`look up ${repository}:${reference}`, request, [200, 404]);
    const digest = answer.headers['docker-content-digest'];
    if (answer.status === 404 || typeof digest === 'string') return answer.status === 404 ? undefined : String(digest);
    return (await this.manifest(repository, reference))?.digest;
  }

  /** The manifest or index of a tag or digest; undefined where there is none. */
  async manifest(repository: string, reference: string): Promise<Manifest | undefined> {
    const request = this.#request('GET', `${repository}/manifests/${reference}`, { accept: manifestTypes.join(', ') });
    return withRetries(
      `read the manifest ${repository}:${reference}`,
      () => this.#manifest(request, reference),
      this.#options,
    );
  }

  async #manifest(request: HttpRequest, reference: string): Promise<Manifest | undefined> {
    const answer = await this.#session.send(request, [200, 404]);
    const body = await readBody(answer);
    if (answer.status === 404) return undefined;
    const digest = sha256(body);
    const promised = reference.includes(':') ? reference : answer.headers['docker-content-digest'];
    if (promised && promised !== digest) throw new DigestMismatch(`it has the digest ${digest}, not ${promised}`);
    const named = (JSON.parse(body.toString()) as { mediaType?: string }).mediaType;
    return { digest, mediaType: named ?? answer.headers['content-type'] ?? '', body };
  }

  /**
   * Stores a manifest under a tag. An answer that was lost does not matter: the same manifest is the same image.
   * @throws RegistryRefusal, of code TAG_INVALID or such where the tag is immutable and belongs to another image.
   */
  async putManifest(repository: string, tag: string, manifest: Manifest): Promise<void> {
    const path = `${repository}/manifests/${tag}`;
    const request = { ...this.#request('PUT', path, { 'content-type': manifest.mediaType }), body: manifest.body };
    try {
      await this.#ask(`store the manifest ${repository}:${tag}`, request, [200, 201, 202]);
    } catch (error) {
      // A tag that is immutable may be refused although it was this very manifest whose answer got lost.
      const isRefused = error instanceof RegistryRefusal && error.status < 500 && error.status !== 429;
      if (!isRefused || (await this.resolve(repository, tag)) !== manifest.digest) throw error;
    }
  }

  async hasBlob(repository: string, digest: string): Promise<boolean> {
    const request = this.#request('HEAD', `${repository}/blobs/${digest}`);
    return (await this.#ask(`look up the layer ${digest}`, request, [200, 404])).status === 200;
  }

  /** Takes over a blob from another repository of this registry. False where the registry does not do that. */
  async mountBlob(repository: string, digest: string, from: string): Promise<boolean> {
    const request = this.#request('POST', `${repository}/blobs/uploads/`);
    request.url.searchParams.set('mount', digest);
    request.url.searchParams.set('from', from);
    // 202 begins an upload that nobody finishes; registries drop those by themselves.
    const answer = await this.#ask(`mount the layer ${digest} from ${from}`, request, [201, 202, 400, 403, 404, 405]);
    return answer.status === 201;
  }

  /** Sends a blob that the registry does not have. After a failure it is asked first whether the blob has arrived. */
  async uploadBlob(repository: string, digest: string, body: Buffer | FileBody): Promise<void> {
    let failed = false;
    const attempt = async () => {
      if (failed && (await this.#arrived(repository, digest))) return;
      failed = true;
      const begun = await this.#session.send(this.#request('POST', `${repository}/blobs/uploads/`), [202]);
      await discard(begun);
      const url = new URL(begun.headers.location ?? '', this.base);
      url.searchParams.set('digest', digest);
      const headers = { 'content-type': 'application/octet-stream' };
      await discard(await this.#session.send({ method: 'PUT', url, headers, body }, [201, 202, 204]));
    };
    await withRetries(`send the layer ${digest}`, attempt, this.#options);
  }

  async #arrived(repository: string, digest: string): Promise<boolean> {
    const answer = await this.#session.send(this.#request('HEAD', `${repository}/blobs/${digest}`), [200, 404]);
    await discard(answer);
    return answer.status === 200;
  }

  /**
   * Streams a blob to `consume`, which is called anew for each attempt. What it gives counts only when the content had
   * the digest that was asked for.
   */
  async readBlob<T>(repository: string, blob: Descriptor, consume: (content: Readable) => Promise<T>): Promise<T> {
    const attempt = async () => {
      const { body } = await this.#session.send(this.#request('GET', `${repository}/blobs/${blob.digest}`), [200]);
      return readVerified(body, blob.digest, consume);
    };
    return withRetries(`read the layer ${blob.digest}`, attempt, this.#options);
  }

  /** A blob that is small: an image's configuration. */
  async smallBlob(repository: string, blob: Descriptor): Promise<Buffer> {
    return this.readBlob(repository, blob, (body) => readBody({ status: 200, headers: {}, body }));
  }

  close(): void {
    this.#http.close();
  }

  #request(method: HttpRequest['method'], path: string, headers: Record<string, string> = {}): HttpRequest {
    return { method, url: new URL(`/v2/${path}`, this.base), headers };
  }

  async #ask(what: string, request: HttpRequest, accepted: readonly number[]): Promise<HttpAnswer> {
    const attempt = async () => {
      const answer = await this.#session.send(request, accepted);
      await discard(answer);
      return answer;
    };
    return withRetries(what, attempt, this.#options);
  }
}

export const sha256 = (content: Buffer): string => `sha256:${createHash('sha256').update(content).digest('hex')}`;

/** The reader has a stream of its own, so that the content can still be checked when the reader gives up. */
async function readVerified<T>(body: Readable, digest: string, consume: (content: Readable) => Promise<T>): Promise<T> {
  const checked = verifying(digest);
  const handed = new PassThrough();
  body.on('error', (error) => checked.destroy(error));
  body.on('aborted', () => checked.destroy(new Error('aborted while receiving')));
  checked.on('error', (error) => handed.destroy(error));
  // Nobody may listen any more by then.
  handed.on('error', () => {});
  try {
    const result = await consume(body.pipe(checked).pipe(handed));
    await drained(checked);
    return result;
  } catch (error) {
    // Damaged content fails its reader in many ways. That it is damaged, and may be whole the next time, is the reason.
    if (!(error as NodeJS.ErrnoException).syscall && !checked.destroyed) await drained(checked);
    throw error;
  } finally {
    if (!body.readableEnded) body.destroy();
  }
}

/** Passes content on and fails at its end when it had another digest. */
function verifying(digest: string): Transform {
  const [algorithm = 'sha256', hex] = digest.split(':');
  const hash = createHash(algorithm);
  return new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      const found = hash.digest('hex');
      done(found === hex ? null : new DigestMismatch(`it has the digest ${algorithm}:${found}, not ${digest}`));
    },
  });
}

/** A reader of tar archives stops at the archive's end; what follows still counts for the digest. */
async function drained(stream: Readable): Promise<void> {
  if (stream.readableEnded) return;
  stream.unpipe();
  for await (const _ of stream) {
    // Only its end is of interest.
  }
}
