// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of a workflow are written so.

import { definition } from '../../../actions/build-and-push/src/definition';
import { buildInputs, inputLines, outputFor, unknownInput } from './build-inputs';
import { columnOf, type Edit } from './edits';
import type { Steps } from './github-steps';
import { type ImageScript, readImageScript } from './image-script';
import { startOf, type YamlFile } from './nodes';
import { commentsIn } from './script-text';

export const githubHost = { expression: /\$\{\{.*?\}\}/gs, commit: '${{ github.sha }}' };

/** A step that builds and pushes an image with docker becomes one of build-and-push; no edits where it is another. */
export function replaceRun(file: YamlFile, step: unknown, of: Steps): Edit[] {
  const run = file.textIn(step, 'run') ?? '';
  if (!/\bdocker (?:\w+ )?(?:build|push)\b/.test(run)) return [];
  const leave = (problem: string): Edit[] => {
    of.findings.leave(file.lineOf(step), `a step that builds an image stays: ${problem}`);
    return [];
  };
  if (file.pair(step, 'uses')) return leave('it has both uses and run, which GitHub refuses');
  const inFlow = file.text[startOf(step)] === '{';
  if (inFlow) return leave('it is written in one line with braces; write it as a list of lines');
  const script = readImageScript([run], githubHost, variablesOf(file, step, of));
  if ('problem' in script) return leave(script.problem);
  const unknown = unknownInput(script);
  if (unknown) return leave(unknown);
  const elsewhere = loginElsewhere(file, of);
  if (elsewhere) return leave(elsewhere);
  const id = file.textIn(step, 'id');
  const problem = id === undefined ? undefined : renameOutputs(file, script, { id, of });
  if (problem) return leave(problem);
  const to = `${of.space}/${definition.name}@v1`;
  of.findings.move(file.lineOf(step), `docker build and push become ${to}`);
  return stepEdits(file, step, script, { to, run });
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

/** Variables of the step, the job and the workflow. What is one word only stays an expression, as others may use it too. */
function variablesOf(file: YamlFile, step: unknown, { job, root }: Steps): Record<string, string> {
  const outer = [root, job?.node].flatMap((node) => file.pairs(file.field(node, 'env')));
  const shared = outer.map(({ name, pair }) => {
    const value = file.scalar(pair.value) ?? '';
    return [name, /^[\w.-]+$/.test(value) ? `\${{ env.${name} }}` : value];
  });
  const own = file.pairs(file.field(step, 'env')).map(({ name, pair }) => [name, file.scalar(pair.value) ?? '']);
  const ofRunner = [
    ['GITHUB_SHA', '${{ github.sha }}'],
    ['GITHUB_REF_NAME', '${{ github.ref_name }}'],
    ['GITHUB_RUN_NUMBER', '${{ github.run_number }}'],
    ['GITHUB_RUN_ID', '${{ github.run_id }}'],
    ['AWS_REGION', '${{ env.AWS_REGION }}'],
  ];
  return Object.fromEntries([...ofRunner, ...shared, ...own]);
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
  if (missing) return `it gives the output ${missing.name}, which ${definition.name} does not`;
  for (const { name, to } of renames) {
    if (to === undefined || to === name) continue;
    const from = new RegExp(`(steps\\.${id}\\.outputs\\.)${name}(?![\\w-])`, 'g');
    of.findings.rename({ from, to: `$1${to}`, job: of.job?.name });
  }
  return undefined;
}

/** The step with `uses` in place of `run`, all else of it kept. */
function stepEdits(
  file: YamlFile,
  step: unknown,
  script: ImageScript,
  { to, run }: { readonly to: string; readonly run: string },
): Edit[] {
  const map = file.map(step)!;
  const { 'working-directory': folder } = Object.fromEntries(
    file.pairs(step).map(({ name, pair }) => [name, file.scalar(pair.value)]),
  );
  const own = folder === undefined ? script : { ...script, folder: `${folder.replace(/\/$/, '')}/${script.folder}` };
  const pair = file.pair(step, 'run')!;
  const indent = ' '.repeat(columnOf(file.text, startOf(pair.key)));
  const inputs = inputLines(buildInputs(own)).map((line) => `  ${line}`);
  const gone = ['env', 'shell', 'working-directory'].flatMap((name) => file.pair(step, name) ?? []);
  return [
    file.replacePair(pair, [`uses: ${to}`, 'with:', ...commentsIn(run).map((line) => `  ${line}`), ...inputs], indent),
    ...gone.map((one) => file.removePair(one, map)),
  ];
}
