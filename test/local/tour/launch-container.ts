import { execFile, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { promisify } from 'node:util';
import { privateDocker } from '../../../actions/build-and-push/src/builders/command-line/docker-config';
import { privateAuth } from '../../../actions/build-and-push/src/builders/containers/private-logins';
import type { RuntimeTask } from '../aws/compute';
import { relayLines } from './relay-lines';
import { createTaskRuntime, type Launch } from './task-runtime';

/** A container engine that has run a task on this machine. */
export interface ContainerEngine {
  readonly name: EngineName;
  readonly launch: Launch;
  /** Takes away the images that it has pulled. */
  close(): Promise<void>;
}

const engineNames = ['docker', 'podman'] as const;
type EngineName = (typeof engineNames)[number];

/** Milliseconds that a command of an engine may take. */
const commandLimit = 20_000;

export interface Surroundings {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** A private folder for the engines' configuration. */
  readonly folder: string;
  /** The registry that the tasks' images are in, and a password for the user AWS. */
  readonly registry: { readonly host: string; readonly password: string };
}

/** How the port of a container gets to this machine's loopback: published, else by sharing the machine's network. */
const networks = ['published', 'shared'] as const;
type Network = (typeof networks)[number];

/**
 * The first engine that runs this task as a container and lets it serve. A command line says nothing about its daemon, nor
 * a daemon about what it may do here, so each is tried. Undefined, with why, where none can.
 */
export async function findEngine(
  trial: RuntimeTask,
  surroundings: Surroundings,
): Promise<ContainerEngine | { readonly none: string }> {
  // Tasks run this machine's Node, which fits containers of Linux only.
  if (process.platform !== 'linux') return { none: 'containers can run the Node of a Linux machine only' };
  const reasons: string[] = [];
  for (const name of engineNames) {
    const engine = await tryOut(name, trial, surroundings).catch((error: unknown) => ({ none: reasonOf(error) }));
    if (!('none' in engine)) return engine;
    reasons.push(`${name}: ${engine.none}`);
  }
  return { none: reasons.join('; ') };
}

async function tryOut(name: EngineName, trial: RuntimeTask, { env: own, folder, registry }: Surroundings) {
  const engine = openEngine(name, privateLogin[name](own, folder, registry.host), await nodeMounts());
  await engine.ask(['info']);
  await engine.ask(['login', '--username', 'AWS', '--password-stdin', registry.host], registry.password);
  await engine.ask(['pull', trial.image]);
  let reason: unknown;
  for (const network of networks) {
    const launch = engine.launchOn(network);
    try {
      const runtime = createTaskRuntime(launch);
      await runtime.start(trial);
      await runtime.stop(trial.arn);
      return { name, launch, close: engine.close };
    } catch (error) {
      reason ??= error;
    }
  }
  await engine.close();
  throw reason;
}

/** Each keeps its login in a file of its own: podman cannot read what Docker's says of credential helpers. */
const privateLogin = { docker: privateDocker, podman: privateAuth };

function openEngine(name: EngineName, env: Readonly<NodeJS.ProcessEnv>, mounts: readonly string[]) {
  const pulled = new Set<string>();
  const ask = async (args: readonly string[], input = '') => {
    const asked = command(name, args, { env, timeout: commandLimit });
    // A command that ends at once reads nothing; its own error says why.
    asked.child.stdin?.on('error', () => {}).end(input);
    await asked;
  };
  const launchOn =
    (network: Network): Launch =>
    async (task, port) => {
      // The progress of a pull would be taken for what the task writes.
      if (!pulled.has(task.image)) await ask(['pull', '--quiet', task.image]);
      pulled.add(task.image);
      const container = `ecs-start-${randomBytes(6).toString('hex')}`;
      const words = ['run', '--rm', '--name', container, ...limits[name], ...networkWords[network](task, port)];
      const child = spawn(name, [...words, ...mounts, task.image, ...(task.command ?? [])], {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      });
      relayLines(child, task.log);
      const kill = () => void spawnSync(name, ['rm', '--force', container], { env, stdio: 'ignore' });
      return { child, kill };
    };
  const close = async () => {
    if (pulled.size > 0) await ask(['rmi', '--force', ...pulled]).catch(() => {});
  };
  return { ask, launchOn, close };
}

const command = promisify(execFile);

/** A task's port of its own is in the way of others once they share the machine's network, so PORT names another. */
const networkWords: Record<Network, (task: RuntimeTask, port: number) => string[]> = {
  published: (task, port) => [
    '--publish',
    `127.0.0.1:${port}:${task.containerPort}`,
    ...variables({ ...task.environment, PORT: String(task.containerPort) }),
  ],
  shared: (task, port) => [
    '--network',
    'host',
    ...variables({ ...task.environment, HOST: '127.0.0.1', PORT: String(port) }),
  ],
};

const variables = (environment: Readonly<Record<string, string>>): string[] =>
  Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]);

/** podman asks for its own high limits, which a machine that is a container itself does not grant even to root. */
const limits: Record<EngineName, readonly string[]> = {
  docker: [],
  podman: ['--ulimit', 'nofile=1024:4096', '--ulimit', 'nproc=2048:2048'],
};

/** This machine's Node and the libraries that it loads, to be seen in a container. */
async function nodeMounts(): Promise<string[]> {
  const node = realpathSync(process.execPath);
  const { stdout } = await command('ldd', [node], { timeout: commandLimit });
  const libraries = [...new Set(stdout.match(/(?<=\s)\/\S+/g))];
  const mount = (from: string, to: string) => ['--volume', `${from}:${to}:ro`];
  return [mount(node, '/usr/local/bin/node'), ...libraries.map((path) => mount(path, path))].flat();
}

/** The last line that a command printed, else why it could not be run. */
function reasonOf(error: unknown): string {
  const { code, stderr, message } = error as NodeJS.ErrnoException & { readonly stderr?: string };
  if (code === 'ENOENT') return 'not installed';
  return stderr?.trim().split('\n').pop() || message;
}
