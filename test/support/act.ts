import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createEmbeddedAws, type EmbeddedAws, type Endpoint } from '../local/aws/embedded';
import { projectRoot } from './project-files';

/** Where `.ci/run` puts the tools that others wrote to run and check GitHub's workflows. */
export const toolsPath = [process.env['GITHUB_TOOLS'], process.env['PATH']].filter(Boolean).join(delimiter);
const has = (tool: string) => spawnSync(tool, ['--version'], { env: { PATH: toolsPath, HOME: tmpdir() } }).status === 0;

/** Whether act runs here, as `-P ubuntu-latest=-self-hosted` does without Docker. */
export const hasAct = has('act');
export const hasActionlint = has('actionlint');
export const withoutAct = 'is left out: act is not installed (go install github.com/nektos/act@v0.2.89)';

const own = ['build-and-push', 'render-task-definition', 'ecs-bluegreen-deploy'];
const preloads = ['driven-clock', 'no-jitter'].map((name) => join(__dirname, `${name}.cjs`));

/** What stands for actions of others, which cannot be fetched here: their outputs, from their inputs and the environment. */
const standIns: Readonly<Record<string, { readonly inputs?: string[]; readonly outputs?: Record<string, string> }>> = {
  'aws-actions/amazon-ecr-login': { outputs: { registry: '$REGISTRY_HOST' } },
  'docker/metadata-action': {
    inputs: ['images'],
    outputs: { tags: '$INPUT_IMAGES:main', labels: 'org.opencontainers.image.version=main' },
  },
  'docker/setup-buildx-action': { outputs: { name: 'builder-1' } },
};

/** A team's checkout, with act to run its workflows and an embedded AWS that their actions find. */
export interface ActScene {
  readonly aws: EmbeddedAws;
  readonly endpoint: Endpoint;
  readonly folder: string;
  write(files: Readonly<Record<string, string>>): void;
  /** Runs a workflow; its actions sleep on the clock of the embedded AWS. */
  run(workflow: string, options?: ActRun): Promise<ActEnd>;
  /** The words of each call of the command line that stands for Docker's. */
  notes(): readonly (readonly string[])[];
  close(): Promise<void>;
}

export interface ActRun {
  readonly job?: string;
  /** Default `push`. */
  readonly event?: string;
  /** Text of other files that name actions. */
  readonly also?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The actions wait as they would in earnest: where they run programs, and nothing is deployed. */
  readonly realTime?: boolean;
  /** Called with all output so far; what it answers is sent to act as a signal. */
  readonly onOutput?: (output: string) => NodeJS.Signals | undefined;
}

export interface ActEnd {
  readonly status: number | null;
  readonly output: string;
}

export async function openActScene(files: Readonly<Record<string, string>>): Promise<ActScene> {
  const root = mkdtempSync(join(tmpdir(), 'act-'));
  const [folder, home, programs] = ['checkout', 'home', 'programs'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  for (const made of [folder, home, programs]) mkdirSync(made);
  const aws = createEmbeddedAws();
  const endpoint = await aws.listen();
  const docker = join(__dirname, 'build-fake-docker.cjs');
  chmodSync(docker, 0o755);
  symlinkSync(docker, join(programs, 'docker'));
  const write = (more: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(more)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  };
  write(files);
  return {
    aws,
    endpoint,
    folder,
    write,
    run(workflow, { job, event = 'push', also = '', env = {}, realTime = false, onOutput } = {}) {
      write({ '.github/workflows/w.yml': workflow });
      commitAll(folder);
      const local = usesOf(workflow + also).flatMap((uses) => ['--local-repository', `${uses}=${provide(uses, root)}`]);
      const given = {
        ...endpoint.env,
        REGISTRY_HOST: endpoint.registryHost,
        EMBEDDED_CLOCK_URL: endpoint.endpoint,
        NODE_OPTIONS: realTime ? '' : preloads.map((file) => `--require ${file}`).join(' '),
        FAKE_DOCKER_NOTES: join(root, 'notes'),
        ...env,
      };
      const file = join(root, 'environment');
      writeFileSync(
        file,
        Object.entries(given)
          .map(([name, value]) => `${name}=${value}\n`)
          .join(''),
      );
      const args = [
        event,
        '-P',
        'ubuntu-latest=-self-hosted',
        '--env-file',
        file,
        ...local,
        ...(job ? ['--job', job] : []),
      ];
      const path = [programs, toolsPath].join(delimiter);
      return runAct(args, { cwd: folder, env: { PATH: path, HOME: home, XDG_CACHE_HOME: home }, onOutput });
    },
    notes: () => {
      const lines = readFileSync(join(root, 'notes'), 'utf8').trim().split('\n');
      return lines.map((line) => (JSON.parse(line) as { words: string[] }).words);
    },
    async close() {
      await aws.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function runAct(
  args: readonly string[],
  { onOutput, ...options }: { cwd: string; env: NodeJS.ProcessEnv; onOutput: ActRun['onOutput'] | undefined },
): Promise<ActEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn('act', args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const take = (chunk: Buffer) => {
      output += chunk;
      const signal = onOutput?.(output);
      if (signal) child.kill(signal);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
  });
}

/** The actions of other repositories that a workflow uses; act knows `actions/checkout` by itself. */
const usesOf = (workflow: string): string[] => [
  ...new Set(
    [...workflow.matchAll(/\buses:\s*["']?([\w-]+\/[\w.-]+@[\w.-]+)/g)]
      .map(([, uses]) => uses!)
      .filter((uses) => !uses.startsWith('actions/checkout@')),
  ),
];

/** The folder of an action: this project's own, or one that stands for another's. */
function provide(uses: string, root: string): string {
  const [name = ''] = uses.split('@');
  const folder = join(root, 'actions', uses.replace('/', '+'));
  mkdirSync(join(folder, 'dist'), { recursive: true });
  const action = own.find((one) => name.endsWith(`/${one}`));
  if (action === undefined) writeFileSync(join(folder, 'action.yml'), standIn(name));
  else {
    for (const file of ['action.yml', 'dist/index.js'])
      cpSync(join(projectRoot, 'actions', action, file), join(folder, file));
  }
  return folder;
}

function standIn(name: string): string {
  const { inputs = [], outputs = {} } = standIns[name] ?? {};
  const lines = Object.entries(outputs).map(([output, value]) => `echo "${output}=${value}" >> "$GITHUB_OUTPUT"`);
  return JSON.stringify({
    name,
    description: `Stands for ${name}`,
    inputs: Object.fromEntries(inputs.map((input) => [input, { required: false }])),
    outputs: Object.fromEntries(
      Object.keys(outputs).map((output) => [output, { value: `\${{ steps.all.outputs.${output} }}` }]),
    ),
    runs: {
      using: 'composite',
      steps: [
        {
          id: 'all',
          shell: 'bash',
          env: Object.fromEntries(inputs.map((input) => [`INPUT_${input.toUpperCase()}`, `\${{ inputs.${input} }}`])),
          run: ['true', ...lines].join('\n'),
        },
      ],
    },
  });
}

function commitAll(folder: string): void {
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], {
      cwd: folder,
      stdio: 'pipe',
    });
  git('init', '-qb', 'main');
  git('add', '-A');
  if (git('status', '--porcelain').toString()) git('commit', '-qm', 'Sample');
  if (!git('remote').toString().trim()) git('remote', 'add', 'origin', 'https://github.com/owner/sample.git');
}
