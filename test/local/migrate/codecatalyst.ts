// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of a workflow are written so.

import type { Pair } from 'yaml';
import { definition as build } from '../../../actions/build-and-push/src/definition';
import { definition as deploy } from '../../../actions/ecs-bluegreen-deploy/src/definition';
import { definition as render } from '../../../actions/render-task-definition/src/definition';
import { type ActionDefinition, offeredOn } from '../../../shared/manifest/definition';
import { buildInputs, inputLines, outputFor, unknownInput } from './build-inputs';
import { columnOf, type Edit } from './edits';
import { migrateSteps } from './github-steps';
import { readImageScript, usesDocker } from './image-script';
import type { Findings } from './migrate';
import { startOf, type YamlFile } from './nodes';
import { commentsIn } from './script-text';

const host = {
  expression: /\$\{[\w-]+(?:\.[\w-]+)+\}/g,
  commit: '${WorkflowSource.CommitId}',
  isUntagged: (text: string) => /[\w-]*repo(?:sitory)?(?:_?-?name)?\}$/i.test(text),
};

const replacements: Readonly<Record<string, ActionDefinition>> = {
  'aws/ecs-render-task-definition': render,
  'aws/ecs-deploy': deploy,
};

interface ActionNode {
  /** As references name it, `Group.Name` in a group. */
  readonly names: readonly string[];
  readonly node: unknown;
}

/** The edits that move a CodeCatalyst workflow. */
export function migrateCodeCatalyst(file: YamlFile, space: string, findings: Findings): Edit[] {
  return actionsIn(file).flatMap(({ names, node }) => {
    const identifier = file.textIn(node, 'Identifier') ?? '';
    const [, name = ''] = /^([\w-]+\/[\w-]+)@/.exec(identifier) ?? [];
    const replacement = replacements[name];
    if (replacement)
      return [...replaceAction(file, node, `${space}/${replacement.name}@v1`, { replacement, findings })];
    if (name === 'aws/build') return replaceBuild(file, { names, node }, { space, findings });
    if (name === 'aws/github-actions-runner') {
      const steps = file.field(file.field(node, 'Configuration'), 'Steps');
      return migrateSteps(file, { steps, job: undefined, root: node, space, findings });
    }
    if (name === 'codecatalyst-labs/push-to-ecr') {
      findings.leave(
        file.lineOf(node),
        `${identifier} pushes an image that another action built; build-and-push does both`,
      );
    }
    return [];
  });
}

function actionsIn(file: YamlFile): ActionNode[] {
  return file.pairs(file.field(file.composed.contents, 'Actions')).flatMap(({ name, pair }) => {
    const members = file.field(pair.value, 'Actions');
    if (!members) return [{ names: [name], node: pair.value }];
    return file.pairs(members).map((member) => ({
      names: [`${name}.${member.name}`, member.name],
      node: member.pair.value,
    }));
  });
}

/** Another Identifier; the configuration keeps its keys. */
function replaceAction(
  file: YamlFile,
  node: unknown,
  identifier: string,
  { replacement, findings }: { readonly replacement: ActionDefinition; readonly findings: Findings },
): Edit[] {
  const known = Object.keys(offeredOn('codecatalyst', replacement).inputs);
  const configuration = file.pairs(file.field(node, 'Configuration'));
  const unknown = configuration.filter(({ name }) => !known.includes(name) && name !== 'container-definition-name');
  for (const { name, pair } of unknown) {
    findings.leave(file.lineOf(pair.key), `${replacement.name} has no input ${name}; the key was kept`);
  }
  findings.move(file.lineOf(node), `${file.textIn(node, 'Identifier')} becomes ${identifier}`);
  const inFlow = file.map(file.field(node, 'Configuration'))?.flow === true;
  const lists = configuration.flatMap(({ name, pair }) => listAsText(file, { name, pair, inFlow }, findings));
  return [file.replaceScalar(file.field(node, 'Identifier'), identifier), ...lists];
}

/** A list, as the built-in took for variables, becomes the text of its lines: an input of an action is a string. */
function listAsText(
  file: YamlFile,
  { name, pair, inFlow }: { readonly name: string; readonly pair: Pair; readonly inFlow: boolean },
  findings: Findings,
): Edit[] {
  const items = file.items(pair.value);
  if (items.length === 0) return [];
  const lines = items.map((item) => file.scalar(item));
  if (lines.some((line) => line === undefined || line.includes('\n'))) {
    findings.leave(file.lineOf(pair.key), `${name} is a list of more than texts; write a line for each entry below |`);
    return [];
  }
  if (inFlow) return [file.replacePair(pair, [`${name}: ${JSON.stringify(lines.join('\n'))}`], '')];
  const indent = ' '.repeat(columnOf(file.text, startOf(pair.key)));
  return [file.replacePair(pair, [`${name}: |`, ...lines.map((line) => `  ${line}`)], indent)];
}

