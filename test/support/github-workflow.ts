import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { definition as build } from '../../actions/build-and-push/src/definition';
import { definition as deploy } from '../../actions/ecs-bluegreen-deploy/src/definition';
import { definition as render } from '../../actions/render-task-definition/src/definition';
import { type ActionDefinition, offeredOn } from '../../shared/manifest/definition';
import { noCredentials } from '../local/runner/environment';
import type { ActionName } from './bundles';
import { evaluate, fillExpressions, type Lookup } from './github-expression';
import type { WorkflowScene } from './workflow-scene';

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

export interface Strategy {
  readonly strategy?: { readonly matrix?: Readonly<Record<string, readonly (string | Row)[]>> };
}

/** The values of one run in a matrix. */
type Row = Readonly<Record<string, string | number>>;

interface Job extends Strategy {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly env?: Texts;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

type Texts = Readonly<Record<string, string>>;

interface JobEnd {
  readonly result: 'success' | 'failure' | 'skipped';
  readonly outputs: Texts;
  /** The outputs of its steps, by their ids, and as `step-3` where they have none; the last one last. */
  readonly steps: Readonly<Record<string, Texts>>;
  readonly log: string;
}

const actions: readonly ActionDefinition[] = [build, render, deploy];

/** What the actions of others answer that only prepare a machine. The credentials are those of the scene. */
const outputsOfOthers: Readonly<Record<string, (given: Texts, scene: WorkflowScene) => readonly string[]>> = {
  'aws-actions/configure-aws-credentials': () => [],
  'aws-actions/amazon-ecr-login': (_, { endpoint }) => [`registry=${endpoint.registryHost}`],
  'docker/setup-qemu-action': () => [],
  'docker/setup-buildx-action': () => ['name=builder-1'],
  'docker/metadata-action': ({ images = '' }) => [`tags=${images}:main`, 'labels=made=here'],
};

/**
 * Jobs by name, one after the other as they need each other; each has a machine with its own checkout.
 *
 * @param inputs what the workflow was called with
 */
export async function runGitHubWorkflow(
  text: string,
  scene: WorkflowScene,
  inputs: Texts = {},
): Promise<Readonly<Record<string, JobEnd>>> {
  const file = parse(text) as { env?: Texts; jobs: Record<string, Job> };
  const commit = scene.commit();
  const ends: Record<string, JobEnd> = {};
  for (const [name, job] of Object.entries(file.jobs)) {
    const needs = [job.needs ?? []].flat();
    const look: Lookup = (path) => {
      const [context = '', first = '', ...rest] = path.split('.');
      if (context === 'env') return job.env?.[first] ?? file.env?.[first];
      if (context === 'inputs') return inputs[first] ?? '';
      if (context === 'github') return { ...ofPush, sha: commit }[first];
      if (context !== 'needs' || !needs.includes(first)) return undefined;
      return rest[0] === 'result' ? ends[first]!.result : (ends[first]!.outputs[rest[1] ?? ''] ?? '');
    };
    const runs = matrixOf(job).map((row): Lookup => {
      return (path) => (path.startsWith('matrix.') ? row[path.slice('matrix.'.length)]?.toString() : look(path));
    });
    const isReady = needs.every((need) => ends[need]!.result === 'success');
    const isRun = job.if === undefined ? isReady : evaluate(job.if, look) === true;
    ends[name] = isRun ? await runAll(job, scene, runs) : { result: 'skipped', outputs: {}, steps: {}, log: '' };
  }
  return ends;
}

/** What GitHub tells of a push to the main branch. */
const ofPush: Texts = {
  ref: 'refs/heads/main',
  ref_name: 'main',
  event_name: 'push',
  run_number: '7',
  action_path: '.',
  sha: '',
};

/** What configure-aws-credentials leaves for later steps. */
const ofCredentials: Texts = { AWS_REGION: 'us-west-2', AWS_DEFAULT_REGION: 'us-west-2' };

/** The rows of a job's matrix, one without values where it has none. `include` stands alone here. */
export const matrixOf = ({ strategy }: Strategy): readonly Row[] =>
  Object.entries(strategy?.matrix ?? {}).reduce<readonly Row[]>(
    (rows, [name, values]) =>
      rows.flatMap((row) =>
        values.map((value) => ({ ...row, ...(typeof value === 'string' ? { [name]: value } : value) })),
      ),
    [{}],
  );

/** One run after the other, until one fails, as with `max-parallel: 1` and `fail-fast`. */
async function runAll(job: Job, scene: WorkflowScene, [first, ...others]: readonly Lookup[]): Promise<JobEnd> {
  const end = await runJob(job, scene, first!);
  return others.length === 0 || end.result !== 'success' ? end : runAll(job, scene, others);
}

async function runJob(job: Job, scene: WorkflowScene, outer: Lookup): Promise<JobEnd> {
  const machine = mkdtempSync(join(tmpdir(), 'github-job-'));
  const [workspace, temp] = [join(machine, 'work'), join(machine, 'temp')];
  for (const folder of [workspace, temp]) mkdirSync(folder);
  const steps: Record<string, Texts> = {};
  const lines: string[] = [];
  const environment = join(machine, 'environment');
  const look: Lookup = (path) => {
    const [, variable = ''] = /^env\.(\w+)$/.exec(path) ?? [];
    const made = { ...ofCredentials, ...outputsIn(environment) }[variable];
    if (made !== undefined) return made;
    const [, id, name] = /^steps\.([\w-]+)\.outputs\.([\w-]+)$/.exec(path) ?? [];
    return id === undefined ? outer(path) : steps[id] && (steps[id][name!] ?? '');
  };
  try {
    for (const [at, step] of job.steps.entries()) {
      if (step.if !== undefined && evaluate(step.if, look) !== true) continue;
      const output = join(machine, `output-${at}`);
      const status = await runStep(step, {
        ...{ scene, workspace, temp, output, environment, look },
        line: (line) => lines.push(line),
      });
      steps[step.id ?? `step-${at}`] = outputsIn(output);
      if (status !== 0) return { result: 'failure', outputs: {}, steps, log: lines.join('') };
    }
    const outputs = Object.entries(job.outputs ?? {}).map(([name, text]) => [name, fillExpressions(text, look)]);
    return { result: 'success', outputs: Object.fromEntries(outputs), steps, log: lines.join('') };
  } finally {
    rmSync(machine, { recursive: true, force: true });
  }
}

interface StepRun {
  readonly scene: WorkflowScene;
  readonly workspace: string;
  readonly temp: string;
  readonly output: string;
  /** The file of variables for later steps. */
  readonly environment: string;
  readonly look: Lookup;
  line(line: string): void;
}

async function runStep(
  step: Step,
  { scene, workspace, temp, output, environment, look, line }: StepRun,
): Promise<number> {
  const given = Object.entries(step.with ?? {}).map(([name, value]) => [name, fillExpressions(String(value), look)]);
  if (step.run !== undefined) {
    const run = spawnSync('bash', ['-e', '-c', fillExpressions(step.run, look)], {
      cwd: workspace,
      env: { PATH: scene.path, GITHUB_OUTPUT: output, GITHUB_ENV: environment },
      encoding: 'utf8',
    });
    line(run.stdout + run.stderr);
    return run.status ?? 1;
  }
  const [, owner, name] = /^([\w-]+)\/([\w-]+)@\w+$/.exec(step.uses ?? '') ?? [];
  if (owner === 'actions' && name === 'checkout') {
    cpSync(scene.folder, workspace, { recursive: true });
    return 0;
  }
  const outputs = outputsOfOthers[`${owner}/${name}`]?.(Object.fromEntries(given), scene);
  if (outputs) {
    writeFileSync(output, outputs.map((line) => `${line}\n`).join(''));
    return 0;
  }
  const action = actions.find((one) => one.name === name);
  if (!action) throw new Error(`${step.uses} cannot run here`);
  return scene.program(name as ActionName, {
    cwd: workspace,
    line,
    env: {
      ...noCredentials,
      ...scene.endpoint.env,
      PATH: scene.path,
      HOME: temp,
      TMPDIR: temp,
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: temp,
      GITHUB_OUTPUT: output,
      ...inputVariables(action, Object.fromEntries(given) as Texts),
    },
  });
}

/** As GitHub's runner sets them: what the workflow says, else the default of the manifest, else nothing in it. */
function inputVariables(action: ActionDefinition, given: Texts): Record<string, string> {
  const { inputs } = offeredOn('github', action);
  const names = new Set([...Object.keys(inputs), ...Object.keys(given)]);
  const variables = [...names].map((name) => [
    `INPUT_${name.toUpperCase()}`,
    given[name] ?? inputs[name]?.default?.toString() ?? '',
  ]);
  return Object.fromEntries(variables);
}

/** The file of outputs, each as `name<<END`, its lines, `END`, or as `name=value`. */
function outputsIn(file: string): Record<string, string> {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const found = [...text.matchAll(/^([\w-]+)(?:<<(\S+)\r?\n([\s\S]*?)\r?\n\2|=(.*))$/gm)];
  return Object.fromEntries(found.map(([, name, , block, line]) => [name, block ?? line ?? '']));
}
