import { createHash } from 'node:crypto';
import { shown } from '../../../../shared/excerpt';
import { isDigest } from '../../../../shared/image/reference';
import { ImageFault, nextProxy, RegistryTrouble } from './faults';
import { type HttpAnswer, readBody } from './http';
import { readMediaType } from './read-manifest';
import { DigestMismatch } from './retry';

/** A manifest as it was stored: its bytes are what the digest is of. */
export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly body: Buffer;
}

/** What is known of a manifest before it is asked for. */
export interface ManifestPlace {
  /** A tag or a digest. */
  readonly reference: string;
  /** Bytes, where an index tells. */
  readonly size?: number | undefined;
}

/** What ECR and other registries take, and clients read. */
const largestManifest = 4 * 1024 * 1024;

export const sha256 = (content: Buffer): string => digestBy('sha256', content);

const digestBy = (algorithm: string, content: Buffer) =>
  `${algorithm}:${createHash(algorithm).update(content).digest('hex')}`;

/** @throws ImageFault where an index lists a manifest that is too large to be read */
export function checkManifestSize(size: number | undefined): void {
  if (size !== undefined && size > largestManifest) throw tooLarge(`has ${size} bytes`);
}

const tooLarge = (why: string) => new ImageFault(`its manifest ${why}; at most ${largestManifest} are read`);

/**
 * Reads a manifest and checks its size, its digest and what it is.
 *
 * @throws ImageFault, DigestMismatch, RegistryTrouble
 */
export async function manifestOf(answer: HttpAnswer, { reference, size }: ManifestPlace): Promise<Manifest> {
  const excess = () => (size === undefined ? tooLarge('has more bytes') : otherSize('more', size));
  const body = await readBody(answer, size ?? largestManifest, excess);
  if (size !== undefined && body.length !== size) throw otherSize(String(body.length), size);
  const promised = reference.includes(':') ? reference : headerOf(answer);
  const digest = digestBy((promised ?? 'sha256').split(':')[0]!, body);
  if (promised && promised !== digest) throw new DigestMismatch(`it has the digest ${digest}, not ${promised}`);
  return { digest, mediaType: readMediaType(body, answer.headers['content-type']), body };
}

const otherSize = (found: string, size: number) =>
  new ImageFault(`its manifest has ${found} bytes, not the ${size} that the index says`);

function headerOf({ headers }: HttpAnswer): string | undefined {
  const digest = headers['docker-content-digest'];
  if (digest === undefined || (typeof digest === 'string' && isDigest(digest))) return digest;
  throw new RegistryTrouble(
    `its answer has the Docker-Content-Digest ${shown(digest)}, which is not a digest`,
    nextProxy,
  );
}
