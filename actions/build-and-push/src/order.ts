import { existsSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Finding } from '../../../shared/errors';
import { type Folders, findPath } from '../../../shared/host/folders';
import type { Log } from '../../../shared/host/log';
import { type Assignment, settings } from '../../../shared/manifest/types';
import { splitWords } from '../../../shared/words';
import { checkOptions } from './build-options';
import type { Inputs } from './definition';
import type { BuildOrder } from './engine';
import type { SourceFacts } from './git';
import { readSecrets } from './secrets';

/** The inputs that tell how to build; not where the image goes. */
type BuildInputs = Omit<Inputs, 'region' | 'registry'>;

interface Surroundings {
  readonly folders: Folders;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly log: Pick<Log, 'mask'>;
}

/** Finds the files of the build; no order where they are not there. Labels that the user gave win over what git knows. */
export function orderOf(
  inputs: BuildInputs,
  source: SourceFacts,
  { folders, env, log }: Surroundings,
): { order?: BuildOrder; findings: Finding[] } {
  const { context, findings: missingContext } = findContext(inputs, folders);
  const { secrets, findings: badSecrets } = readSecrets(inputs, folders, env, log);
  const split = splitWords(inputs['build-options'] ?? '');
  const options = 'words' in split ? split.words : [];
  const unread = 'problem' in split ? [{ where: 'build-options', problem: split.problem }] : checkOptions(options);
  const findings = [...missingContext, ...badSecrets, ...unread];
  if (context === undefined) return { findings };
  const dockerfile = findDockerfile(inputs.dockerfile, context, folders);
  if (dockerfile === undefined) return { findings: [...findings, noDockerfile(inputs, context, folders)] };
  const shown = relative(folders.source, dockerfile);
  const order: BuildOrder = {
    context,
    dockerfile,
    shown: shown.startsWith('..') ? dockerfile : shown,
    buildArgs: toRecord(inputs['build-args']),
    labels: {
      ...(source.commit && { 'org.opencontainers.image.revision': source.commit }),
      ...(source.address && { 'org.opencontainers.image.source': source.address }),
      ...toRecord(inputs.labels),
    },
    secrets,
    platforms: inputs.platforms ?? [],
    cache: inputs.cache,
    provenance: inputs.provenance,
    options,
    ...(inputs.target && { target: inputs.target }),
  };
  return { order, findings };
}

/** As for docker build, the last of several values of a name counts. */
const toRecord = (assignments: readonly Assignment[] | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(settings(assignments).map(({ name, value }) => [name, value]));

function findContext({ context: given }: BuildInputs, folders: Folders): { context?: string; findings: Finding[] } {
  const context = findPath(given, folders);
  if (context !== undefined && statSync(context).isDirectory()) return { context, findings: [] };
  const problem = `is no folder, got ${JSON.stringify(given)}; looked in ${folders.roots.join(', ')}`;
  return { findings: [{ where: 'context', problem }] };
}

/** As for docker build, the path is that of the working folder; one in the context is found too. */
function findDockerfile(given: string | undefined, context: string, folders: Folders): string | undefined {
  const places = given === undefined ? [] : [findPath(given, folders) ?? ''];
  places.push(join(context, given ?? 'Dockerfile'));
  return places.find((place) => existsSync(place) && statSync(place).isFile());
}

function noDockerfile({ dockerfile }: BuildInputs, context: string, folders: Folders): Finding {
  const problem = dockerfile
    ? `is not there, got ${JSON.stringify(dockerfile)}; looked in ${[...folders.roots, context].join(', ')}`
    : `is not there: ${context} has no Dockerfile; name it`;
  return { where: 'dockerfile', problem };
}
