import { parse, stringify } from 'yaml';
import { type Block, blocksOf } from './doc-blocks';
import { projectFiles } from './project-files';
import { workflowFile } from './workflow-scene';

/** What a YAML block of a document is: a whole workflow, parts of one that need a frame, or a script of another host. */
type Kind = 'github' | 'github-steps' | 'codecatalyst-actions' | 'codecatalyst-settings' | 'script';

export interface DocumentedWorkflow {
  readonly place: string;
  readonly kind: Kind;
  /** With names in place of what stands for them. */
  readonly text: string;
}

/** The YAML blocks of the pages that users read. @throws Error where one is of no known kind, so that none is left out */
export const documentedWorkflows = (): readonly DocumentedWorkflow[] =>
  projectFiles()
    .filter((path) => /^(?:README\.md|docs\/.*\.md|actions\/[\w-]+\/README\.md)$/.test(path))
    .flatMap((page) =>
      blocksOf(workflowFile(page))
        .filter(({ language }) => /^ya?ml$/.test(language))
        .map((block) => documented(page, block)),
    );

function documented(page: string, { line, text: written }: Block): DocumentedWorkflow {
  const text = written.replace(/<owner>|<space>|OWNER/g, 'acme');
  const place = `${page}:${line}`;
  const value: unknown = parse(text);
  const kind = kindOf(value);
  if (!kind) throw new Error(`${place} is neither a workflow nor a part of one`);
  return { place, kind, text };
}

function kindOf(value: unknown): Kind | undefined {
  if (Array.isArray(value)) return 'github-steps';
  if (typeof value !== 'object' || value === null) return undefined;
  if ('jobs' in value) return 'github';
  const entries = Object.values(value);
  if (entries.every((entry) => typeof entry === 'object' && entry !== null && 'Identifier' in entry))
    return 'codecatalyst-actions';
  if ('phases' in value || entries.some((entry) => Array.isArray((entry as { script?: unknown }).script)))
    return 'script';
  return entries.every((entry) => typeof entry === 'string') ? 'codecatalyst-settings' : undefined;
}

const before = {
  build: `
- id: build
  uses: acme/build-and-push@v1
  with: {repository: sample-web}
`,
  render: `
- id: render
  uses: acme/render-task-definition@v1
  with: {task-definition: task.json, image: '\${{ steps.build.outputs.IMAGE }}'}
`,
};

/** Steps of GitHub in a job, behind those that they refer to. */
export function frameSteps(text: string): string {
  const needsRender = text.includes('steps.render.') && !text.includes('id: render');
  const needsBuild = (needsRender || text.includes('steps.build.')) && !text.includes('id: build');
  const steps = [
    { uses: 'actions/checkout@v5' },
    ...(needsBuild ? (parse(before.build) as object[]) : []),
    ...(needsRender ? (parse(before.render) as object[]) : []),
    ...(parse(text) as object[]),
  ];
  return stringify({ name: 'Frame', on: 'push', jobs: { deploy: { 'runs-on': 'ubuntu-latest', steps } } });
}

type Actions = Record<string, { readonly Identifier: string; readonly Configuration: object }>;

/** Actions of CodeCatalyst in place of those that do the same in the workflow of the tutorial. */
export function frameActions(text: string): string {
  const { Actions: tutorial, ...rest } = tutorialWorkflow();
  const given = parse(text) as Actions;
  const replaced = Object.entries(tutorial).map(([name, action]) => {
    const other = Object.entries(given).find(([, one]) => nameIn(one.Identifier) === nameIn(action.Identifier));
    if (other && other[0] !== name) throw new Error(`${other[0]} is called ${name} in the workflow of the tutorial`);
    return [name, other?.[1] ?? action] as const;
  });
  return stringify({ ...rest, Actions: Object.fromEntries(replaced) });
}

/** The workflow of the tutorial with some more settings of its deployment. */
export function frameSettings(text: string): string {
  const { Actions: tutorial, ...rest } = tutorialWorkflow();
  const { DeploytoAmazonECS: deploy, ...others } = tutorial;
  const Configuration = { ...deploy!.Configuration, ...(parse(text) as object) };
  return stringify({ ...rest, Actions: { ...others, DeploytoAmazonECS: { ...deploy, Configuration } } });
}

const tutorialWorkflow = () => parse(workflowFile('.codecatalyst/workflows/blue-green.yaml')) as { Actions: Actions };

const nameIn = (identifier: string) => identifier.split('/')[1];
