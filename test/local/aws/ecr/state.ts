import type { EncryptionType, ImageTagMutability, ImageTagMutabilityExclusionFilter } from '@aws-sdk/client-ecr';
import { partitionOf } from '../../../../shared/aws/arn';
import { parseImageReference } from '../../../../shared/image/reference';
import type { SimulationClock } from '../clock';
import { AwsRefusal } from '../service';
import { matchesWildcard } from '../wildcard';
import { BlobStore, digestOf } from './blobs';
import type { Manifest } from './manifest';
import type { Scan } from './scan';
import { Tokens } from './tokens';

export interface Image {
  readonly digest: string;
  readonly mediaType: string;
  readonly artifactMediaType: string | undefined;
  /** The exact bytes that were pushed. */
  readonly manifest: Buffer;
  /** Bytes of its config and layers; of an index, those of its largest image. */
  readonly size: number;
  readonly pushedAt: number;
  /** It is kept in the archive, from which nobody can pull it. Pushing it again restores it. */
  archived?: boolean;
}

export interface Repository {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  mutability: ImageTagMutability;
  exclusions: readonly ImageTagMutabilityExclusionFilter[];
  scanOnPush: boolean;
  readonly encryption: EncryptionType;
  readonly images: Map<string, Image>;
  /** Digest by tag. */
  readonly tags: Map<string, string>;
  /** Digests of the blobs that can be pulled from this repository. */
  readonly blobs: Set<string>;
  /** Scans by digest; `*` is for every image of the repository. */
  readonly scans: Map<string, { readonly scan: Scan; readonly since: number }>;
}

export type RepositoryOptions = Partial<Pick<Repository, 'mutability' | 'exclusions' | 'scanOnPush' | 'encryption'>>;

/** An image that exists without content: enough for describing and deploying it. */
export interface SeededImage {
  readonly tags?: readonly string[];
  readonly digest?: string;
  /** Bytes. */
  readonly size?: number;
}

/** How the hosts of ECR end where they do not as in most partitions. */
const domains: Readonly<Record<string, string>> = { 'aws-cn': 'amazonaws.com.cn', 'aws-eusc': 'amazonaws.eu' };

/** What the control plane and the registry share: repositories, images, blobs and passwords. */
export class EcrState {
  readonly repositories = new Map<string, Repository>();
  readonly blobs = new BlobStore();
  readonly tokens: Tokens;
  /** Pull through cache rules: prefixes of repositories whose images ECR brings when they are first pulled. */
  readonly cachePrefixes: string[] = [];
  /** Repository creation templates for pushes: prefixes of repositories that ECR makes by itself. */
  readonly pushPrefixes: string[] = [];
  /** Host and port of the registry once it listens. */
  registryHost: string | undefined;

  constructor(
    readonly options: { readonly clock: SimulationClock; readonly account: string; readonly region: string },
  ) {
    this.tokens = new Tokens(options.clock);
  }

  /** The host as AWS names it. */
  get awsHost(): string {
    const { account, region } = this.options;
    return `${account}.dkr.ecr.${region}.${domains[partitionOf(region)] ?? 'amazonaws.com'}`;
  }

  uriOf(repository: Repository): string {
    return `${this.registryHost ?? this.awsHost}/${repository.name}`;
  }

  /** @throws AwsRefusal RepositoryAlreadyExistsException */
  createRepository(name: string, options: RepositoryOptions = {}): Repository {
    const { clock, account, region } = this.options;
    if (this.repositories.has(name)) {
      const words = `The repository with name '${name}' already exists in the registry with id '${account}'`;
      throw new AwsRefusal('RepositoryAlreadyExistsException', words);
    }
    const repository: Repository = {
      name,
      arn: `arn:${partitionOf(region)}:ecr:${region}:${account}:repository/${name}`,
      createdAt: clock.now(),
      mutability: 'MUTABLE',
      exclusions: [],
      scanOnPush: false,
      encryption: 'AES256',
      images: new Map(),
      tags: new Map(),
      blobs: new Set(),
      scans: new Map(),
      ...options,
    };
    this.repositories.set(name, repository);
    return repository;
  }

  /** @throws AwsRefusal RepositoryNotFoundException */
  repository(name: string, registryId = this.options.account): Repository {
    const found = registryId === this.options.account ? this.repositories.get(name) : undefined;
    if (found) return found;
    const words = `The repository with name '${name}' does not exist in the registry with id '${registryId}'`;
    throw new AwsRefusal('RepositoryNotFoundException', words);
  }

