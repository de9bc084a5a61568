import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseDocument } from 'yaml';

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

/** An action's work as its Identifier names it, or why there is none. */
export type Identified = 'build' | Manifest | { readonly problem: string };

/** Finds what an Identifier means. */
export type FindAction = (identifier: string) => Identified;

/** The one place in a repository where the ADK looks for an action. */
const manifestPath = '.codecatalyst/actions/action.yml';

const projectActions = ['build-and-push', 'render-task-definition', 'ecs-bluegreen-deploy'] as const;

/** Built-in actions that an action of this project takes the place of. */
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
    if (/^\.(\/|$)/.test(identifier)) return readManifest(resolve(source, identifier));
    const [, space, name] = /^([^/@]+)\/([^/@]+)@v?\d+(?:\.\d+)*$/.exec(identifier) ?? [];
    if (!space || !name) {
      return problem('must be a folder (. or ./actions/name) or <space>/<action>@v1, got', identifier);
    }
    const full = `${space}/${name}`;
    if (full === 'aws/build') return 'build';
    const replacement = replacements[full];
    if (replacement) return problem(`write <space>/${replacement}@v1, which takes the place of`, identifier);
    if (space !== 'aws' && projectActions.some((own) => own === name))
      return readManifest(join(project, 'actions', name));
    return problem(`only aws/build, local folders and ${projectActions.join(', ')} can run here, not`, identifier);
  };
}

const problem = (why: string, identifier: string) => ({ problem: `${why} ${JSON.stringify(identifier)}` });

/** Reads the manifest of the action in a folder. */
export function readManifest(folder: string): Manifest | { readonly problem: string } {
  const file = join(folder, manifestPath);
  if (!existsSync(file)) return { problem: `no action there: ${file} does not exist` };
  const document = parseDocument(readFileSync(file, 'utf8'));
  const manifest = document.errors.length === 0 ? (document.toJS() as RawManifest | null) : undefined;
  if (!manifest)
    return { problem: `${file} is no manifest: ${document.errors[0]?.message.split('\n')[0] ?? 'it is empty'}` };
  const { Using, Main, Pre, Post } = manifest.Runs ?? {};
  if (!/^node\d+$/.test(Using ?? '') || !Main || Pre || Post) {
    return { problem: `${file}: only actions with Using: node… and a Main alone can run here` };
  }
  const main = resolve(folder, Main);
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
