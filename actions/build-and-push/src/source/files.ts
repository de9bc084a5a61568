import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { Finding } from '../../../../shared/errors';
import { type Folders, findPath, placesOf } from '../../../../shared/host/folders';
import type { Log } from '../../../../shared/host/log';
import { isOfKernel } from '../../../../shared/host/user-file';
import type { Inputs } from '../definition';
import { readSecrets, type Secret } from './secrets';
import { type Bounds, findSourceFile, largestDockerfile, largestIgnoreFile } from './source-file';

/** What of the inputs names files, and secrets. */
type Named = Pick<Inputs, 'context' | 'dockerfile' | 'secret-envs' | 'secret-files' | 'secrets' | 'build-contexts'>;

/** What a build needs of this machine. Paths are absolute. */
export interface Files {
  readonly context: string;
  readonly dockerfile: string;
  /** The Dockerfile as the user knows it, for messages. */
  readonly shown: string;
  readonly secrets: readonly Secret[];
  /** Values of secrets, by the variables that hold them for the builder. */
  readonly secretValues: Readonly<Record<string, string>>;
  /** Further contexts: `name=path` with absolute paths, or what a builder fetches. */
  readonly contexts: readonly string[];
}

/** Where files and secrets are looked for, and where the values of secrets are masked. */
interface Surroundings {
  readonly folders: Folders;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly log: Pick<Log, 'mask' | 'warn'>;
}

/** Finds what the inputs name. `files` is undefined where there is nothing to build. */
export function findFiles(
  inputs: Named,
  { folders, env, log }: Surroundings,
): { readonly files?: Files; readonly findings: readonly Finding[] } {
  const { context, findings: missingContext } = findContext(inputs, folders, env);
  const { secrets, secretValues, findings: badSecrets } = readSecrets(inputs, folders, env, log);
  const { contexts, findings: badContexts } = findContexts(inputs['build-contexts'] ?? [], folders);
  const findings = [...missingContext, ...badSecrets, ...badContexts];
  if (context === undefined) return { findings };
  const found = findDockerfile(inputs, context, folders);
  if ('problem' in found) {
    const problem = [found.problem, whyEmpty(folders, env)].filter(Boolean).join('; ');
    return { findings: [...findings, { where: 'dockerfile', problem }] };
  }
  const { dockerfile } = found;
  const badIgnore = checkIgnoreFiles(inputs, context, dockerfile, folders);
  if (badIgnore.length > 0) return { findings: [...findings, ...badIgnore] };
  const shown = shownAs(dockerfile, folders);
  return { files: { context, dockerfile, shown, secrets, secretValues, contexts }, findings };
}

/** What a builder fetches by itself: an image, an address, another target, a layout, or a Git repository. */
const fetched = /^(?:[a-z][a-z0-9+.-]*:\/\/|target:|[\w.-]+@[\w.-]+:)/i;

/** A Git repository as well, unless there is such a folder. Source: BuildKit, gitutil. */
const github = /^github\.com\/./;

