import { type BuilderName, builderNames } from '../definition';
import type { BuildSpec, Limit } from './builder';

/** What a builder says that cannot do what a build asks for. */
const refusals = {
  secrets: 'cannot pass secrets',
  'several platforms': 'cannot build several platforms at once',
  'inline cache': 'cannot keep the cache inside the image',
  'registry cache': 'cannot keep the cache in a registry',
  provenance: 'cannot attach provenance',
  options: 'takes no options',
} as const;

/** What not every builder can do. */
export type Feature = keyof typeof refusals;

const buildKit = 'with BuildKit';
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
  },
  finch: withoutBuildKit,
  podman: withoutBuildKit,
  buildah: withoutBuildKit,
  builtin: { ...withoutBuildKit, commands: false, secrets: false, options: false },
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

/** What a build asks for beyond a plain one, by the input that asks for it. */
export function askedFeatures(spec: BuildSpec): { where: string; feature: Feature }[] {
  const { secrets, platforms, cache, provenance, options } = spec;
  const asked: { where: string; feature: Feature }[] = [];
  if (secrets.some((secret) => 'env' in secret)) asked.push({ where: 'secret-envs', feature: 'secrets' });
  if (secrets.some((secret) => 'file' in secret)) asked.push({ where: 'secret-files', feature: 'secrets' });
  if (platforms.length > 1) asked.push({ where: 'platforms', feature: 'several platforms' });
  if (cache !== 'none') asked.push({ where: 'cache', feature: `${cache} cache` });
  if (provenance) asked.push({ where: 'provenance', feature: 'provenance' });
  if (options.length > 0) asked.push({ where: 'build-options', feature: 'options' });
  return asked;
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
