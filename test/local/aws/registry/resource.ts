/** What a path below /v2/ names. */
export type Resource =
  | { readonly kind: 'base' }
  | { readonly kind: 'blobs'; readonly repository: string; readonly digest: string }
  /** Without an id: a new upload. */
  | { readonly kind: 'uploads'; readonly repository: string; readonly id?: string }
  | { readonly kind: 'manifests'; readonly repository: string; readonly reference: string }
  | { readonly kind: 'tags'; readonly repository: string };

/** Parses a path of the distribution protocol; undefined if it is not one. */
export function parseResource(path: string): Resource | undefined {
  if (/^\/v2\/?$/.test(path)) return { kind: 'base' };
  const [, repository = '', kind = '', rest = ''] = /^\/v2\/(.+?)\/(blobs|manifests|tags)\/(.*)$/.exec(path) ?? [];
  if (kind === 'tags') return rest === 'list' ? { kind, repository } : undefined;
  if (kind === 'manifests' && rest !== '') return { kind, repository, reference: rest };
  if (kind !== 'blobs') return undefined;
  const upload = /^uploads\/?([\w-]*)$/.exec(rest);
  if (upload) return { kind: 'uploads', repository, ...(upload[1] ? { id: upload[1] } : {}) };
  return /^sha256:[0-9a-f]{64}$/.test(rest) ? { kind, repository, digest: rest } : undefined;
}

/** The name of a call in faults and records: uploads are calls to blobs as well, told apart by their method. */
export const operationOf = (method: string, { kind }: Resource): string =>
  `${method} ${kind === 'uploads' ? 'blobs' : kind}`;
