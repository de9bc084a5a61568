import { definition as deploy } from '../../../actions/ecs-bluegreen-deploy/src/definition';
import { definition as render } from '../../../actions/render-task-definition/src/definition';
import { type ActionDefinition, offeredOn } from '../../../shared/manifest/definition';
import { columnOf, type Edit, lineStart, withVersionComment } from './edits';
import { pushesImage, replaceBuildAction } from './github-build-action';
import { removeLogins, removeStep, usedBy } from './github-login';
import { replaceRun } from './github-run';
import { stepsOfImage } from './github-sequence';
import { usesDocker } from './image-script';
import type { Findings } from './migrate';
import { startOf, type YamlFile } from './nodes';

/** The steps of a job, and where their variables may come from. */
export interface Steps {
  readonly steps: unknown;
  readonly job: { readonly name: string; readonly node: unknown } | undefined;
  readonly root: unknown;
  readonly space: string;
  readonly findings: Findings;
}

const replacements: Readonly<Record<string, ActionDefinition>> = {
  'aws-actions/amazon-ecs-render-task-definition': render,
  'aws-actions/amazon-ecs-deploy-task-definition': deploy,
};

/** The edits that move the steps of a job. */
export function migrateSteps(file: YamlFile, of: Steps): Edit[] {
  const steps = file.items(of.steps);
  const gone = new Set<unknown>();
  const joined = new Set<unknown>();
  const left = new Set<unknown>();
  const edits = steps.flatMap((step, at): Edit[] => {
    if (gone.has(step) || left.has(step)) return [];
    const used = usedBy(file, step);
    const replacement = replacements[used];
    if (replacement) return replaceUses(file, step, replacement, of);
    if (used !== 'docker/build-push-action') {
      const run = replaceRuns(file, steps, at, of);
      for (const one of run.moved) gone.add(one);
      for (const one of run.moved.slice(0, -1)) joined.add(one);
      for (const one of run.left) left.add(one);
      return run.edits;
    }
    const made = replaceBuildAction(file, step, of);
    // Without a push the base images may need a login that build-and-push does not make by itself.
    if (made.length > 0 && pushesImage(file, step)) gone.add(step);
    return made;
  });
  const rest = steps.flatMap((step, at) => (joined.has(step) ? removeStep(file, steps, at) : []));
  return [...edits, ...rest, ...(gone.size > 0 ? removeLogins(file, steps, gone) : [])];
}

/** What became of steps that build an image. */
interface Built {
  readonly edits: Edit[];
  /** Those that are one step now. */
  readonly moved: readonly unknown[];
  /** Those that stay, with the reason given at the first. */
  readonly left: readonly unknown[];
}

/** A step with docker's commands and those behind it that tag and push what it builds, as one, else alone. */
function replaceRuns(file: YamlFile, steps: readonly unknown[], at: number, of: Steps): Built {
  const step = steps[at];
  if (!usesDocker(file.textIn(step, 'run') ?? '')) return { edits: [], moved: [], left: [] };
  const sequence = stepsOfImage(file, steps, at);
  const whole = replaceRun(file, sequence, of);
  if (!('problem' in whole)) return { edits: whole, moved: sequence, left: [] };
  const alone = sequence.length > 1 ? replaceRun(file, [step], of) : whole;
  if (!('problem' in alone)) return { edits: alone, moved: [step], left: [] };
  of.findings.leave(file.lineOf(step), `a step that builds an image stays: ${whole.problem}`);
  return { edits: [], moved: [], left: sequence };
}

function replaceUses(file: YamlFile, step: unknown, replacement: ActionDefinition, { space, findings }: Steps): Edit[] {
  const line = file.lineOf(step);
  const inputs = file.pairs(file.field(step, 'with'));
  const offered = offeredOn('github', replacement);
  for (const { name, pair } of inputs) {
    const refusal = offered.refused?.[name];
    const value = file.scalar(pair.value)?.toLowerCase() ?? '';
    if (offered.inputs[name] || refusal?.harmless?.includes(value)) continue;
    const why = refusal?.reason ?? `${replacement.name} has no such input`;
    findings.leave(file.lineOf(pair.key), `input ${name} was kept, and has to go: ${why}`);
  }
  const to = `${space}/${replacement.name}@v1`;
  findings.move(line, `${file.textIn(step, 'uses')} becomes ${to}`);
  const needsRegisterOnly =
    replacement === deploy &&
    !inputs.some(
      ({ name, pair }) => name === 'register-only' || (name === 'service' && file.scalar(pair.value) !== ''),
    );
  const uses = withVersionComment(file.text, file.replaceScalar(file.field(step, 'uses'), to));
  return [uses, ...(needsRegisterOnly ? registerOnly(file, step) : [])];
}

/** Without a service, AWS's action only registers the task definition; ours requires `register-only`. */
function registerOnly(file: YamlFile, step: unknown): Edit[] {
  const [first] = file.pairs(file.field(step, 'with'));
  if (!first) return [];
  const from = startOf(first.pair.key);
  const inFlow = file.text.slice(lineStart(file.text, from), from).includes('{');
  const after = inFlow ? ', ' : `\n${' '.repeat(columnOf(file.text, from))}`;
  return [{ from, to: from, text: `register-only: ${inFlow ? "'true'" : 'true'}${after}` }];
}
