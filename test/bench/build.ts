/**
 * Times builds and pushes to the embedded registry with each engine of this machine, and the memory that builtin needs.
 * Ratios are to builtin, because a machine's speed is its own.
 */
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmbeddedAws, type Endpoint } from '../local/aws/embedded';
import { actionBundle } from '../support/bundles';
import { type Ended, runNode } from '../support/process';

const sample = join(__dirname, '../local/sample');
const engines = ['builtin', 'docker', 'finch', 'podman', 'buildah'] as const;
const gibibyte = 1024 ** 3;

interface Bench {
  readonly folder: string;
  readonly endpoint: Endpoint;
}

/** @param large also measures builtin with a context of 1 GiB. */
export async function benchBuilds(large: boolean): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-build-'));
  const aws = createEmbeddedAws();
  try {
    aws.ecr.createRepository('app');
    const bench = { folder, endpoint: await aws.listen() };
    prepare(folder);
    let builtin: number | undefined;
    for (const engine of engines) {
      const cold = await time(bench, engine, 'cold');
      if (cold === undefined) {
        say(`build and push with ${engine}`, 'it does not answer here');
        continue;
      }
      builtin ??= cold;
      const again = await time(bench, engine, 'again');
      say(`build and push with ${engine}`, `${ratio(cold, builtin)}; with nothing changed ${ratio(again!, builtin)}`);
    }
    if (large) say('memory of builtin, context of 1 GiB', await measureLarge(bench));
  } finally {
    await aws.close();
    rmSync(folder, { recursive: true });
  }
}

const say = (name: string, result: string) => console.log(`${name.padEnd(42)} ${result}`);
const ratio = (own: number, builtin: number) => `${(own / builtin).toFixed(2)} x builtin cold (${own.toFixed(0)} ms)`;

/** The sample on an empty base image: a registry with others is not to be had everywhere. */
function prepare(folder: string): void {
  cpSync(sample, join(folder, 'sample'), { recursive: true });
  const dockerfile = readFileSync(join(sample, 'Dockerfile'), 'utf8').replace(/^ARG BASE.*$/m, '');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the Dockerfile
  writeFileSync(join(folder, 'sample/Dockerfile'), dockerfile.replace('FROM ${BASE}', 'FROM scratch'));
}

/** Wall milliseconds of one run; undefined where the engine does not answer. */
async function time(bench: Bench, builder: string, tag: string): Promise<number | undefined> {
  const start = process.hrtime.bigint();
  const { status, stderr } = await run(bench, { builder, tags: `${builder}-${tag}`, context: 'sample' });
  const own = Number(process.hrtime.bigint() - start) / 1e6;
  if (status === 2 && /does not answer/.test(stderr)) return undefined;
  if (status !== 0) throw new Error(`cannot time ${builder}: exit status ${status}: ${stderr}`);
  return own;
}

function run(
  { folder, endpoint }: Bench,
  inputs: Record<string, string>,
  nodeArguments: string[] = [],
): Promise<Ended> {
  const words = Object.entries({ repository: 'app', ...inputs }).flatMap(([name, value]) => [`--${name}`, value]);
  const env = { ...endpoint.env, DOCKER_HOST: process.env['DOCKER_HOST'] };
  return runNode(actionBundle('build-and-push'), words, { cwd: folder, env, nodeArguments });
}

const files = 16;

/** Peak memory and time of builtin for 1 GiB that cannot be compressed. */
async function measureLarge(bench: Bench): Promise<string> {
  const context = join(bench.folder, 'large');
  mkdirSync(context);
  writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nCOPY part-* /\n');
  for (let at = 0; at < files; at++) writeFileSync(join(context, `part-${at}`), randomBytes(gibibyte / files));
  const [peak, probe] = [join(bench.folder, 'peak'), join(bench.folder, 'probe.cjs')];
  const note = `require('fs').writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS))`;
  writeFileSync(probe, `process.on('exit', () => ${note});\n`);
  const start = process.hrtime.bigint();
  const { status, stderr } = await run(bench, { builder: 'builtin', tags: 'large', context }, ['--require', probe]);
  if (status !== 0) throw new Error(`cannot measure: exit status ${status}: ${stderr}`);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  return `${(Number(readFileSync(peak, 'utf8')) / 1024).toFixed(0)} MiB at most (${seconds.toFixed(0)} s)`;
}
