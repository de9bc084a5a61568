import type { BuildSpec, Limit } from './builder';

/** What not every builder can do. */
export type Feature = 'secrets' | 'several platforms' | 'inline cache' | 'registry cache' | 'provenance' | 'options';

const buildKit = 'docker with BuildKit';
const ownBuilder = 'docker with buildx and a builder of its own (docker buildx create --use)';

/** What a builder without it says, and who can do it. */
const messages: Readonly<Record<Feature, { readonly cannot: string; readonly able: readonly string[] }>> = {
  secrets: { cannot: 'cannot pass secrets', able: [buildKit, 'finch', 'podman', 'buildah'] },
  'several platforms': { cannot: 'cannot build several platforms at once', able: [ownBuilder] },
  'inline cache': { cannot: 'cannot keep the cache inside the image', able: [buildKit] },
  'registry cache': { cannot: 'cannot keep the cache in a registry', able: [ownBuilder] },
  provenance: { cannot: 'cannot attach provenance', able: [ownBuilder] },
  options: { cannot: 'takes no options', able: ['docker', 'finch', 'podman', 'buildah'] },
};

/** What a build asks for beyond a plain one, by the input that asks for it. Pure. */
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

/** What of a build a builder cannot honour. @param title the builder, as the log calls it. Pure. */
export function missingFeatures(spec: BuildSpec, title: string, has: ReadonlySet<Feature>): Limit[] {
  return askedFeatures(spec)
    .filter(({ feature }) => !has.has(feature))
    .map(({ where, feature }) => {
      const { cannot, able } = messages[feature];
      return { where, problem: `${title} ${cannot}`, able };
    });
}
