import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RuntimeTask, TaskRuntime } from '../aws/compute';

/** An image whose files are in a folder of this machine. */
export interface UnpackedImage {
  readonly folder: string;
  /** Entry point and command. */
  readonly command: readonly string[];
  readonly workingDir: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Milliseconds for a task to serve, and to end after SIGTERM. */
const startLimit = 15_000;
const stopLimit = 5_000;
/** Milliseconds in which a task takes the connections that were on their way when it left the load balancer. */
const settleTime = 300;

/** Runs each task as a plain process of this machine: the command of its image, with a free port as PORT. */
export function createTaskRuntime(unpack: (image: string) => Promise<UnpackedImage>): TaskRuntime {
  const running = new Map<string, ChildProcess>();
  return {
    async start(task) {
      const image = await unpack(task.image);
      const port = await freePort();
      const child = startProcess(task, image, port);
      running.set(task.arn, child);
      // No task outlives this process, whatever ends it.
      const kill = () => child.kill('SIGKILL');
      process.once('exit', kill);
      child.once('exit', () => {
        running.delete(task.arn);
        process.off('exit', kill);
      });
      await untilServing(child, port);
      return { host: '127.0.0.1', port };
    },
    async stop(taskArn) {
      const child = running.get(taskArn);
      if (!child) return;
      await delay(settleTime);
      await endProcess(child);
    },
  };
}

function startProcess(task: RuntimeTask, image: UnpackedImage, port: number): ChildProcess {
  const [program = '', ...args] = task.command ?? image.command;
  // Only images whose program is Node's can run without their operating system.
  if (program !== 'node') throw new Error(`a plain process can only run node, not ${program}`);
  return spawn(process.execPath, args, {
    cwd: join(image.folder, image.workingDir),
    env: { PATH: process.env['PATH'], ...image.environment, ...task.environment, PORT: String(port) },
    stdio: 'ignore',
    // Ctrl-C reaches the group of a terminal's program; a task serves until its service stops it.
    detached: true,
  });
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilServing(child: ChildProcess, port: number): Promise<void> {
  const end = Date.now() + startLimit;
  while (Date.now() < end) {
    if (hasEnded(child)) throw new Error(`it ended with ${child.signalCode ?? `exit code ${child.exitCode}`}`);
    if (await accepts(port)) return;
    await delay(20);
  }
  await endProcess(child);
  throw new Error(`it did not serve within ${startLimit / 1000} seconds`);
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

async function endProcess(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const end = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopLimit);
  await end;
  clearTimeout(timer);
}
