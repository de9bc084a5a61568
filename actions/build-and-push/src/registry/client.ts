import type { Readable } from 'node:stream';
import { shown } from '../../../../shared/excerpt';
import { isDigest } from '../../../../shared/image/reference';
import type { Login } from './auth';
import { ImageFault, nextProxy, RegistryTrouble } from './faults';
import type { FileBody } from './file-body';
import { createHttp, type HttpAnswer, type HttpRequest, readBody } from './http';
import { checkManifestSize, type Manifest, manifestOf } from './manifest';
import { type Descriptor, manifestTypes } from './oci';
import { reachFrom } from './reach';
import { RegistryRefusal, type RetryEffects, withRetries } from './retry';
import { discard, openSession, type Session } from './session';
import { readVerified } from './verified';

export interface RegistryOptions extends RetryEffects {
  /** Scheme and host, such as `https://111122223333.dkr.ecr.us-west-2.amazonaws.com`. */
  readonly base: URL;
  readonly credentials?: Login;
  /** How long a connection may be silent. */
  readonly idleMs?: number;
  /** How long an answer that is not a layer may take, headers and body together. */
  readonly answerMs?: number;
}

/** Configurations of images have some kilobytes; those with thousands of labels and steps stay far below this. */
const largestConfig = 8 * 1024 * 1024;

/** How proxies on the way answer HEAD that let only other methods through. What is asked is then read, or sent. */
const noHead = [405, 501];

/** A client of the OCI distribution protocol (v1.1). Every request is tried again where that can help. */
export class RegistryClient {
  readonly base: URL;
  readonly #options: RegistryOptions;
  readonly #session: Session;
  readonly #http;

  constructor(options: RegistryOptions) {
    this.base = options.base;
    this.#options = options;
    const { signal, idleMs = 60_000, answerMs = 10_000 } = options;
    this.#http = createHttp({ signal, reach: reachFrom(options.base), idleMs, answerMs });
    this.#session = openSession(this.#http, options.base, options.credentials);
  }

  /** The digest that the registry answers for a tag; undefined where there is no such image. */
  async resolve(repository: string, reference: string): Promise<string | undefined> {
    const request = this.#request('HEAD', `${repository}/manifests/${reference}`, { accept: manifestTypes.join(', ') });
    const answer = await this.#ask(`look up ${repository}:${reference}`, request, [200, 404, ...noHead]);
    if (answer.status === 404) return undefined;
    const digest = answer.headers['docker-content-digest'];
    if (typeof digest === 'string' && isDigest(digest)) return digest;
    return (await this.manifest(repository, reference))?.digest;
  }

