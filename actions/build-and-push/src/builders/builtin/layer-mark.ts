import { isDigest } from '../../../../../shared/image/reference';

/** What a layer says of itself in a manifest. */
export interface LayerMark {
  /** Digest of the archive before it was compressed. */
  readonly diffId: string;
  /** What all its files have together. */
  readonly bytes: number;
}

const annotation = 'build-and-push.builtin.layer';
/** How the layers of this version are compressed. A deflate with other output needs another name. */
const compression = 'deflate-1';

/**
 * The annotation of a layer. One that another program has compressed, or another version of this one, is the same content
 * under another digest; used for a repeated build, it would give the image another digest than the first build did.
 */
export const markOf = ({ diffId, bytes }: LayerMark): Readonly<Record<string, string>> => ({
  [annotation]: `${compression} ${diffId} ${bytes}`,
});

/** The mark among the annotations of a layer; undefined where it has none of this version. */
export function readMark(annotations: unknown): LayerMark | undefined {
  const value = (annotations as Record<string, unknown> | null | undefined)?.[annotation];
  const [name, diffId = '', bytes = ''] = typeof value === 'string' && value.length < 300 ? value.split(' ') : [];
  if (name !== compression || !isDigest(diffId) || !/^\d{1,15}$/.test(bytes)) return undefined;
  return { diffId, bytes: Number(bytes) };
}
