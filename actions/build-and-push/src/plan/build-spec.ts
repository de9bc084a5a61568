import type { Assignment, BareName } from '../../../../shared/manifest/assignments';
import type { BuildSpec } from '../builders/builder';
import { type EngineOption, type EngineSettings, engineOptionNames } from '../builders/engine-options';
import { credentialsApart } from '../builders/external-cache';
import type { Request } from '../inputs';
import type { Files } from '../source/files';
import type { SourceFacts } from '../source/git';

/**
 * What is to be built. Labels that the user gave win over what git knows.
 *
 * @param env has the values of build arguments that are named only
 */
export const specOf = (
  request: Request,
  { contexts, ...files }: Files,
  source: SourceFacts,
  env: Readonly<NodeJS.ProcessEnv>,
): BuildSpec => ({
  ...files,
  ...argumentsOf(request['build-args'] ?? [], env),
  labels: {
    ...(source.commit && { 'org.opencontainers.image.revision': source.commit }),
    ...(source.address && { 'org.opencontainers.image.source': source.address }),
    // As for docker build, a label without a value is empty.
    ...toRecord((request.labels ?? []).map(({ name, ...rest }) => [name, 'value' in rest ? rest.value : ''])),
  },
  platforms: request.platforms ?? [],
  cache: request.cache,
  ...cachesOf(request),
  noCache: request['no-cache'],
  pull: request.pull,
  load: request.load,
  provenance: request.provenance,
  sbom: request.sbom,
  exporter: request.exporter,
  settings: settingsOf({ ...request, 'build-contexts': contexts }),
  options: request.options,
  ...(request.target && { target: request.target }),
});

/** The caches outside of the builder, with their credentials apart. */
function cachesOf(request: Request): Pick<BuildSpec, 'cache-from' | 'cache-to' | 'cacheCredentials'> {
  const [from = [], to = []] = [request['cache-from'], request['cache-to']];
  const { variables, without } = credentialsApart([...from, ...to]);
  return { 'cache-from': from.map(without), 'cache-to': to.map(without), cacheCredentials: variables };
}

/** The inputs that are options of the builder, as far as they were given. */
function settingsOf(request: Pick<Request, EngineOption>): EngineSettings {
  const values = engineOptionNames.map((name) => [name, [request[name] ?? []].flat()] as const);
  return Object.fromEntries(values.filter(([, list]) => list.length > 0));
}

/**
 * The build arguments, and which of them are those of the environment. One that the environment does not have is left out, so
 * that the default of the Dockerfile counts. Source: the reference of docker build.
 */
function argumentsOf(
  given: readonly (Assignment | BareName)[],
  env: Readonly<NodeJS.ProcessEnv>,
): Pick<BuildSpec, 'buildArgs' | 'inherited'> {
  const found = given.flatMap((one) => {
    const value = 'value' in one ? one.value : env[one.name];
    return value === undefined ? [] : [{ name: one.name, value, isBare: 'bare' in one }];
  });
  const lasting = [...new Map(found.map((one) => [one.name, one])).values()];
  return {
    buildArgs: toRecord(lasting.map(({ name, value }) => [name, value])),
    inherited: lasting.filter(({ isBare }) => isBare).map(({ name }) => name),
  };
}

/** As for docker build, the last of several values of a name counts. */
const toRecord = (pairs: readonly (readonly [name: string, value: string])[]): Readonly<Record<string, string>> =>
  Object.fromEntries(pairs);