function findContexts(records: readonly string[], folders: Folders): { contexts: string[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const contexts = records.flatMap((record) => {
    const [, name, value] = /^([^=]+)=(.+)$/s.exec(record) ?? [];
    const refuse = (problem: string) => {
      findings.push({ where: 'build-contexts', problem });
      return [];
    };
    if (!name || !value) return refuse(`must have the form name=path, got ${JSON.stringify(record)}`);
    if (fetched.test(value)) return [record];
    const found = findPath(inCheckout(value) ?? value, folders);
    const isFolder = found !== undefined && statSync(found).isDirectory();
    if (!found && github.test(value)) return [record];
    return isFolder ? [`${name}=${found}`] : refuse(`${name} is not a directory, got ${JSON.stringify(value)}`);
  });
  return { contexts, findings };
}

/**
 * Why there are no files: on GitHub a job begins with an empty workspace, and docker/build-push-action alone would fetch from
 * Git. What is named by an absolute path needs none.
 */
function whyEmpty({ source }: Folders, env: Surroundings['env']): string | undefined {
  const isEmpty = env['GITHUB_ACTIONS'] === 'true' && existsSync(source) && readdirSync(source).length === 0;
  return isEmpty ? 'the workspace is empty: check the repository out in an earlier step (actions/checkout)' : undefined;
}

/** The folder of the checkout that `{{defaultContext}}` means, with a folder behind it: what docker/build-push-action fetches. */
function inCheckout(given: string): string | undefined {
  const [all, folder] = /^\{\{\s*defaultContext\s*\}\}(?::(.*))?$/.exec(given) ?? [];
  return all === undefined ? undefined : folder?.replace(/^\/+/, '') || '.';
}

const checkOut = 'nothing is fetched here: check the repository out in an earlier step, and set its path';

function findContext(
  { context: given }: Named,
  folders: Folders,
  env: Surroundings['env'],
): { context?: string; findings: Finding[] } {
  const context = findPath(inCheckout(given) ?? given, folders);
  const wrong = (problem: string) => ({ findings: [{ where: 'context', problem }] });
  if (context === undefined || !statSync(context).isDirectory()) {
    const way =
      fetched.test(given) || github.test(given) || given.includes('{{')
        ? checkOut
        : `looked in ${folders.roots.join(', ')}`;
    return wrong(`is not a directory, got ${JSON.stringify(given)}; ${whyEmpty(folders, env) ?? way}`);
  }
  if (isOfKernel(realpathSync(context))) return wrong(`is a system directory, got ${JSON.stringify(given)}`);
  return { context, findings: [] };
}

/** As for docker build, the path is that of the working folder; one in the context is found too, first where Git would be asked. */
function findDockerfile(
  { dockerfile: given, context: named }: Named,
  context: string,
  folders: Folders,
): { dockerfile: string } | { problem: string } {
  const places = given === undefined ? [] : placesOf(given, folders);
  const problems: string[] = [];
  const own = join(context, given ?? defaultName);
  const all = new Set(inCheckout(named) === undefined ? [...places, own] : [own, ...places]);
  for (const place of [...all].flatMap(inBothCases)) {
    const found = findSourceFile(place, boundsOf(context, folders, largestDockerfile, given !== undefined));
    if ('real' in found) return { dockerfile: place };
    if ('problem' in found) problems.push(`${shownAs(place, folders)} ${found.problem}`);
  }
  const looked = `looked in ${[...folders.roots, context].join(', ')}`;
  const nowhere = given
    ? `does not exist, got ${JSON.stringify(given)}; ${looked}`
    : `was not found: ${context} has no Dockerfile; name it`;
  return { problem: problems[0] ?? nowhere };
}

const defaultName = 'Dockerfile';

/** As for docker build, `dockerfile` will do where there is no `Dockerfile`. Source: `dockerui` of BuildKit, moby/moby#10858. */
const inBothCases = (place: string): string[] =>
  basename(place) === defaultName ? [place, join(dirname(place), defaultName.toLowerCase())] : [place];

/** Every builder reads them by itself, so that they are looked at for all. */
function checkIgnoreFiles(
  { dockerfile: given }: Named,
  context: string,
  dockerfile: string,
  folders: Folders,
): Finding[] {
  // podman and buildah look for the second name, too.
  const places = ['.dockerignore', '.containerignore'].flatMap((name) => [
    { place: `${dockerfile}${name}`, named: given !== undefined },
    { place: join(context, name), named: false },
  ]);
  return places.flatMap(({ place, named }) => {
    const found = findSourceFile(place, boundsOf(context, folders, largestIgnoreFile, named));
    return 'problem' in found ? [{ where: shownAs(place, folders), problem: found.problem }] : [];
  });
}

const boundsOf = (context: string, { roots }: Folders, limit: number, named: boolean): Bounds => ({
  context,
  roots,
  limit,
  named,
});

/** A file as the user knows it. */
function shownAs(file: string, { source }: Folders): string {
  const shown = relative(source, file);
  return shown.startsWith('..') ? file : shown;
}
