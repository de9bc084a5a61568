import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { systemClock } from '../../shared/clock';
import { withoutHook } from '../../shared/host/git-environment';
import { createEmbeddedAws, type EmbeddedAws, type Endpoint } from '../local/aws/embedded';
import { noCredentials } from '../local/runner/environment';
import { runWorkflow, type WorkflowResult } from '../local/runner/run';
import type { RunProgram } from '../local/runner/run-action';
import { readSource } from '../local/runner/source';
import type { ActionName } from './bundles';
import { runInProcess } from './in-process';

export const project = join(__dirname, '../..');

/** The names in the workflow files of this project. */
export const names = {
  repository: 'codecatalyst-ecs-image-repo',
  application: 'tutorial-bluegreen-app',
  group: 'tutorial-bluegreen-dg',
} as const;

/** A team's repository, and an embedded AWS whose clock the actions drive: hours of a workflow take seconds. */
export interface WorkflowScene {
  readonly aws: EmbeddedAws;
  readonly endpoint: Endpoint;
  readonly folder: string;
  /** PATH of the machine: no container engine, so that the builder is the built-in one. */
  readonly path: string;
  write(name: string, text: string): void;
  commit(): string;
  /** Runs a workflow of CodeCatalyst, its actions in the process of the test; approvals by these ids are rejected. */
  run(text: string, choices?: { readonly rejected?: readonly string[] }): Promise<WorkflowRun>;
  /** Runs an action of this project in the process of the test, one at a time. */
  readonly program: (name: ActionName, run: ProgramRun) => Promise<number>;
  close(): Promise<void>;
}

interface WorkflowRun extends WorkflowResult {
  readonly log: string;
}

interface ProgramRun {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  line(line: string): void;
}

const tools = ['bash', 'git', 'sh', 'cat', 'test', 'date'];

export async function openWorkflowScene(): Promise<WorkflowScene> {
  const aws = createEmbeddedAws();
  const endpoint = await aws.listen();
  aws.ecr.createRepository(names.repository);
  const root = mkdtempSync(join(tmpdir(), 'workflow-scene-'));
  const [folder, path] = [join(root, 'repository'), join(root, 'bin')];
  mkdirSync(path);
  for (const tool of tools) {
    const found = spawnSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim();
    if (found.startsWith('/')) symlinkSync(found, join(path, tool));
  }
  cpSync(join(project, 'test/local/sample'), folder, { recursive: true });
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  write('Dockerfile', 'FROM scratch\nCOPY server.mjs /\nCMD ["node", "server.mjs"]\n');
  const program = oneAtATime(aws);
  const { AWS_REGION: _, ...toAws } = endpoint.env;
  return {
    aws,
    endpoint,
    folder,
    path,
    write,
    program,
    commit: () => commitAll(folder),
    async run(text, choices) {
      commitAll(folder);
      const lines: string[] = [];
      const result = await runWorkflow({
        file: join(folder, '.codecatalyst/workflows/w.yaml'),
        text,
        source: readSource(folder),
        project,
        machine: { PATH: path, HOME: root },
        aws: { ...noCredentials, ...toAws },
        secret: () => undefined,
        show: (line, action = '') => lines.push(`${action} | ${line}`),
        colour: false,
        program: (({ folder: of }, options) =>
          program(basename(of) as ActionName, { ...options, env: { ...options.env } })) satisfies RunProgram,
        signal: new AbortController().signal,
        ...choices,
      });
      return { ...result, log: lines.join('\n') };
    },
    async close() {
      await aws.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/**
 * An action borrows the process, so that one waits for the other. Only a build runs programs of others, which take their own
 * time to answer.
 */
function oneAtATime(aws: EmbeddedAws): WorkflowScene['program'] {
  let last: Promise<unknown> = Promise.resolve();
  return (name, { env, cwd, line }) => {
    const run = last.then(async () => {
      const clock = name === 'build-and-push' ? systemClock : aws.clock;
      const { status, output } = await runInProcess(name, { env, cwd, clock, handler: aws.handler });
      for (const part of output.match(/[^\n]*\n|[^\n]+$/g) ?? []) line(part);
      return status;
    });
    last = run.catch(() => {});
    return run;
  };
}

function commitAll(folder: string): string {
  const git = (...words: string[]) => {
    const identity = ['-c', 'user.name=Team', '-c', 'user.email=team@example.com', '-c', 'commit.gpgsign=false'];
    const env = { ...withoutHook(process.env), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
    return spawnSync('git', [...identity, ...words], { cwd: folder, env, encoding: 'utf8' }).stdout.trim();
  };
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '--message', 'Change');
  return git('rev-parse', 'HEAD');
}

export const workflowFile = (name: string): string => readFileSync(join(project, name), 'utf8');
