import type { BuildSpec } from '../builder';
import type { BuildCommand } from '../command-line/command-line';
import { commonArgs } from '../command-line/common-args';
import { featureOf, forEcr } from '../external-cache';
import { isIndex } from '../features';
import { type Flavour, isAtLeast } from './docker-output';

/** The command line of Docker, as it answered. */
export interface Docker {
  readonly flavour: Flavour;
  /** Version of the plugin. */
  readonly buildx: string | undefined;
  /** Driver of its builder: `docker` for the one inside the daemon. */
  readonly driver: string | undefined;
  /** Whether the daemon keeps its images in containerd, so that its own builder can do what others can. */
  readonly containerd: boolean;
  /** Whether a daemon answers. Without one the builder of another machine builds and pushes, and nothing can be loaded. */
  readonly daemon: boolean;
}

/** Where the registry keeps the build cache: a tag next to those of the images. */
export const cacheTag = 'buildcache';

/** An index and attestations cannot be loaded into the daemon, and nothing where there is none: the builder itself pushes them. */
export const isPushedByBuilder = ({ daemon }: Docker, spec: BuildSpec): boolean =>
  !daemon || isIndex(spec) || spec.exporter.length > 0;

/** The words of the build. */
export function buildCommand(docker: Docker, spec: BuildSpec, names: readonly string[]): BuildCommand {
  const { flavour } = docker;
  const own = [
    ...(flavour === 'buildx'
      ? ['buildx', 'build', ...(isPushedByBuilder(docker, spec) && !spec.load ? [] : ['--load'])]
      : ['build']),
    ...(flavour === 'classic' ? [] : ['--progress=plain']),
    ...attestationArgs(docker, spec),
    ...cacheArgs(docker, spec, names),
  ];
  return { args: [...own, ...commonArgs(withoutRepeated(spec), names)], env: switchFor(flavour) };
}

/** The words of a build that ends with a push; all its steps are done by then, and the cache is written. */
export function pushByBuilder(docker: Docker, spec: BuildSpec, names: readonly string[], metadata: string): string[] {
  const push =
    spec.exporter.length > 0 ? ['--output', ['type=image,push=true', ...spec.exporter].join(',')] : ['--push'];
  const own = ['buildx', 'build', ...push, '--metadata-file', metadata, '--progress=plain'];
  const built = alreadyBuilt(withoutRepeated(spec));
  return [...own, ...attestationArgs(docker, spec), ...cacheArgs(docker, built, names), ...commonArgs(built, names)];
}

/** What has been built must not be built anew, which would be another image; its cache is written. */
function alreadyBuilt({ idFile: _, ...spec }: BuildSpec): BuildSpec {
  const { 'no-cache-filters': __, ...settings } = spec.settings;
  const inline = (record: string) => featureOf('cache-to', record) === 'cache import';
  return {
    ...spec,
    cache: spec.cache === 'registry' ? 'none' : spec.cache,
    'cache-to': spec['cache-to'].filter(inline),
    noCache: false,
    pull: false,
    settings,
    options: spec.options.filter((option) => !/^--(?:no-cache|no-cache-filter|pull)(?:=|$)/.test(option)),
  };
}

/** Whether buildx supports attestations: 0.10 and later. A build from source often calls itself 0.0.0. */
export const knowsAttestations = ({ buildx }: Docker): boolean =>
  buildx !== undefined && (buildx === '0.0.0' || isAtLeast(buildx, [0, 10]));

/**
 * Attestations make an index with children that have no tag; they come by default. Each kind is named once, as older versions
 * of buildx refuse it twice: by `attests`, unless an input of its own asks for it.
 */
function attestationArgs(docker: Docker, { provenance, sbom, settings }: BuildSpec): string[] {
  if (!knowsAttestations(docker)) return [];
  const isLeft = (kind: string, value: unknown) => value === false && settings.attests?.some((one) => isOf(one, kind));
  return Object.entries({ provenance, sbom }).flatMap(([kind, value]) =>
    isLeft(kind, value) ? [] : [`--${kind}=${value}`],
  );
}

const isOf = (attestation: string, kind: string) => new RegExp(`(?:^|,)type=${kind}(?:,|$)`).test(attestation);

/** The build without the attestations that inputs of their own ask for. */
function withoutRepeated(spec: BuildSpec): BuildSpec {
  const { attests, ...settings } = spec.settings;
  if (attests === undefined) return spec;
  const asked = Object.entries({ provenance: spec.provenance, sbom: spec.sbom }).filter(([, value]) => value !== false);
  const left = attests.filter((one) => !asked.some(([kind]) => isOf(one, kind)));
  return { ...spec, settings: { ...settings, ...(left.length > 0 && { attests: left }) } };
}

/** ECR takes a cache only as an image manifest of OCI's types. Source: the guide of ECR to BuildKit's remote cache. */
function cacheArgs({ flavour }: Docker, spec: BuildSpec, names: readonly string[]): string[] {
  const { cache } = spec;
  // An image that is only built may have no name.
  const [name = ''] = names;
  if (cache === 'none') {
    const [host = ''] = name.split('/');
    return [
      ...spec['cache-from'].flatMap((record) => ['--cache-from', record]),
      ...spec['cache-to'].flatMap((record) => ['--cache-to', forEcr(record, host)]),
    ];
  }
  const ref = `${name.slice(0, name.lastIndexOf(':'))}:${cacheTag}`;
  if (cache === 'registry') {
    const settings = 'mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true';
    return ['--cache-from', `type=registry,ref=${ref}`, '--cache-to', `type=registry,ref=${ref},${settings}`];
  }
  // The images of the same tags: where a tag moves, the one before has the cache.
  if (flavour === 'buildx') {
    return [...names.flatMap((each) => ['--cache-from', `type=registry,ref=${each}`]), '--cache-to', 'type=inline'];
  }
  return [...names.flatMap((each) => ['--cache-from', each]), '--build-arg', 'BUILDKIT_INLINE_CACHE=1'];
}

/** A command line before 23 builds as this variable says; later ones without buildx can only be classic. */
function switchFor(flavour: Flavour): NodeJS.ProcessEnv {
  return flavour === 'buildx' ? {} : { DOCKER_BUILDKIT: flavour === 'buildkit' ? '1' : '0' };
}
