import type { Clock } from '../../../../shared/clock';
import type { Finding } from '../../../../shared/errors';
import type { Log } from '../../../../shared/host/log';
import type { TempFolder } from '../../../../shared/host/temp';
import type { Inputs } from '../definition';
import type { Credentials } from '../registry/auth';
import type { RegistryClient } from '../registry/client';
import type { Secret } from '../source/secrets';
import type { EngineSettings } from './engine-options';

/** Everything through which a builder touches the world. */
export interface Effects {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly log: Log;
  readonly clock: Clock;
  readonly temp: TempFolder;
  readonly signal: AbortSignal;
}

/** What is to be built. Paths are absolute. */
export interface BuildSpec {
  readonly context: string;
  readonly dockerfile: string;
  /** The Dockerfile as the user knows it, for messages. */
  readonly shown: string;
  readonly target?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Names of those whose values are in the environment, from which a builder takes them by itself. */
  readonly inherited: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly secrets: readonly Secret[];
  /** Values of secrets that the inputs gave, by the variables of the builder's environment that hold them. */
  readonly secretValues: Readonly<Record<string, string>>;
  /** Such as `linux/arm64`; none for the builder's own. */
  readonly platforms: readonly string[];
  readonly cache: Inputs['cache'];
  /** Records of caches outside of the builder, such as `type=gha`. */
  readonly 'cache-from': readonly string[];
  readonly 'cache-to': readonly string[];
  /** Credentials of these caches, by the variables in which the builder looks for them. */
  readonly cacheCredentials: Readonly<Record<string, string>>;
  readonly noCache: boolean;
  readonly pull: boolean;
  /** Whether the image is to be kept in the store of the builder. */
  readonly load: boolean;
  /** `false`, `true`, or settings such as `mode=max`. */
  readonly provenance: boolean | string;
  readonly sbom: boolean | string;
  /** Settings of the push, such as `compression=zstd`. */
  readonly exporter: readonly string[];
  readonly settings: EngineSettings;
  /** Where the builder writes the id of the image. */
  readonly idFile?: string;
  /** Further words for the builder's command line. */
  readonly options: readonly string[];
}

/** Where the image goes. */
export interface Destination {
  readonly client: RegistryClient;
  /** Undefined where the image is only built, and the registry need not be known. */
  readonly credentials?: Credentials;
  /** Such as `111122223333.dkr.ecr.us-west-2.amazonaws.com`. */
  readonly host: string;
  readonly repository: string;
  /** At least one, unless the image is only built and has no name. */
  readonly tags: readonly string[];
  /** Tells the digests of the images that were pushed last, newest first; undefined where nothing is going to be pushed. */
  readonly newest?: (count: number) => Promise<readonly string[]>;
  /** Gets a login to another registry host of ECR. @throws ActionError where AWS gives none */
  readonly ecrLogin?: (host: string) => Promise<Credentials>;
}

/** An image that was built and is not pushed yet. */
export interface Built {
  /** Pushes it under every tag. The answer is the digest of what was sent. */
  push(): Promise<string>;
}

/** What of a build a builder cannot honour. */
export interface Limit extends Finding {
  /** The builders that can; undefined where none could, because the input itself is wrong. */
  readonly able?: readonly string[];
}

/** An image builder that answered. */
export interface Builder {
  /** What answered, for the log: `docker 28.2.2 with buildx 0.24.0`. */
  readonly title: string;
  /** What of this build it cannot honour, found before anything is built. */
  cannot(spec: BuildSpec): Promise<readonly Limit[]>;
  build(spec: BuildSpec, destination: Destination): Promise<Built>;
}

/** Asks whether a builder answers. `silent` says why it does not. */
export interface BuilderKind {
  probe(effects: Effects): Promise<Builder | { readonly silent: string }>;
}
