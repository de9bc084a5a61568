/** The documents of the OCI image specification v1.1, as far as they are read and written here. */

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  /** What its maker says of it; not read of foreign images. */
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface ImageManifest {
  readonly schemaVersion: 2;
  readonly mediaType?: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

export interface ImageIndex {
  readonly schemaVersion: 2;
  readonly manifests: readonly (Descriptor & { readonly platform?: Platform })[];
}

/** What a container is started with; the names are Docker's. Fields of other tools are kept. */
export interface ContainerConfig {
  readonly User?: string;
  readonly ExposedPorts?: Readonly<Record<string, object>>;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
  readonly Volumes?: Readonly<Record<string, object>>;
  readonly WorkingDir?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly StopSignal?: string;
  readonly Healthcheck?: Healthcheck;
  readonly Shell?: readonly string[];
  readonly OnBuild?: readonly string[] | null;
}

/** Durations are nanoseconds. */
export interface Healthcheck {
  readonly Test: readonly string[];
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly StartPeriod?: number;
  readonly StartInterval?: number;
  readonly Retries?: number;
}

export interface History {
  readonly created?: string;
  readonly created_by?: string;
  readonly comment?: string;
  readonly empty_layer?: boolean;
}

export interface ImageConfig extends Platform {
  readonly created?: string;
  readonly author?: string;
  readonly config?: ContainerConfig;
  readonly rootfs: { readonly type: 'layers'; readonly diff_ids: readonly string[] };
  readonly history?: readonly History[];
}

export const types = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
  gzipLayer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  zstdLayer: 'application/vnd.oci.image.layer.v1.tar+zstd',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerGzipLayer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  dockerLayer: 'application/vnd.docker.image.rootfs.diff.tar',
  dockerZstdLayer: 'application/vnd.docker.image.rootfs.diff.tar.zstd',
} as const;

/** What is asked for: images and indexes in both dialects. */
export const manifestTypes: readonly string[] = [types.manifest, types.dockerManifest, types.index, types.dockerList];

/** The OCI name of a layer's type, which Docker's own layers get in an OCI manifest. Undefined for a type unknown here. */
export function ociLayerType(mediaType: string): string | undefined {
  if (mediaType === types.dockerGzipLayer) return types.gzipLayer;
  if (mediaType === types.dockerLayer) return types.layer;
  if (mediaType === types.dockerZstdLayer) return types.zstdLayer;
  return [types.layer, types.gzipLayer, types.zstdLayer].find((known) => known === mediaType);
}

/** Whether a layer is one that stays where its maker put it. Docker calls them foreign, OCI non-distributable. */
export const isForeignLayer = (mediaType: string): boolean =>
  /^application\/vnd\.(?:docker\.image\.rootfs\.foreign|oci\.image\.layer\.nondistributable)\./.test(mediaType);
