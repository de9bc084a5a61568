import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A server of this machine that a test started; it is stopped with everything that it left. */
export interface Server {
  /** `127.0.0.1:PORT` of a registry, the address of a daemon's socket. */
  readonly address: string;
  stop(): Promise<void>;
}

/** The path of a program; undefined where the machine does not have it. */
export function pathOf(program: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(':').concat('/usr/sbin', '/sbin');
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

/** Says why tests are left out: the programs that are missing. Undefined where all are there. */
export function missing(...programs: string[]): string | undefined {
  const absent = programs.filter((program) => pathOf(program) === undefined);
  if (absent.length === 0) return undefined;
  const reason = `not installed: ${absent.join(', ')}`;
  console.log(`Left out: ${reason}`);
  return reason;
}

/** Debian's docker-registry, on a free port, with its data in a temporary folder. */
export async function startRegistry(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'registry-'));
  const address = `127.0.0.1:${await freePort()}`;
  const settings = {
    version: 0.1,
    storage: { filesystem: { rootdirectory: join(folder, 'data') } },
    http: { addr: address },
  };
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(settings));
  const child = spawn(pathOf('docker-registry')!, ['serve', file], { stdio: 'ignore' });
  await until(() => answers(address), child);
  return { address, stop: () => end(child, () => rmSync(folder, { recursive: true, force: true })) };
}

/** dockerd on a socket of its own. It needs root; containers get the network of the machine only. */
export async function startDocker(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'dockerd-'));
  mkdirSync(join(folder, 'data'));
  const socket = `unix://${join(folder, 'docker.sock')}`;
  const places = [
    '--data-root',
    join(folder, 'data'),
    '--exec-root',
    join(folder, 'exec'),
    '--pidfile',
    join(folder, 'pid'),
  ];
  const modest = ['--storage-driver=overlay2', '--iptables=false', '--bridge=none'];
  const child = spawn(pathOf('dockerd')!, ['--host', socket, ...places, ...modest], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text));
  await until(
    async () => said.includes('API listen on'),
    child,
    () => said,
  );
  return { address: socket, stop: () => end(child, () => clear(folder)) };
}

/** What the daemon mounted keeps its folder from being deleted. */
function clear(folder: string): void {
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  for (const mount of mounts.filter((path) => path.startsWith(folder)).reverse()) execFileSync('umount', [mount]);
  rmSync(folder, { recursive: true, force: true });
}

function end(child: ChildProcess, after: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('exit', () => {
      try {
        resolve(after());
      } catch (error) {
        reject(error as Error);
      }
    });
    child.kill('SIGTERM');
  });
}

async function until(ready: () => Promise<boolean>, child: ChildProcess, said = () => ''): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await ready())) {
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`the server did not start: ${said().slice(-2_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function answers(address: string): Promise<boolean> {
  const [host, port] = address.split(':');
  return new Promise((resolve) => {
    const socket = connect(Number(port), host!, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