  /** The repository that is pushed to, made by a template where it is missing. @throws AwsRefusal RepositoryNotFoundException */
  pushedTo(name: string): Repository {
    const isMade = this.pushPrefixes.some((prefix) => name.startsWith(`${prefix}/`));
    return isMade && !this.repositories.has(name) ? this.createRepository(name) : this.repository(name);
  }

  /** Keeps a manifest whose blobs are there, and tags it. @throws AwsRefusal where the repository's rules say no. */
  keep(repository: Repository, bytes: Buffer, manifest: Manifest, tags: readonly string[]): Image {
    const immutable = tags.find((tag) => repository.tags.has(tag) && isImmutable(repository, tag));
    if (immutable !== undefined) throw tagExists(repository, immutable);
    const digest = digestOf(bytes);
    const image: Image = repository.images.get(digest) ?? this.#image(repository, digest, bytes, manifest);
    image.archived = false;
    repository.images.set(digest, image);
    for (const tag of tags) repository.tags.set(tag, digest);
    return image;
  }

  #image(
    repository: Repository,
    digest: string,
    bytes: Buffer,
    { mediaType, artifactMediaType, blobs, children }: Manifest,
  ) {
    const sizes = children.map((child) => repository.images.get(child.digest)?.size ?? 0);
    const own = blobs.reduce((sum, blob) => sum + blob.size, 0);
    const size = children.length > 0 ? Math.max(...sizes) : own;
    return { digest, mediaType, artifactMediaType, manifest: bytes, size, pushedAt: this.options.clock.now() };
  }

  /** Adds an image without content, to a repository that is created where it is missing. */
  putImage(name: string, { tags = [], digest, size = 1_000 }: SeededImage = {}): Image {
    const repository = this.repositories.get(name) ?? this.createRepository(name);
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const config = {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: digestOf(Buffer.from(`${name}:${tags}`)),
      size,
    };
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [] }));
    const image: Image = {
      digest: digest ?? digestOf(bytes),
      mediaType,
      artifactMediaType: config.mediaType,
      manifest: bytes,
      size,
      pushedAt: this.options.clock.now(),
    };
    repository.images.set(image.digest, image);
    for (const tag of tags) repository.tags.set(tag, image.digest);
    return image;
  }

  /** Says what scans of an image come to; `*` is for every image of the repository. */
  setScan(name: string, digest: string, scan: Scan): void {
    this.repository(name).scans.set(digest, { scan, since: this.options.clock.now() });
  }

  /** The digest that an image has now; undefined where it is not of this registry, or not there. */
  digestOfImage(text: string): string | undefined {
    const reference = parseImageReference(text);
    if ('problem' in reference || ![this.awsHost, this.registryHost].includes(reference.host ?? '')) return undefined;
    return reference.digest ?? this.repositories.get(reference.repository)?.tags.get(reference.tag ?? 'latest');
  }

  /** Whether an image can be pulled. Images of other registries can. */
  imageExists(text: string): boolean {
    const reference = parseImageReference(text);
    if ('problem' in reference) return false;
    if (reference.host === undefined || ![this.awsHost, this.registryHost].includes(reference.host)) return true;
    if (this.cachePrefixes.some((prefix) => reference.repository.startsWith(`${prefix}/`))) return true;
    const repository = this.repositories.get(reference.repository);
    const digest = reference.digest ?? repository?.tags.get(reference.tag ?? 'latest');
    const image = digest === undefined ? undefined : repository?.images.get(digest);
    return image !== undefined && !image.archived;
  }
}

/** Digest of a tag or digest; undefined where the repository has no such image. */
export function resolveImage({ images, tags }: Repository, reference: string): Image | undefined {
  return images.get(reference) ?? images.get(tags.get(reference) ?? '');
}

/** ECR refuses a tag that is there even for the same image. Source: aws/containers-roadmap issue 2179. */
function isImmutable({ mutability, exclusions }: Repository, tag: string): boolean {
  const excluded = exclusions.some(({ filter = '' }) => matchesWildcard(filter, tag));
  switch (mutability) {
    case 'IMMUTABLE':
      return true;
    case 'IMMUTABLE_WITH_EXCLUSION':
      return !excluded;
    case 'MUTABLE_WITH_EXCLUSION':
      return excluded;
    default:
      return false;
  }
}

const tagExists = ({ name }: Repository, tag: string) =>
  new AwsRefusal(
    'ImageTagAlreadyExistsException',
    `The image tag '${tag}' already exists in the '${name}' repository and cannot be overwritten because the tag is immutable.`,
  );
