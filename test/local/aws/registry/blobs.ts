import type { EcrState, Repository } from '../ecr/state';
import { type RegistryAnswer, RegistryRefusal } from './answer';

/** HEAD, GET (whole or a range) and DELETE of a blob. */
export function answerBlob(
  state: EcrState,
  repository: Repository,
  digest: string,
  request: { readonly method: string; readonly range: string | undefined },
): RegistryAnswer {
  const size = repository.blobs.has(digest) ? state.blobs.size(digest) : undefined;
  if (size === undefined) throw new RegistryRefusal(404, 'BLOB_UNKNOWN', 'blob unknown to registry');
  const headers = {
    'content-type': 'application/octet-stream',
    'docker-content-digest': digest,
    'accept-ranges': 'bytes',
  };
  switch (request.method) {
    case 'HEAD':
      return { status: 200, headers: { ...headers, 'content-length': String(size) } };
    case 'GET':
      return readBlob(state, digest, size, request.range, headers);
    case 'DELETE':
      repository.blobs.delete(digest);
      return { status: 202, headers: { 'docker-content-digest': digest } };
    default:
      throw new RegistryRefusal(405, 'UNSUPPORTED', 'The operation is unsupported.');
  }
}

function readBlob(
  state: EcrState,
  digest: string,
  size: number,
  wanted: string | undefined,
  headers: Record<string, string>,
): RegistryAnswer {
  const range = parseRange(wanted, size);
  if (range === 'unsatisfiable') {
    throw new RegistryRefusal(416, 'RANGE_INVALID', 'invalid range', { 'content-range': `bytes */${size}` });
  }
  if (!range)
    return { status: 200, headers: { ...headers, 'content-length': String(size) }, body: state.blobs.read(digest) };
  const { start, end } = range;
  return {
    status: 206,
    headers: {
      ...headers,
      'content-length': String(end - start + 1),
      'content-range': `bytes ${start}-${end}/${size}`,
    },
    body: state.blobs.read(digest, range),
  };
}

/** Reads `bytes=5-`, `bytes=5-9` and `bytes=-4`. Undefined for other texts, which ask for the whole. */
function parseRange(
  text: string | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(text ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return start > end ? 'unsatisfiable' : { start, end };
}
