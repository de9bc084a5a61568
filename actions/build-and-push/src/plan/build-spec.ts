import { type Assignment, settings } from '../../../../shared/manifest/types';
import type { BuildSpec } from '../builders/builder';
import type { Request } from '../inputs';
import type { Files } from '../source/files';
import type { SourceFacts } from '../source/git';

/** What is to be built. Labels that the user gave win over what git knows. */
export const specOf = (request: Request, files: Files, source: SourceFacts): BuildSpec => ({
  ...files,
  buildArgs: toRecord(request['build-args']),
  labels: {
    ...(source.commit && { 'org.opencontainers.image.revision': source.commit }),
    ...(source.address && { 'org.opencontainers.image.source': source.address }),
    ...toRecord(request.labels),
  },
  platforms: request.platforms ?? [],
  cache: request.cache,
  provenance: request.provenance,
  options: request.options,
  ...(request.target && { target: request.target }),
});

/** As for docker build, the last of several values of a name counts. */
const toRecord = (assignments: readonly Assignment[] | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(settings(assignments).map(({ name, value }) => [name, value]));
