import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Timer } from '../../shared/clock';
import { withoutHook } from '../../shared/host/git-environment';
import { createEmbeddedAws, type EmbeddedAws, type Endpoint } from '../local/aws/embedded';
import { actionBundle } from '../support/bundles';
import { type HereOptions, runHere } from '../support/in-process';
import { type Ended, type RunOptions, runNode } from '../support/process';

/** A source folder under git and an embedded AWS with the repository `team/app`. */
export interface Scene {
  readonly aws: EmbeddedAws;
  readonly endpoint: Endpoint;
  readonly source: string;
  /** The TMPDIR of the action: what it leaves behind is seen here. */
  readonly temp: string;
  readonly commit: string;
  /** Writes files into the source. */
  write(files: Record<string, string>): void;
  /** Runs the action as CodeCatalyst does, in the process of the test. */
  run(inputs?: Record<string, string>, options?: HereOptions & { readonly clock?: Timer }): Promise<Result>;
  /** Runs the bundle as CodeCatalyst does, for what only a process of its own has. */
  runBundle(inputs?: Record<string, string>, options?: RunOptions): Promise<Result>;
  close(): Promise<void>;
}

export interface Result extends Ended {
  readonly outputs: Readonly<Record<string, string>>;
  /** The `Error:` lines. */
  readonly errors: readonly string[];
}

/** The sample: a base image of the same registry is not needed. */
export const sample: Record<string, string> = {
  Dockerfile: [
    'FROM scratch',
    'WORKDIR /app',
    'COPY . .',
    'ENV PORT=8080',
    'EXPOSE 8080',
    'CMD ["node", "server.js"]',
    '',
  ].join('\n'),
  '.dockerignore': '.git\nDockerfile\n.dockerignore\n.env\n',
  'server.js': 'console.log("hello");\n',
  'public/index.html': '<h1>hello</h1>\n',
  '.env': 'SECRET=1\n',
};

export async function openScene(files: Record<string, string> = sample): Promise<Scene> {
  const aws = createEmbeddedAws();
  const endpoint = await aws.listen();
  aws.ecr.createRepository('team/app');
  const folder = mkdtempSync(join(tmpdir(), 'build-scene-'));
  const [source, temp] = [join(folder, 'source'), join(folder, 'temp')];
  mkdirSync(temp);
  const write = (more: Record<string, string>) => {
    for (const [name, content] of Object.entries(more)) {
      mkdirSync(dirname(join(source, name)), { recursive: true });
      writeFileSync(join(source, name), content);
    }
  };
  write(files);
  const commit = commitAll(source);
  return {
    aws,
    endpoint,
    source,
    temp,
    commit,
    write,
    async run(inputs = {}, options = {}) {
      const env = { ...environment(endpoint, source, temp, inputs), ...options.env };
      const handler = env['AWS_ENDPOINT_URL'] === endpoint.endpoint ? aws.handler : undefined;
      return resultOf(await runHere('build-and-push', [], { handler, cwd: source, ...options, env }));
    },
    async runBundle(inputs = {}, options = {}) {
      const env = { ...environment(endpoint, source, temp, inputs), ...options.env };
      return resultOf(await runNode(actionBundle('build-and-push'), [], { cwd: source, ...options, env }));
    },
    async close() {
      await aws.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function commitAll(folder: string): string {
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], {
      cwd: folder,
      env: withoutHook(process.env),
    });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'sample');
  git('remote', 'add', 'origin', 'https://me:hunter2@example.com/team/app.git');
  return git('rev-parse', 'HEAD').toString().trim();
}

function environment(endpoint: Endpoint, source: string, temp: string, inputs: Record<string, string>) {
  const given: Record<string, string> = { repository: 'team/app', builder: 'builtin', ...inputs };
  const variables = Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  return {
    ...endpoint.env,
    ...Object.fromEntries(variables),
    CATALYST_SOURCE_DIR_WorkflowSource: source,
    TMPDIR: temp,
  };
}

function resultOf(ended: Ended): Result {
  const lines = ended.stdout.split('\n');
  const found = lines.flatMap((line) => [...line.matchAll(/^::set-output name=([^:]+)::(.*)$/g)]);
  return {
    ...ended,
    outputs: Object.fromEntries(found.map(([, name, value]) => [name, value])),
    errors: lines.filter((line) => line.startsWith('Error: ')),
  };
}