/** Steps that build and push an image become the inputs of build-and-push. */
function replaceBuild(
  file: YamlFile,
  { names, node }: ActionNode,
  { space, findings }: { readonly space: string; readonly findings: Findings },
): Edit[] {
  const steps = file.items(file.field(file.field(node, 'Configuration'), 'Steps'));
  const scripts = steps.map((step) => file.textIn(step, 'Run') ?? '');
  if (!scripts.some(usesDocker)) return [];
  const line = file.lineOf(node);
  const leave = (problem: string): Edit[] => {
    findings.leave(line, `${names[0]} stays aws/build: ${problem}`);
    return [];
  };
  if (file.map(node)?.flow) return leave('it is written with braces; write it as a list of lines');
  const script = readImageScript(scripts, host, variablesOf(file, node));
  if ('problem' in script) return leave(script.problem);
  const unknown = unknownInput(script);
  if (unknown) return leave(unknown);
  if (file.field(file.field(node, 'Outputs'), 'Artifacts'))
    return leave('it makes artifacts, which build-and-push does not');
  if (file.field(file.field(node, 'Configuration'), 'Container')) return leave('it runs in a container of its own');
  const renames = new Map<string, string>();
  for (const output of file.items(file.field(file.field(node, 'Outputs'), 'Variables'))) {
    const name = file.scalar(output) ?? '';
    const value = script.variables.get(name);
    const found = value === undefined ? undefined : outputFor(value, script);
    if (found !== undefined) renames.set(name, found);
    else if (isUsed(file, names, name)) return leave(`it sets ${name}, which build-and-push does not`);
  }
  const identifier = `${space}/${build.name}@v1`;
  findings.move(line, `${names[0]} becomes ${identifier}`);
  for (const [from, to] of renames) {
    for (const owner of names) findings.rename({ from: referenceTo(owner, from), to: referenceTo(owner, to) });
  }
  return [
    file.replaceScalar(file.field(node, 'Identifier'), identifier),
    ...configure(file, node, scripts, inputLines(buildInputs(script))),
    ...dropOwn(file, node),
  ];
}

/** A list of names and values, or a mapping of them. */
function variablesOf(file: YamlFile, node: unknown): Record<string, string> {
  const own = file.field(file.field(node, 'Inputs'), 'Variables');
  const listed = file.items(own).map((one) => [file.textIn(one, 'Name') ?? '', file.textIn(one, 'Value') ?? '']);
  const mapped = file.pairs(own).map(({ name, pair }) => [name, file.scalar(pair.value) ?? '']);
  return Object.fromEntries([...listed, ...mapped]);
}

function configure(file: YamlFile, node: unknown, scripts: readonly string[], inputs: readonly string[]): Edit[] {
  const pair = file.pair(node, 'Configuration')!;
  const indent = ' '.repeat(columnOf(file.text, startOf(pair.key)));
  const inside = file.text.slice(startOf(pair.key), file.endOf(pair));
  const own = inside.split('\n').flatMap((line) => (/^\s*#/.test(line) ? [line.trim()] : []));
  const comments = new Set([...own, ...scripts.flatMap(commentsIn)]);
  return [file.replacePair(pair, ['Configuration:', ...[...comments, ...inputs].map((line) => `  ${line}`)], indent)];
}

/** An action of its own has no variables, and declares its outputs itself. */
function dropOwn(file: YamlFile, node: unknown): Edit[] {
  const drop = (key: string, names: readonly string[]): Edit[] => {
    const of = file.map(file.field(node, key));
    if (!of) return [];
    const gone = file.pairs(of).filter(({ name }) => names.includes(name));
    const whole = gone.length === of.items.length && !file.follow(file.pair(node, key)?.value)?.anchor;
    if (whole) return [file.removePair(file.pair(node, key)!, file.map(node)!)];
    const pairs = gone.map(({ pair }) => pair);
    return of.flow ? file.removeFromFlow(pairs, of) : pairs.map((pair) => file.removePair(pair, of));
  };
  const caching = file.pair(node, 'Caching');
  const dropCaching = caching ? [file.removePair(caching, file.map(node)!)] : [];
  return [
    ...dropCaching,
    ...drop('Inputs', ['Variables']),
    ...drop('Outputs', ['Variables', 'AutoDiscoverReports', 'Reports']),
  ];
}

const referenceTo = (owner: string, name: string) => `\${${owner}.${name}}`;

const isUsed = (file: YamlFile, names: readonly string[], output: string) =>
  names.some((owner) => file.text.includes(referenceTo(owner, output)));