  /**
   * The manifest or index of a tag or digest; undefined where there is none.
   *
   * @param size bytes, where an index tells
   */
  async manifest(repository: string, reference: string, size?: number): Promise<Manifest | undefined> {
    checkManifestSize(size);
    const request = this.#request('GET', `${repository}/manifests/${reference}`, { accept: manifestTypes.join(', ') });
    const attempt = async () => {
      const answer = await this.#session.send(request, [200, 404]);
      if (answer.status === 200) return manifestOf(answer, { reference, size });
      await discard(answer);
      return undefined;
    };
    return withRetries(`read the manifest ${repository}:${reference}`, attempt, this.#options);
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
    return (await this.#ask(`look up the layer ${digest}`, request, [200, 404, ...noHead])).status === 200;
  }

  /** Takes over a blob from another repository of this registry. False where the registry does not do that. */
  async mountBlob(repository: string, digest: string, from: string): Promise<boolean> {
    const request = this.#uploads(repository);
    request.url.searchParams.set('mount', digest);
    request.url.searchParams.set('from', from);
    // 202 begins an upload that is never finished; registries drop those on their own.
    const answer = await this.#ask(`mount the layer ${digest} from ${from}`, request, [201, 202, 400, 403, 404, 405]);
    return answer.status === 201;
  }

  /** Sends a blob that the registry does not have. After a failure it is asked first whether the blob has arrived. */
  async uploadBlob(repository: string, digest: string, body: Buffer | FileBody): Promise<void> {
    let failed = false;
    const attempt = async () => {
      if (failed && (await this.#arrived(repository, digest))) return;
      failed = true;
      const begun = await this.#begin(repository);
      await discard(begun);
      const url = uploadAddress(begun.headers.location, this.#uploads(repository).url);
      url.searchParams.set('digest', digest);
      const headers = { 'content-type': 'application/octet-stream' };
      await discard(await this.#session.send({ method: 'PUT', url, headers, body, bulk: true }, [201, 202, 204]));
    };
    await withRetries(`send the layer ${digest}`, attempt, this.#options);
  }

  async #begin(repository: string): Promise<HttpAnswer> {
    try {
      return await this.#session.send(this.#uploads(repository), [202]);
    } catch (error) {
      throw error instanceof RegistryTrouble && error.transient ? uploadDropped(error, repository) : error;
    }
  }

  async #arrived(repository: string, digest: string): Promise<boolean> {
    const request = this.#request('HEAD', `${repository}/blobs/${digest}`);
    const answer = await this.#session.send(request, [200, 404, ...noHead]);
    await discard(answer);
    return answer.status === 200;
  }

  /**
   * Streams a layer to `consume`, which is called anew for each attempt. What it gives counts only when the content had
   * the size and the digest that were asked for.
   *
   * @throws ImageFault where the content has another size
   */
  async readBlob<T>(repository: string, blob: Descriptor, consume: (content: Readable) => Promise<T>): Promise<T> {
    return this.#read({ repository, blob, bulk: true }, consume);
  }

  /** A blob that is small: an image's configuration. */
  async smallBlob(repository: string, blob: Descriptor): Promise<Buffer> {
    if (blob.size > largestConfig) {
      throw new ImageFault(`its configuration has ${blob.size} bytes; at most ${largestConfig} are read`);
    }
    return this.#read({ repository, blob, bulk: false }, (body) => readBody({ body }, blob.size));
  }

  async #read<T>(
    { repository, blob, bulk }: { repository: string; blob: Descriptor; bulk: boolean },
    consume: (content: Readable) => Promise<T>,
  ): Promise<T> {
    const request = { ...this.#request('GET', `${repository}/blobs/${blob.digest}`), bulk };
    const attempt = async () => readVerified(await this.#session.send(request, [200]), blob, consume);
    return withRetries(`read the layer ${blob.digest}`, attempt, this.#options);
  }

  close(): void {
    this.#http.close();
  }

  #request(method: HttpRequest['method'], path: string, headers: Record<string, string> = {}): HttpRequest {
    return { method, url: new URL(`/v2/${path}`, this.base), headers };
  }

  #uploads(repository: string): HttpRequest {
    return this.#request('POST', `${repository}/blobs/uploads/`);
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

/**
 * The address that the bytes of a blob are sent to.
 *
 * @param asked where the upload was begun: a relative address is relative to that (RFC 9110, 10.2.2)
 * @throws RegistryTrouble where the registry names none
 */
function uploadAddress(location: string | undefined, asked: URL): URL {
  if (!location) throw new RegistryTrouble('it begins an upload without an address for it (no Location)', nextProxy);
  try {
    return new URL(location, asked);
  } catch {
    throw new RegistryTrouble(`it names ${shown(location)} for an upload, which is not an address`, nextProxy);
  }
}

/** A connection that was dropped at the start of an upload, which is how ECR answers what it does not allow. */
const uploadDropped = ({ message }: RegistryTrouble, repository: string): RegistryTrouble =>
  new RegistryTrouble(
    `${message} at the start of an upload, which ECR also does where the repository ${repository} is missing or the role lacks ecr:InitiateLayerUpload`,
    'create the repository, allow ecr:InitiateLayerUpload on it, or check the network of this machine, and run again',
    { transient: true },
  );
