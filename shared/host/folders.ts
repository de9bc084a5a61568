import { existsSync, readdirSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';

/** Where an action finds the user's files and leaves its own. */
export interface Folders {
  readonly working: string;
  /** The folder of the primary source; files written here are collected as artifacts. */
  readonly source: string;
  /** Where files for later steps are written: the source; on GitHub the job's own folder, so that a checkout stays clean. */
  readonly results: string;
  /** All places of a relative path, in the order in which they are looked through. */
  readonly roots: readonly string[];
  /** `$CATALYST_SOURCE_DIR_<name>` by name: the source and each artifact. */
  readonly inputs: Readonly<Record<string, string>>;
}

const variable = /^CATALYST_SOURCE_DIR_(.+)$/;

/** The local runner also names the folder of the action's own program so; the user's files are not there. */
const programFolder = 'CawsCustomActionSource';

/** Reads the folders from the environment. Outside CodeCatalyst they are all the working folder. */
export function foldersOf(env: NodeJS.ProcessEnv, working: string): Folders {
  const inputs: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const input = variable.exec(name)?.[1];
    if (input && input !== programFolder && value) inputs[input] = value;
  }
  const { WorkflowSource, ...artifacts } = inputs;
  // Without a source an artifact is the primary one: CodeCatalyst's default folder, else the first.
  const first = Object.values(artifacts).find((folder) => folder === env['CATALYST_DEFAULT_DIR']);
  const source = WorkflowSource ?? first ?? Object.values(artifacts)[0] ?? (env['GITHUB_WORKSPACE'] || working);
  const roots = [working, env['CATALYST_DEFAULT_DIR'], source, ...Object.values(artifacts)];
  return {
    working,
    source,
    results: source,
    inputs,
    roots: [...new Set(roots.filter((root): root is string => Boolean(root)))],
  };
}

/**
 * The places where a path that the user gave may be, best first: as given when absolute (where `/sources/WorkflowSource/rest`
 * and `/artifacts/<action>/<artifact>/rest` may also be `$CATALYST_SOURCE_DIR_<name>/rest`), else below each root. Last comes a file where AWS's local runner lays it, if it is there: in a folder of its own below the artifact.
 */
export function placesOf(path: string, folders: Folders): string[] {
  const { WorkflowSource: _, ...artifacts } = folders.inputs;
  if (!isAbsolute(path)) {
    const places = folders.roots.map((root) => resolve(root, path));
    return [...new Set([...places, ...onlyNested(Object.values(artifacts), path)])];
  }
  const [, inSource] = /^\/sources\/WorkflowSource\/(.+)$/.exec(path) ?? [];
  if (inSource && folders.inputs['WorkflowSource']) return [path, join(folders.inputs['WorkflowSource'], inSource)];
  const [, folder, artifact, rest] = /^(\/artifacts\/[^/]+\/([^/]+))\/(.+)$/.exec(path) ?? [];
  const stored = artifact === undefined ? undefined : folders.inputs[artifact];
  if (!folder || !rest) return [path];
  return [path, ...(stored ? [join(stored, rest)] : []), ...onlyNested([stored ?? folder], rest)];
}

/**
 * A file that lies one folder deeper than its path says, if there is one such file only. AWS's local runner makes that folder
 * for each entry of `Files`, and names it like the entry up to its first star: `task-definition/task-definition-1.json` for
 * `task-definition*`, `out/task/task-1.json` for `out/task*`.
 */
function onlyNested(artifacts: readonly string[], rest: string): string[] {
  const names = rest.split('/');
  if (names.includes('..')) return [];
  const found = artifacts.flatMap((artifact) =>
    names.flatMap((_, depth) => {
      const base = join(artifact, ...names.slice(0, depth));
      return foldersIn(base)
        .map((folder) => join(base, folder, ...names.slice(depth)))
        .filter((place) => statSync(place, { throwIfNoEntry: false })?.isFile());
    }),
  );
  const [only, ...others] = new Set(found);
  return only === undefined || others.length > 0 ? [] : [only];
}

/** Empty where there is no such folder, or it cannot be read. */
function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : []));
  } catch {
    return [];
  }
}

/** The first place where the path exists; undefined where it exists nowhere. */
export function findPath(path: string, folders: Folders): string | undefined {
  return placesOf(path, folders).find((place) => existsSync(place));
}

/** As `findPath`, for a file: a folder of that name is the answer only where there is no file. */
export function findFile(path: string, folders: Folders): string | undefined {
  const isNoFolder = (place: string) => statSync(place, { throwIfNoEntry: false })?.isDirectory() === false;
  return placesOf(path, folders).find(isNoFolder) ?? findPath(path, folders);
}
