// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of a workflow are written so.

import { definition } from '../../../actions/build-and-push/src/definition';
import { buildInputs, inputLines, outputFor, unknownInput } from './build-inputs';
import { columnOf, type Edit } from './edits';
import { environmentLines, neededVariables } from './github-env';
import { loginElsewhere } from './github-login';
import type { Steps } from './github-steps';
import { surroundingsOf } from './github-variables';
import { type ImageScript, readImageScript } from './image-script';
import { startOf, type YamlFile } from './nodes';
import { commentsIn, joinPath } from './script-text';

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
  const around = surroundingsOf(file, run, of);
  if (around === undefined) return { problem: 'its steps have variables of one name and different values' };
  const texts = run.map((step) => around.fill(file.textIn(step, 'run') ?? ''));
  const script = readImageScript(texts, around.host, around.variables);
  if ('problem' in script) return script;
  const unknown = unknownInput(script) ?? loginElsewhere(file, of.steps);
  if (unknown) return { problem: unknown };
  const [id, ...others] = run.flatMap((step) => file.textIn(step, 'id') ?? []);
  if (others.length > 0) return { problem: 'more than one of its steps has an id' };
  const renamed = id === undefined ? undefined : renameOutputs(file, script, { id, of });
  if (renamed) return { problem: renamed };
  const to = `${of.space}/${definition.name}@v1`;
  of.findings.move(file.lineOf(run[0]), `docker build and push become ${to}`);
  // The registry of the login is that of the login's credentials; any other one is written in the name.
  const logsIn = script.pushed.every(
    ({ registry }) => registry.region !== undefined || registry.registry !== undefined,
  );
  const variables = neededVariables(file, { steps: of.steps, run, logsIn });
  return stepEdits(file, last, script, { to, run, id, folder: folderOf(file, run, of), variables });
}

function unreadable(file: YamlFile, step: unknown): string | undefined {
  if (file.pair(step, 'uses')) return 'it has both uses and run, which GitHub refuses';
  // What an alias elsewhere means must stay.
  const anchored = ['run', 'env', 'shell', 'working-directory'].some((name) => file.hasAnchor(file.pair(step, name)));
  if (anchored) return 'it has a YAML anchor, which other steps may use';
  const inFlow = file.text[startOf(step)] === '{';
  return inFlow ? 'it is written in one line with braces; write it as a list of lines' : undefined;
}

/** The outputs of the step by their names in build-and-push; the answer is why one is missing. */
function renameOutputs(
  file: YamlFile,
  script: ImageScript,
  { id, of }: { readonly id: string; readonly of: Steps },
): string | undefined {
  const renames = [...script.outputs].map(([name, value]) => ({ name, to: outputFor(value, script) }));
  const outputs = `steps(?:\\.${id}|\\['${id}'\\])\\.outputs`;
  const reference = (name: string) => new RegExp(`(${outputs})(?:\\.${name}(?![\\w-])|\\['${name}'\\])`, 'gi');
  if (new RegExp(`${outputs}(?![\\w-]|\\.\\w|\\['[\\w-]+'\\])`, 'i').test(file.text)) {
    return `all outputs of ${id} are used as one, and ${definition.name} has others`;
  }
  const missing = renames.find(({ name, to }) => to === undefined && reference(name).test(file.text));
  if (missing) return `it sets the output ${missing.name}, which ${definition.name} does not`;
  for (const { name, to } of renames) {
    if (to === undefined || to === name) continue;
    of.findings.rename({ from: reference(name), to: `$1.${to}`, job: of.job?.name });
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
  /** Of the environment. */
  readonly variables: ReadonlyMap<string, string>;
}

/** The step with `uses` in place of `run`, all else of it kept. */
function stepEdits(
  file: YamlFile,
  step: unknown,
  script: ImageScript,
  { to, run, id, folder, variables }: NewStep,
): Edit[] {
  const map = file.map(step)!;
  const own = folder === undefined ? script : { ...script, folder: joinPath(folder, script.folder, script.reader) };
  const pair = file.pair(step, 'run')!;
  const indent = ' '.repeat(columnOf(file.text, startOf(pair.key)));
  const inputs = inputLines(buildInputs(own)).map((line) => `  ${line}`);
  const dropped = (one: unknown) => ['env', 'shell', 'working-directory'].flatMap((name) => file.pair(one, name) ?? []);
  const comments = run.flatMap((one) => [
    ...dropped(one).flatMap((pair) => file.commentsIn(pair)),
    ...commentsIn(file.textIn(one, 'run') ?? ''),
  ]);
  const name = id === undefined || file.pair(step, 'id') ? [] : [`id: ${id}`];
  return [
    file.replacePair(
      pair,
      [
        ...name,
        `uses: ${to}`,
        ...environmentLines(variables),
        'with:',
        ...comments.map((line) => `  ${line}`),
        ...inputs,
      ],
      indent,
    ),
    ...dropped(step).map((one) => file.removePair(one, map)),
  ];
}
