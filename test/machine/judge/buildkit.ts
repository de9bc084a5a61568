/** A BuildKit of this machine: a daemon that runs as long as it is asked. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { eachEntry } from '../../../actions/build-and-push/src/builders/builtin/tar-entries';
import { pathOf, type Server } from '../build-servers';
import { inPieces, type Judged, judged } from './image';

/** What is built: a Dockerfile of its own with a context that others share. */
export interface Order {
  readonly context: string;
  readonly dockerfile: string;
  /** Rules for what is excluded from the context. */
  readonly ignore?: string | undefined;
  readonly args?: Readonly<Record<string, string>>;
}

/** The image, or why there is none. */
export type Verdict = Judged | { readonly refused: string };

export interface Judge {
  build(order: Order): Promise<Verdict>;
  stop(): Promise<void>;
}

/** Where `buildkitd` and `buildctl` are: in the folder that BUILDKIT names, or on the path. */
export function buildKitPrograms(): Programs | undefined {
  const folder = process.env['BUILDKIT'];
  const find = (name: string) => (folder && existsSync(join(folder, name)) ? join(folder, name) : pathOf(name));
  const [daemon, client] = [find('buildkitd'), find('buildctl')];
  return daemon && client && pathOf('runc') && process.getuid?.() === 0 ? { daemon, client } : undefined;
}

export interface Programs {
  readonly daemon: string;
  readonly client: string;
}

/** A registry of this machine, which the user `AWS` may read. */
export interface Login {
  readonly host: string;
  readonly password: string;
}

/** Starts a daemon with a folder of its own, which goes when it is stopped. The folder has the logins of a client. */
export async function startDaemon(
  { daemon, client }: Programs,
  logins: readonly Login[] = [],
): Promise<Server & { readonly folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'buildkit-'));
  const address = `unix://${join(folder, 'socket')}`;
  const settings = join(folder, 'buildkitd.toml');
  writeFileSync(settings, logins.map(({ host }) => `[registry."${host}"]\n  http = true\n`).join(''));
  const auths = logins.map(({ host, password }) => [host, { auth: Buffer.from(`AWS:${password}`).toString('base64') }]);
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: Object.fromEntries(auths) }));
  const words = [
    '--config',
    settings,
    '--root',
    join(folder, 'root'),
    '--addr',
    address,
    '--oci-worker-snapshotter',
    'native',
  ];
  const child = spawn(daemon, [...words, '--oci-worker-gc=false'], { stdio: 'ignore' });
  await until(child, async () => (await run(client, ['--addr', address, 'debug', 'workers'])).status === 0);
  return {
    folder,
    address,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A daemon that gives its verdict on Dockerfiles. @param logins of registries that it may read base images from */
export async function startBuildKit(programs: Programs, logins: readonly Login[] = []): Promise<Judge> {
  const { folder, address, stop } = await startDaemon(programs, logins);
  const { client } = programs;
  let count = 0;
  return {
    async build(order) {
      const own = mkdtempSync(join(folder, 'build-'));
      writeFileSync(join(own, 'Dockerfile'), order.dockerfile);
      if (order.ignore !== undefined) writeFileSync(join(own, 'Dockerfile.dockerignore'), order.ignore);
      const output = join(own, 'image.tar');
      const args = Object.entries(order.args ?? {}).flatMap(([name, value]) => ['--opt', `build-arg:${name}=${value}`]);
      const locals = ['--local', `context=${order.context}`, '--local', `dockerfile=${own}`];
      const opts = ['--frontend', 'dockerfile.v0', ...locals, ...args, '--output', `type=oci,dest=${output}`];
      // What another build has cached would be taken, although this one may lack a folder for it.
      const words = ['build', '--no-cache', '--progress', 'plain', ...opts];
      const { status, stderr } = await run(client, ['--addr', address, ...words], folder);
      if (status !== 0) return { refused: lastLine(stderr) };
      const image = await readImage(readFileSync(output));
      if (++count % 50 === 0) await run(client, ['--addr', address, 'prune', '--all']);
      rmSync(own, { recursive: true });
      return image;
    },
    stop,
  };
}

const lastLine = (text: string) => text.trim().split('\n').pop() ?? '';

async function run(
  program: string,
  words: readonly string[],
  logins = '/nowhere',
): Promise<{ status: number; stderr: string }> {
  try {
    const { stderr } = await promisify(execFile)(program, words, { env: { ...process.env, DOCKER_CONFIG: logins } });
    return { status: 0, stderr };
  } catch (error) {
    const { code, stderr = '' } = error as { code?: number; stderr?: string };
    return { status: typeof code === 'number' ? code : 1, stderr };
  }
}

async function until(child: ChildProcess, ready: () => Promise<boolean>): Promise<void> {
  while (!(await ready())) {
    if (child.exitCode !== null) throw new Error('buildkitd did not start');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

interface Manifest {
  readonly manifests?: readonly { readonly digest: string; readonly platform?: { readonly os: string } }[];
  readonly layers?: readonly { readonly digest: string }[] | null;
  readonly config?: { readonly digest: string };
}

/** Reads the archive of an OCI layout. */
export async function readImage(archive: Buffer): Promise<Judged> {
  const files = new Map<string, Buffer>();
  await eachEntry(inPieces(archive), async (entry) => {
    const chunks: Buffer[] = [];
    for await (const chunk of entry as unknown as AsyncIterable<Buffer>) chunks.push(chunk);
    files.set(entry.header.name, Buffer.concat(chunks));
  });
  const blob = (digest: string) => files.get(`blobs/${digest.replace(':', '/')}`)!;
  const json = (bytes: Buffer) => JSON.parse(bytes.toString());
  let found = json(files.get('index.json')!) as Manifest;
  while (found.manifests)
    found = json(blob(found.manifests.find(({ platform }) => platform?.os !== 'unknown')!.digest));
  const layers = (found.layers ?? []).map(({ digest }) => gunzipSync(blob(digest)));
  return judged(layers, json(blob(found.config!.digest)).config ?? {});
}
