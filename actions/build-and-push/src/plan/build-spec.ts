import { type Assignment, settings } from '../../../../shared/manifest/types';
import type { BuildSpec } from '../builders/builder';
import { type EngineOption, type EngineSettings, engineOptionNames } from '../builders/engine-options';
import type { Request } from '../inputs';
import type { Files } from '../source/files';
import type { SourceFacts } from '../source/git';

/** What is to be built. Labels that the user gave win over what git knows. */
export const specOf = (request: Request, { contexts, ...files }: Files, source: SourceFacts): BuildSpec => ({
  ...files,
  buildArgs: toRecord(request['build-args']),
  labels: {
    ...(source.commit && { 'org.opencontainers.image.revision': source.commit }),
    ...(source.address && { 'org.opencontainers.image.source': source.address }),
    ...toRecord(request.labels),
  },
  platforms: request.platforms ?? [],
  cache: request.cache,
  'cache-from': request['cache-from'] ?? [],
  'cache-to': request['cache-to'] ?? [],
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

/** The inputs that are options of the builder, as far as they were given. */
function settingsOf(request: Pick<Request, EngineOption>): EngineSettings {
  const values = engineOptionNames.map((name) => [name, [request[name] ?? []].flat()] as const);
  return Object.fromEntries(values.filter(([, list]) => list.length > 0));
}

/** As for docker build, the last of several values of a name counts. */
const toRecord = (assignments: readonly Assignment[] | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(settings(assignments).map(({ name, value }) => [name, value]));
