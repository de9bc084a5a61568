// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of a workflow are written so.

import { definition } from '../../../actions/build-and-push/src/definition';
import { buildInputs, inputLines, outputFor, unknownInput } from './build-inputs';
import { columnOf, type Edit } from './edits';
import type { Steps } from './github-steps';
import { type ImageScript, readImageScript } from './image-script';
import { startOf, type YamlFile } from './nodes';
import { commentsIn, joinPath } from './script-text';

export const githubHost = { expression: /\$\{\{.*?\}\}/gs, commit: '${{ github.sha }}' };

/**
 * A step that builds and pushes an image with docker, or several that do it together, becomes one of build-and-push, where
 * the last one stands.
 *
 * @param run the steps, without others between them that use the image
 * @returns its edits, or why it stays as it is
 */
export function replaceRun(file: YamlFile, run: readonly unknown[], of: Steps): Edit[] | { readonly problem: string } {
  const last = run.at(-1);
  const problem = run.map((step) => unreadable(file, step)).find((one) => one !== undefined);
  if (problem !== undefined) return { problem };
  const variables = variablesOf(file, run, of);
  if (variables === undefined) return { problem: 'its steps have variables of one name and different values' };
  const script = readImageScript(
    run.map((step) => file.textIn(step, 'run') ?? ''),
    githubHost,
    variables,
  );
  if ('problem' in script) return script;
  const unknown = unknownInput(script) ?? loginElsewhere(file, of);
  if (unknown) return { problem: unknown };
  const [id, ...others] = run.flatMap((step) => file.textIn(step, 'id') ?? []);
  if (others.length > 0) return { problem: 'more than one of its steps has an id' };
  const renamed = id === undefined ? undefined : renameOutputs(file, script, { id, of });
  if (renamed) return { problem: renamed };
  const to = `${of.space}/${definition.name}@v1`;
  of.findings.move(file.lineOf(run[0]), `docker build and push become ${to}`);
  return stepEdits(file, last, script, { to, run, id, folder: folderOf(file, run, of) });
}

function unreadable(file: YamlFile, step: unknown): string | undefined {
  if (file.pair(step, 'uses')) return 'it has both uses and run, which GitHub refuses';
  const inFlow = file.text[startOf(step)] === '{';
  return inFlow ? 'it is written in one line with braces; write it as a list of lines' : undefined;
}

/** A login that build-and-push would not make. */
function loginElsewhere(file: YamlFile, { steps }: Steps): string | undefined {
  const logins = file
    .items(steps)
    .filter((one) => /^aws-actions\/amazon-ecr-login@/.test(file.textIn(one, 'uses') ?? ''));
  const settings = logins.map((login) => file.field(login, 'with'));
  if (settings.some((one) => file.textIn(one, 'registry-type') === 'public')) return 'it pushes to ECR Public';
  return settings.some((one) => file.textIn(one, 'registries'))
    ? 'it pushes to the registry of another account'
    : undefined;
}

/**
 * Variables of the steps, the job and the workflow, unless two steps differ in one. What is one word only stays an
 * expression, as others may use it too.
 */
function variablesOf(
  file: YamlFile,
  run: readonly unknown[],
  { job, root, steps }: Steps,
): Record<string, string> | undefined {
  const outer = [root, job?.node].flatMap((node) => file.pairs(file.field(node, 'env')));
  const shared = outer.map(({ name, pair }) => {
    const value = file.scalar(pair.value) ?? '';
    return [name, /^[\w.-]+$/.test(value) ? `\${{ env.${name} }}` : value];
  });
  const own = run.flatMap((step) =>
    file.pairs(file.field(step, 'env')).map(({ name, pair }) => [name, file.scalar(pair.value) ?? '']),
  );
  const isClear = own.every(([name, value]) => own.every(([other, said]) => other !== name || said === value));
  if (!isClear) return undefined;
  const ofRunner = [
    ['GITHUB_SHA', '${{ github.sha }}'],
    ['GITHUB_WORKSPACE', '${{ github.workspace }}'],
    ['GITHUB_REF_NAME', '${{ github.ref_name }}'],
    ['GITHUB_RUN_NUMBER', '${{ github.run_number }}'],
    ['GITHUB_RUN_ID', '${{ github.run_id }}'],
  ];
  const made = ['AWS_REGION', 'AWS_DEFAULT_REGION', ...writtenBefore(file, steps, run[0])];
  const ofSteps = made.map((name) => [name, `\${{ env.${name} }}`]);
  return Object.fromEntries([...ofRunner, ...shared, ...ofSteps, ...own]);
}

