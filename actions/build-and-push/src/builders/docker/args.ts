import type { BuildSpec } from '../builder';
import type { BuildCommand } from '../command-line/command-line';
import { commonArgs } from '../command-line/common-args';
import { type Flavour, isAtLeast } from './docker-output';

/** The command line of Docker, as it answered. */
export interface Docker {
  readonly flavour: Flavour;
  /** Version of the plugin. */
  readonly buildx: string | undefined;
  /** Driver of its builder: `docker` for the one inside the daemon. */
  readonly driver: string | undefined;
}

/** Where the registry keeps the build cache: a tag beside those of the images. */
export const cacheTag = 'buildcache';

/** An index and attestations cannot be loaded into the daemon: the builder itself pushes them. */
export const isPushedByBuilder = ({ platforms, provenance }: BuildSpec): boolean => platforms.length > 1 || provenance;

/** The words of the build. */
export function buildCommand(docker: Docker, spec: BuildSpec, names: readonly string[]): BuildCommand {
  const { flavour } = docker;
  const own = [
    ...(flavour === 'buildx' ? ['buildx', 'build', ...(isPushedByBuilder(spec) ? [] : ['--load'])] : ['build']),
    ...(flavour === 'classic' ? [] : ['--progress=plain']),
    ...attestationArgs(docker, spec),
    ...cacheArgs(docker, spec, names),
  ];
  return { args: [...own, ...commonArgs(spec, names)], env: switchFor(flavour) };
}

/** The words of a build that ends with a push; all its steps are done by then, and the cache is written. */
export function pushByBuilder(docker: Docker, spec: BuildSpec, names: readonly string[], metadata: string): string[] {
  const cache = spec.cache === 'registry' ? 'none' : spec.cache;
  const own = ['buildx', 'build', '--push', '--metadata-file', metadata, '--progress=plain'];
  // What has been built must not be built anew, which would be another image.
  const options = spec.options.filter((option) => !/^--(?:no-cache|no-cache-filter|pull)(?:=|$)/.test(option));
  const built = { ...spec, cache, options } as const;
  return [...own, ...attestationArgs(docker, spec), ...cacheArgs(docker, built, names), ...commonArgs(built, names)];
}

/** Whether buildx knows attestations: from 0.10 on. One that was built from source often calls itself 0.0.0. */
export const knowsAttestations = ({ buildx }: Docker): boolean =>
  buildx !== undefined && (buildx === '0.0.0' || isAtLeast(buildx, [0, 10]));

/** Attestations make an index with children that have no tag; they come by default. */
function attestationArgs(docker: Docker, { provenance }: BuildSpec): string[] {
  if (!knowsAttestations(docker)) return [];
  return [`--provenance=${provenance}`, '--sbom=false'];
}

/** ECR takes a cache only as an image manifest of OCI's types. Source: the guide of ECR to BuildKit's remote cache. */
function cacheArgs({ flavour }: Docker, { cache }: BuildSpec, names: readonly string[]): string[] {
  if (cache === 'none') return [];
  const ref = `${names[0]!.slice(0, names[0]!.lastIndexOf(':'))}:${cacheTag}`;
  if (cache === 'registry') {
    const settings = 'mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true';
    return ['--cache-from', `type=registry,ref=${ref}`, '--cache-to', `type=registry,ref=${ref},${settings}`];
  }
  // The images of the same tags: where a tag moves, the one before has the cache.
  if (flavour === 'buildx') {
    return [...names.flatMap((name) => ['--cache-from', `type=registry,ref=${name}`]), '--cache-to', 'type=inline'];
  }
  return [...names.flatMap((name) => ['--cache-from', name]), '--build-arg', 'BUILDKIT_INLINE_CACHE=1'];
}

/** A command line before 23 builds as this variable says; later ones without buildx can only be classic. */
function switchFor(flavour: Flavour): NodeJS.ProcessEnv {
  return flavour === 'buildx' ? {} : { DOCKER_BUILDKIT: flavour === 'buildkit' ? '1' : '0' };
}
