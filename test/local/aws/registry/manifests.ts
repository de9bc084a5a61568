import { isDigest, tagProblem } from '../../../../shared/image/reference';
import { digestOf } from '../ecr/blobs';
import { type Manifest, readManifest } from '../ecr/manifest';
import { type EcrState, type Image, type Repository, resolveImage } from '../ecr/state';
import { type RegistryAnswer, RegistryRefusal } from './answer';

export interface ManifestRequest {
  readonly method: string;
  /** A tag or a digest. */
  readonly reference: string;
  readonly contentType: string | undefined;
  /** Reads the body. */
  body(): Promise<Buffer>;
}

/** HEAD, GET, PUT and DELETE of a manifest or index. */
export async function answerManifest(
  state: EcrState,
  repository: Repository,
  request: ManifestRequest,
): Promise<RegistryAnswer> {
  if (request.method === 'PUT') return putManifest(state, repository, request);
  const image = resolveImage(repository, request.reference);
  if (!image) throw new RegistryRefusal(404, 'MANIFEST_UNKNOWN', 'Requested image not found');
  switch (request.method) {
    case 'HEAD':
    case 'GET':
      return readImage(image, request.method);
    case 'DELETE':
      return deleteImage(repository, image, request.reference);
    default:
      throw new RegistryRefusal(405, 'UNSUPPORTED', 'The operation is unsupported.');
  }
}

function readImage({ manifest, mediaType, digest }: Image, method: 'HEAD' | 'GET'): RegistryAnswer {
  const length = String(manifest.length);
  const headers = { 'content-type': mediaType, 'docker-content-digest': digest, 'content-length': length };
  return { status: 200, headers, ...(method === 'GET' ? { body: manifest } : {}) };
}

function deleteImage(repository: Repository, image: Image, reference: string): RegistryAnswer {
  if (!isDigest(reference)) repository.tags.delete(reference);
  else {
    repository.images.delete(image.digest);
    for (const [tag, digest] of repository.tags) if (digest === image.digest) repository.tags.delete(tag);
  }
  return { status: 202, headers: {} };
}

async function putManifest(state: EcrState, repository: Repository, request: ManifestRequest): Promise<RegistryAnswer> {
  const { reference } = request;
  const bytes = await request.body();
  const manifest = readManifest(bytes, request.contentType);
  if (!manifest) throw new RegistryRefusal(400, 'MANIFEST_INVALID', 'manifest invalid');
  refuseUnknown(repository, manifest);
  refuseReference(reference, bytes);
  const image = state.keep(repository, bytes, manifest, isDigest(reference) ? [] : [reference]);
  const location = `/v2/${repository.name}/manifests/${image.digest}`;
  return { status: 201, headers: { location, 'docker-content-digest': image.digest } };
}

/** What a manifest refers to must be there before it. */
function refuseUnknown({ blobs, images }: Repository, manifest: Manifest): void {
  const blob = manifest.blobs.find(({ digest }) => !blobs.has(digest));
  const child = manifest.children.find(({ digest }) => !images.has(digest));
  const missing = blob ?? child;
  if (missing) throw new RegistryRefusal(400, 'MANIFEST_BLOB_UNKNOWN', `blob unknown to registry: ${missing.digest}`);
}

function refuseReference(reference: string, bytes: Buffer): void {
  if (reference.includes(':')) {
    if (reference === digestOf(bytes)) return;
    throw new RegistryRefusal(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content');
  }
  if (tagProblem(reference)) throw new RegistryRefusal(400, 'TAG_INVALID', `the tag ${tagProblem(reference)}`);
}
