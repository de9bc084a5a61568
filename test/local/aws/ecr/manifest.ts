/** What the registry reads of a manifest. */
export interface Manifest {
  readonly mediaType: string;
  readonly artifactMediaType: string | undefined;
  /** Blobs that it refers to: its config and layers. */
  readonly blobs: readonly Descriptor[];
  /** Manifests that an index refers to. */
  readonly children: readonly Descriptor[];
}

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  /** Foreign layers are elsewhere. */
  readonly urls?: readonly string[];
}

const images = ['application/vnd.oci.image.manifest.v1+json', 'application/vnd.docker.distribution.manifest.v2+json'];
const indexes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

interface Written {
  readonly schemaVersion?: number;
  readonly mediaType?: string;
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly manifests?: readonly Descriptor[];
}

/** Reads a manifest or index of OCI or Docker. Undefined if it is neither, or not of the announced type. */
export function readManifest(bytes: Uint8Array, contentType: string | undefined): Manifest | undefined {
  const written = parse(bytes);
  const announced = contentType?.split(';')[0];
  const mediaType = written?.mediaType ?? announced ?? '';
  if (written?.schemaVersion !== 2 || (announced !== undefined && announced !== mediaType)) return undefined;
  if (indexes.includes(mediaType) && Array.isArray(written.manifests)) {
    return { mediaType, artifactMediaType: undefined, blobs: [], children: written.manifests };
  }
  if (!images.includes(mediaType) || !written.config || !Array.isArray(written.layers)) return undefined;
  const blobs = [written.config, ...written.layers].filter(({ urls = [] }) => urls.length === 0);
  return { mediaType, artifactMediaType: written.config.mediaType, blobs, children: [] };
}

function parse(bytes: Uint8Array): Written | undefined {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as Written;
  } catch {
    return undefined;
  }
}
