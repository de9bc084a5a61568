import { type BuilderName, builderNames } from '../definition';
import type { Secret } from '../source/secrets';
import type { BuildSpec, Limit } from './builder';
import { engineOptionNames, engineOptions } from './engine-options';
import { featureOf } from './external-cache';

/** What a builder says that cannot do what a build asks for. */
const refusals = {
  secrets: 'cannot pass secrets',
  'several platforms': 'cannot build several platforms at once',
  'inline cache': 'cannot keep the cache inside the image',
  'registry cache': 'cannot keep the cache in a registry',
  provenance: 'cannot attach provenance',
  options: 'takes no options',
  'cache import': 'cannot read that cache',
  'cache export': 'cannot keep a cache there',
  'cache filters': 'cannot build single stages without their cache',
  'build contexts': 'has one context only',
  attestations: 'cannot attach attestations',
  annotations: 'cannot annotate the image',
  ssh: 'cannot pass on SSH',
  entitlements: 'grants no privileges',
  'settings of commands': 'has no such setting for the commands of a Dockerfile',
  load: 'keeps no image on this machine',
  'load of an index': 'cannot load several platforms, attestations or annotations',
  'output settings': 'has no settings for the form of the image',
} as const;

/** What not every builder can do. */
export type Feature = keyof typeof refusals;

const buildKit = 'with BuildKit';
const buildx = 'with buildx';
const ownBuilder = 'with buildx and a builder of its own (docker buildx create --use)';

/** Whether a builder runs the commands of a Dockerfile, and which features it has: always, never, or with what it says. */
type Abilities = Readonly<Record<Feature | 'commands', boolean | string>>;

const withoutBuildKit: Abilities = {
  commands: true,
  secrets: true,
  'several platforms': false,
  'inline cache': false,
  'registry cache': false,
  provenance: false,
  options: true,
  'cache import': false,
  'cache export': false,
  'cache filters': false,
  'build contexts': true,
  attestations: false,
  annotations: false,
  ssh: true,
  entitlements: false,
  'settings of commands': true,
  load: true,
  'load of an index': false,
  'output settings': false,
};

const abilities: Readonly<Record<BuilderName, Abilities>> = {
  docker: {
    commands: true,
    secrets: buildKit,
    'several platforms': ownBuilder,
    'inline cache': buildKit,
    'registry cache': ownBuilder,
    provenance: ownBuilder,
    options: true,
    'cache import': buildx,
    'cache export': ownBuilder,
    'cache filters': buildx,
    'build contexts': buildx,
    attestations: ownBuilder,
    annotations: ownBuilder,
    ssh: buildKit,
    entitlements: buildx,
    'settings of commands': true,
    load: 'with a daemon',
    'load of an index': 'with the containerd image store',
    'output settings': ownBuilder,
  },
  // The command line of nerdctl has no limits and no shared memory for a build.
  finch: { ...withoutBuildKit, 'settings of commands': false },
  podman: withoutBuildKit,
  buildah: withoutBuildKit,
  builtin: {
    ...withoutBuildKit,
    commands: false,
    secrets: false,
    options: false,
    'build contexts': false,
    ssh: false,
    'settings of commands': false,
    load: false,
  },
};

/** The builders that can do it, each with what it needs for that. */
export const buildersWith = (what: keyof Abilities): readonly string[] =>
  builderNames.flatMap((name) => {
    const how = abilities[name][what];
    return how === false ? [] : [how === true ? name : `${name} ${how}`];
  });

/** The features that a builder has however it is set up. */
export const featuresOf = (name: BuilderName): ReadonlySet<Feature> =>
  new Set((Object.keys(refusals) as Feature[]).filter((feature) => abilities[name][feature] === true));

/** A feature, and the input that asks for it. */
interface Asked {
  readonly where: string;
  readonly feature: Feature;
}

/** What a build asks for beyond a plain one, by the input that asks for it. */
export function askedFeatures(spec: BuildSpec): Asked[] {
  const { secrets, platforms, cache, provenance, options } = spec;
  const asked: Asked[] = [];
  const isFromEnv = (secret: Secret) => 'env' in secret && spec.secretValues[secret.env] === undefined;
  if (secrets.some(isFromEnv)) asked.push({ where: 'secret-envs', feature: 'secrets' });
  if (secrets.some((secret) => 'file' in secret)) asked.push({ where: 'secret-files', feature: 'secrets' });
  if (platforms.length > 1) asked.push({ where: 'platforms', feature: 'several platforms' });
  if (cache !== 'none') asked.push({ where: 'cache', feature: `${cache} cache` });
  if (provenance) asked.push({ where: 'provenance', feature: 'provenance' });
  if (options.length > 0) asked.push({ where: 'build-options', feature: 'options' });
  return [...asked, ...askedLike(spec)];
}

/** Several platforms and attestations make an index. */
export const hasIndex = ({ platforms, provenance, sbom, settings }: BuildSpec): boolean =>
  platforms.length > 1 || provenance !== false || sbom !== false || settings.attests !== undefined;

/** An index, and annotations: what a store of single images does not take. */
export const isIndex = (spec: BuildSpec): boolean => hasIndex(spec) || spec.settings.annotations !== undefined;

/** What is asked for by the inputs that are as in docker/build-push-action. */
function askedLike(spec: BuildSpec): Asked[] {
  const { settings, load, sbom, exporter } = spec;
  const caches = (['cache-from', 'cache-to'] as const).flatMap((where) =>
    [...new Set(spec[where].map((record) => featureOf(where, record)))].map((feature) => ({ where, feature })),
  );
  return [
    ...(Object.keys(spec.secretValues).length > 0 ? [{ where: 'secrets', feature: 'secrets' } as const] : []),
    ...caches,
    ...(sbom === false ? [] : [{ where: 'sbom', feature: 'attestations' } as const]),
    ...engineOptionNames
      .filter((name) => settings[name])
      .map((where) => ({ where, feature: engineOptions[where].feature })),
    ...(load ? [{ where: 'load', feature: isIndex(spec) ? 'load of an index' : 'load' } as const] : []),
    ...(exporter.length > 0 ? [{ where: 'outputs', feature: 'output settings' } as const] : []),
  ];
}

/** What of a build a builder cannot honour. @param title the builder, as the log calls it. */
export function missingFeatures(spec: BuildSpec, title: string, has: ReadonlySet<Feature>): Limit[] {
  return askedFeatures(spec)
    .filter(({ feature }) => !has.has(feature))
    .map(({ where, feature }) => ({
      where,
      problem: `${title} ${refusals[feature]}`,
      able: buildersWith(feature),
    }));
}
