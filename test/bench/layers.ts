/**
 * Compares builtin with buildah and with `tar | gzip -6`, in wall time and processor time: `npm run bench:layers [-- NAME...]`.
 * All run on the same machine, in turns; the table is for docs/speed.md.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { arch, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { createEmbeddedAws, type Endpoint } from '../local/aws/embedded';
import { actionBundle } from '../support/bundles';
import { plainEnvironment } from '../support/process';

const mebibyte = 1024 ** 2;

interface Context {
  fill(folder: string): void;
  /** How often it is measured: what takes tenths of a second is told by a median only. */
  readonly times: number;
}

const contexts: Readonly<Record<string, Context>> = {
  'application of 2 MB': { fill: (folder) => fill(folder, 40, 50_000), times: 15 },
  '30,000 small files': { fill: (folder) => fill(folder, 30_000, 8_600), times: 1 },
  '256 MiB, half random': { fill: (folder) => writeHalfRandom(join(folder, 'data'), 256), times: 1 },
  '1 GiB, half random': { fill: (folder) => writeHalfRandom(join(folder, 'data'), 1024), times: 1 },
};

interface Measured {
  /** Seconds. */
  readonly wall: number;
  /** Seconds of all processors. */
  readonly cpu: number;
}

function fill(folder: string, count: number, size: number): void {
  const words = Array.from({ length: 4_000 }, (_, at) => `word${(at * 7919) % 4_001}`);
  for (let at = 0; at < count; at++) {
    const text = Array.from({ length: size / 8 }, (_, place) => words[(place * (at + 31)) % words.length]).join(' ');
    mkdirSync(join(folder, `d${at % 300}`), { recursive: true });
    writeFileSync(join(folder, `d${at % 300}`, `f${at}`), text.slice(0, size));
  }
}

/** Each mebibyte is half random, half text that compresses. */
function writeHalfRandom(path: string, mebibytes: number): void {
  const file = openSync(path, 'w');
  const text = Buffer.alloc(mebibyte / 2, 'some text that compresses well, as sources and logs do\n');
  for (let at = 0; at < mebibytes; at++) {
    for (const part of [randomBytes(mebibyte / 2), text]) writeSync(file, part);
  }
  closeSync(file);
}

/** Runs a command line of bash, whose words are `$1` and so on; undefined where it fails. */
function measure(script: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Measured | undefined> {
  const timed = `TIMEFORMAT='%R %U %S'; time { ${script}; } >/dev/null 2>&1`;
  const child = spawn('bash', ['-c', timed, 'bash', ...words], { env: { ...plainEnvironment, ...env } });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return new Promise((resolve) => {
    child.on('close', (status) => {
      const [wall = 0, user = 0, system = 0] = said.trim().split(/\s+/).map(Number);
      resolve(status === 0 ? { wall, cpu: user + system } : undefined);
    });
  });
}

function build(context: string, tag: string, { env }: Endpoint): Promise<Measured | undefined> {
  const inputs = ['--repository', 'app', '--builder', 'builtin', '--tags', tag, '--context', context];
  return measure('"$@"', [process.execPath, actionBundle('build-and-push'), ...inputs], { ...env });
}

function buildah(context: string, folder: string, host: string, password: string): Promise<Measured | undefined> {
  const common = 'buildah --root "$2/root" --runroot "$2/run" --storage-driver vfs';
  const script = `${common} bud --isolation chroot -t bench "$1" && ${common} push --tls-verify=false --creds "AWS:$4" bench "docker://$3/app:buildah"`;
  return measure(script, [context, folder, host, password]);
}

const seconds = (one: Measured | undefined) => (one ? `${one.wall.toFixed(2)} / ${one.cpu.toFixed(2)} s` : '–');
const ratio = (own: Measured, other: Measured | undefined) =>
  other ? `${(own.wall / other.wall).toFixed(2)} / ${(own.cpu / other.cpu).toFixed(2)}` : '–';

/** What is measured of a context, each in a repository and with storage of its own. */
async function measureOnce(folder: string) {
  const aws = createEmbeddedAws();
  try {
    aws.ecr.createRepository('app');
    const endpoint = await aws.listen();
    const context = join(folder, 'context');
    const first = await build(context, 'first', endpoint);
    const again = await build(context, 'again', endpoint);
    if (!first || !again) throw new Error('the build failed');
    const other = await buildah(context, folder, endpoint.registryHost, aws.ecr.tokens.issue().password);
    const packed = await measure('tar -C "$1" -c . | gzip -6', [context]);
    return { first, again, other, packed };
  } finally {
    for (const made of ['root', 'run']) rmSync(join(folder, made), { recursive: true, force: true });
    await aws.close();
  }
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;
}

/** The medians of what was measured; undefined where one failed. */
function medians(all: readonly (Measured | undefined)[]): Measured | undefined {
  const measured = all.flatMap((one) => one ?? []);
  if (measured.length < all.length) return undefined;
  return { wall: median(measured.map(({ wall }) => wall)), cpu: median(measured.map(({ cpu }) => cpu)) };
}

async function row(name: string, folder: string): Promise<string> {
  const { fill, times } = contexts[name]!;
  const context = join(folder, 'context');
  mkdirSync(context);
  fill(context);
  writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY . /app/\n');
  const all: Awaited<ReturnType<typeof measureOnce>>[] = [];
  for (let at = 0; at < times; at++) all.push(await measureOnce(folder));
  const first = medians(all.map((one) => one.first))!;
  const again = medians(all.map((one) => one.again))!;
  const other = medians(all.map((one) => one.other));
  const packed = medians(all.map((one) => one.packed));
  const cells = [name, seconds(first), seconds(again), (again.cpu / first.cpu).toFixed(2), seconds(other)];
  return `| ${[...cells, ratio(first, other), seconds(packed), ratio(first, packed)].join(' | ')} |`;
}

async function main(names: readonly string[]): Promise<void> {
  const memory = (totalmem() / 1024 ** 3).toFixed(0);
  console.log(`${cpus().length} cores ${arch()}, ${memory} GiB, Node ${process.versions.node}\n`);
  console.log(
    '| context | builtin | repeated | CPU repeated : first | buildah | builtin : buildah | tar, gzip -6 | builtin : gzip |',
  );
  console.log(`|${' --- |'.repeat(8)}`);
  for (const name of names.length > 0 ? names : Object.keys(contexts)) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-layers-'));
    try {
      console.log(await row(name, folder));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

void main(process.argv.slice(2));
