import type { Upload } from '../ecr/blobs';
import type { EcrState, Repository } from '../ecr/state';
import { type RegistryAnswer, RegistryRefusal } from './answer';

export interface UploadRequest {
  readonly method: string;
  readonly id: string | undefined;
  readonly query: URLSearchParams;
  readonly contentRange: string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

/** The uploads that have begun, by id. */
export class Uploads {
  readonly #open = new Map<string, { readonly upload: Upload; readonly repository: Repository }>();
  readonly #state: EcrState;

  constructor(state: EcrState) {
    this.#state = state;
  }

  answer(repository: Repository, request: UploadRequest): Promise<RegistryAnswer> | RegistryAnswer {
    if (request.id === undefined) {
      if (request.method === 'POST') return this.#begin(repository, request);
    } else {
      const upload = this.#find(repository, request.id);
      if (request.method === 'PATCH') return this.#append(repository, upload, request);
      if (request.method === 'PUT') return this.#finish(repository, upload, request);
      if (request.method === 'GET') return accepted(204, repository, upload);
      if (request.method === 'DELETE') return this.#cancel(upload);
    }
    throw new RegistryRefusal(405, 'UNSUPPORTED', 'The operation is unsupported.');
  }

  /** Takes a blob over from another repository, takes it whole, or begins an upload. */
  async #begin(repository: Repository, request: UploadRequest): Promise<RegistryAnswer> {
    const mount = request.query.get('mount') ?? '';
    if (this.#state.repositories.get(request.query.get('from') ?? '')?.blobs.has(mount))
      return created(repository, mount);
    const upload = this.#state.blobs.beginUpload();
    this.#open.set(upload.id, { upload, repository });
    if (request.query.has('digest')) return this.#finish(repository, upload, request);
    await upload.append(request.body);
    return accepted(202, repository, upload);
  }

  async #append(
    repository: Repository,
    upload: Upload,
    { contentRange, body }: UploadRequest,
  ): Promise<RegistryAnswer> {
    const [, from] = /^(?:bytes )?(\d+)-\d+/.exec(contentRange ?? '') ?? [];
    if (from !== undefined && Number(from) !== upload.size) {
      const { status, headers } = accepted(416, repository, upload);
      throw new RegistryRefusal(status, 'BLOB_UPLOAD_INVALID', `the next byte is ${upload.size}, not ${from}`, headers);
    }
    await upload.append(body);
    return accepted(202, repository, upload);
  }

  async #finish(repository: Repository, upload: Upload, { query, body }: UploadRequest): Promise<RegistryAnswer> {
    const digest = query.get('digest') ?? '';
    await upload.append(body);
    this.#open.delete(upload.id);
    if (!(await upload.finish(digest))) {
      throw new RegistryRefusal(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content');
    }
    return created(repository, digest);
  }

  async #cancel(upload: Upload): Promise<RegistryAnswer> {
    this.#open.delete(upload.id);
    await upload.cancel();
    return { status: 204, headers: {} };
  }

  #find(repository: Repository, id: string): Upload {
    const found = this.#open.get(id);
    if (found?.repository === repository) return found.upload;
    throw new RegistryRefusal(404, 'BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry');
  }
}

function created(repository: Repository, digest: string): RegistryAnswer {
  repository.blobs.add(digest);
  const headers = { location: `/v2/${repository.name}/blobs/${digest}`, 'docker-content-digest': digest };
  return { status: 201, headers };
}

const accepted = (status: number, repository: Repository, upload: Upload): RegistryAnswer => ({
  status,
  headers: {
    location: `/v2/${repository.name}/blobs/uploads/${upload.id}`,
    'docker-upload-uuid': upload.id,
    range: `0-${Math.max(0, upload.size - 1)}`,
  },
});
