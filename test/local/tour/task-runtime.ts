import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { RuntimeTask, TaskRuntime } from '../aws/compute';

/** A task that has been started and is about to serve. */
export interface Launched {
  /** Lives as long as the task; SIGTERM to it reaches the task. */
  readonly child: ChildProcess;
  /** Ends the task at once, before it returns. */
  kill(): void;
}

/** Starts a task that is to serve at this port of this machine. Rejects when the machine cannot run it. */
export type Launch = (task: RuntimeTask, port: number) => Promise<Launched>;

/** Milliseconds for a task to serve, and to end after SIGTERM. */
const startLimit = 15_000;
const stopLimit = 5_000;
/** Milliseconds in which a task accepts connections that were under way when it left the load balancer. */
const settleTime = 300;

/** Runs each task on this machine, in the way that `launch` has, at a free port. */
export function createTaskRuntime(launch: Launch): TaskRuntime {
  const running = new Map<string, Launched>();
  return {
    async start(task) {
      const port = await freePort();
      const launched = await launch(task, port);
      running.set(task.arn, launched);
      // No task outlives this process, whatever ends it.
      process.once('exit', launched.kill);
      launched.child.once('exit', () => {
        running.delete(task.arn);
        process.off('exit', launched.kill);
      });
      await untilServing(launched, port);
      return { host: '127.0.0.1', port };
    },
    async stop(taskArn) {
      const launched = running.get(taskArn);
      if (!launched) return;
      await delay(settleTime);
      await end(launched);
    },
  };
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

async function untilServing(launched: Launched, port: number): Promise<void> {
  const { child } = launched;
  const deadline = Date.now() + startLimit;
  while (Date.now() < deadline) {
    if (hasEnded(child)) throw new Error(`it ended with ${child.signalCode ?? `exit code ${child.exitCode}`}`);
    if (await answers(port)) return;
    await delay(20);
  }
  await end(launched);
  throw new Error(`it did not serve within ${startLimit / 1000} seconds`);
}

/** A container engine accepts connections before the task does, so only an answer counts. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, agent: false, timeout: 1_000 }, (response) => {
      response.resume();
      resolve(true);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

async function end({ child, kill }: Launched): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(kill, stopLimit);
  await ended;
  clearTimeout(timer);
}
