/**
 * Compares builtin with buildah and with `tar | gzip -6`, in wall time and processor time: `npm run bench:layers [-- NAME...]`.
 * Each pair runs on the same machine one after the other; the table is for docs/speed.md.
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

/** The contexts, by name; each function fills a folder. */
const contexts: Readonly<Record<string, (folder: string) => void>> = {
  'application of 2 MB': (folder) => fill(folder, 40, 50_000),
  '30,000 small files': (folder) => fill(folder, 30_000, 8_600),
  '256 MiB, half random': (folder) => writeHalfRandom(join(folder, 'data'), 256),
  '1 GiB, half random': (folder) => writeHalfRandom(join(folder, 'data'), 1024),
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

const seconds = (one: Measured | undefined) => (one ? `${one.wall.toFixed(1)} / ${one.cpu.toFixed(1)} s` : '–');
const ratio = (own: Measured, other: Measured | undefined) =>
  other ? `${(own.wall / other.wall).toFixed(2)} / ${(own.cpu / other.cpu).toFixed(2)}` : '–';

async function row(name: string, folder: string): Promise<string> {
  const aws = createEmbeddedAws();
  try {
    aws.ecr.createRepository('app');
    const endpoint = await aws.listen();
    const context = join(folder, 'context');
    mkdirSync(context);
    contexts[name]!(context);
    writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY . /app/\n');
    const first = await build(context, 'first', endpoint);
    const again = await build(context, 'again', endpoint);
    if (!first || !again) throw new Error(`cannot measure ${name}: the build failed`);
    const other = await buildah(context, folder, endpoint.registryHost, aws.ecr.tokens.issue().password);
    const packed = await measure('tar -C "$1" -c . | gzip -6', [context]);
    const cells = [name, seconds(first), seconds(again), (again.cpu / first.cpu).toFixed(2), seconds(other)];
    return `| ${[...cells, ratio(first, other), seconds(packed), ratio(first, packed)].join(' | ')} |`;
  } finally {
    await aws.close();
  }
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
