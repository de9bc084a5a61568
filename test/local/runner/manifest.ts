import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { InputError } from '../../../shared/errors';
import { readYaml } from '../../../shared/task-definition/read-yaml';
import { buildValue } from '../../../shared/task-definition/tree';

/** What a run needs to know of an action's manifest. */
export interface Manifest {
  readonly name: string;
  /** The folder that is the action's repository. */
  readonly folder: string;
  /** The program, an absolute path. */
  readonly main: string;
  readonly inputs: Readonly<Record<string, { readonly required: boolean; readonly default: string }>>;
  readonly outputs: readonly string[];
}

/** An action's work as its Identifier names it (`build` runs steps, `approval` asks people), or why there is none. */
export type Identified = 'build' | 'approval' | Manifest | { readonly problem: string };

/** Finds what an Identifier means. */
export type FindAction = (identifier: string) => Identified;

/** The one place in a repository where the ADK looks for an action. */
const manifestPath = '.codecatalyst/actions/action.yml';

const projectActions = ['build-and-push', 'render-task-definition', 'ecs-bluegreen-deploy'] as const;

/** Built-in actions that an action of this project replaces. */
const replacements: Readonly<Record<string, (typeof projectActions)[number]>> = {
  'aws/ecs-deploy': 'ecs-bluegreen-deploy',
  'aws/ecs-render-task-definition': 'render-task-definition',
  'codecatalyst-labs/push-to-ecr': 'build-and-push',
};

/**
 * @param source  The workflow's repository, where local identifiers begin.
 * @param project The folder of this project, whose `actions/` are known by name.
 */
export function actionFinder(source: string, project: string): FindAction {
  return (identifier) => {
    if (/^\.(\/|$)/.test(identifier)) {
      const folder = resolve(source, identifier);
      // CodeCatalyst runs what is in the repository; a file of it must not start a program elsewhere.
      return isWithin(folder, source)
        ? readManifest(folder)
        : problem('must be a folder of the repository, got', identifier);
    }
    const [, space, name] = /^([^/@]+)\/([^/@]+)@v?\d+(?:\.\d+)*$/.exec(identifier) ?? [];
    if (!space || !name) {
      return problem('must be a folder (. or ./actions/name) or <space>/<action>@v1, got', identifier);
    }
    const full = `${space}/${name}`;
    if (full === 'aws/build' || full === 'aws/managed-test') return 'build';
    if (full === 'aws/approval') return 'approval';
    const replacement = replacements[full];
    if (replacement) return problem(`write <space>/${replacement}@v1, which replaces`, identifier);
    if (space !== 'aws' && projectActions.some((own) => own === name))
      return readManifest(join(project, 'actions', name));
    return problem(
      `only aws/build, aws/managed-test, aws/approval, local folders and ${projectActions.join(', ')} can run here, not`,
      identifier,
    );
  };
}

const problem = (why: string, identifier: string) => ({ problem: `${why} ${JSON.stringify(identifier)}` });

/** Whether a path, with its links followed, is inside a folder. What does not exist is where it says. */
function isWithin(path: string, folder: string): boolean {
  const real = existsSync(path) ? realpathSync(path) : path;
  const root = existsSync(path) ? realpathSync(folder) : resolve(folder);
  return real === root || real.startsWith(root.endsWith(sep) ? root : root + sep);
}

function readRaw(file: string): { readonly manifest: RawManifest } | { readonly problem: string } {
  try {
    const manifest = buildValue(readYaml(readFileSync(file, 'utf8'), file, 'a manifest'), undefined);
    return typeof manifest === 'object' && manifest !== null && !Array.isArray(manifest)
      ? { manifest: manifest as RawManifest }
      : { problem: 'it is empty' };
  } catch (error) {
    if (error instanceof InputError) return { problem: error.message };
    throw error;
  }
}

/** Reads the manifest of the action in a folder. */
export function readManifest(folder: string): Manifest | { readonly problem: string } {
  const file = join(folder, manifestPath);
  if (!existsSync(file)) return { problem: `no action there: ${file} does not exist` };
  const read = readRaw(file);
  if ('problem' in read) return { problem: `${file} is not a manifest: ${read.problem}` };
  const { manifest } = read;
  const { Using, Main, Pre, Post } = manifest.Runs ?? {};
  if (!/^node\d+$/.test(Using ?? '') || !Main || Pre || Post) {
    return { problem: `${file}: only actions with Using: node… and a Main alone can run here` };
  }
  const main = resolve(folder, Main);
  if (!isWithin(main, folder)) return { problem: `${file}: Main must be a file of the action, got ${Main}` };
  if (!existsSync(main)) return { problem: `${main} does not exist; npm run build makes it` };
  const inputs = Object.entries(manifest.Configuration ?? {}).map(
    ([name, input]) => [name, { required: input.Required === true, default: String(input.Default ?? '') }] as const,
  );
  return {
    name: manifest.Name ?? folder,
    folder,
    main,
    inputs: Object.fromEntries(inputs),
    outputs: Object.keys(manifest.Outputs?.Variables ?? {}),
  };
}

interface RawManifest {
  readonly Name?: string;
  readonly Configuration?: Readonly<Record<string, { readonly Required?: unknown; readonly Default?: unknown }>>;
  readonly Outputs?: { readonly Variables?: Readonly<Record<string, unknown>> };
  readonly Runs?: { readonly Using?: string; readonly Main?: string; readonly Pre?: string; readonly Post?: string };
}