/** The variables that steps before this one write for those behind them; the two of the region are from the credentials' action. */
function writtenBefore(file: YamlFile, steps: unknown, first: unknown): string[] {
  const all: readonly unknown[] = file.items(steps);
  return all.slice(0, all.indexOf(first)).flatMap((step) => {
    const lines = (file.textIn(step, 'run') ?? '').split('\n').filter((line) => /\bGITHUB_ENV\b/.test(line));
    return lines.flatMap((line) => /^\s*(?:echo|printf)\s+["']?([A-Za-z_]\w*)=/.exec(line)?.[1] ?? []);
  });
}

/** The outputs of the step by their names in build-and-push; the answer is why one is missing. */
function renameOutputs(
  file: YamlFile,
  script: ImageScript,
  { id, of }: { readonly id: string; readonly of: Steps },
): string | undefined {
  const renames = [...script.outputs].map(([name, value]) => ({ name, to: outputFor(value, script) }));
  const isUsed = (name: string) => new RegExp(`steps\\.${id}\\.outputs\\.${name}\\b`).test(file.text);
  const missing = renames.find(({ name, to }) => to === undefined && isUsed(name));
  if (missing) return `it sets the output ${missing.name}, which ${definition.name} does not`;
  for (const { name, to } of renames) {
    if (to === undefined || to === name) continue;
    const from = new RegExp(`(steps\\.${id}\\.outputs\\.)${name}(?![\\w-])`, 'g');
    of.findings.rename({ from, to: `$1${to}`, job: of.job?.name });
  }
  return undefined;
}

/** Where the steps run: what one of them says, else the defaults of the job, else of the workflow. */
function folderOf(file: YamlFile, run: readonly unknown[], { job, root }: Steps): string | undefined {
  const defaults = [job?.node, root].map((node) => file.field(file.field(node, 'defaults'), 'run'));
  return [...run, ...defaults].flatMap((one) => file.textIn(one, 'working-directory') ?? [])[0];
}

interface NewStep {
  readonly to: string;
  readonly run: readonly unknown[];
  readonly id: string | undefined;
  readonly folder: string | undefined;
}

/** The step with `uses` in place of `run`, all else of it kept. */
function stepEdits(file: YamlFile, step: unknown, script: ImageScript, { to, run, id, folder }: NewStep): Edit[] {
  const map = file.map(step)!;
  const comments = run.flatMap((one) => commentsIn(file.textIn(one, 'run') ?? ''));
  const own = folder === undefined ? script : { ...script, folder: joinPath(folder, script.folder, script.reader) };
  const pair = file.pair(step, 'run')!;
  const indent = ' '.repeat(columnOf(file.text, startOf(pair.key)));
  const inputs = inputLines(buildInputs(own)).map((line) => `  ${line}`);
  const gone = ['env', 'shell', 'working-directory'].flatMap((name) => file.pair(step, name) ?? []);
  const name = id === undefined || file.pair(step, 'id') ? [] : [`id: ${id}`];
  return [
    file.replacePair(
      pair,
      [...name, `uses: ${to}`, 'with:', ...comments.map((line) => `  ${line}`), ...inputs],
      indent,
    ),
    ...gone.map((one) => file.removePair(one, map)),
  ];
}
