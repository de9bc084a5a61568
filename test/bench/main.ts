/**
 * Times whole processes and prints ratios, because a machine's speed is its own: `npm run bench [-- RUNS] [--large]`.
 * Each command runs in turn with its baseline, so that a machine that slows down slows both.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActionName, actionBundle } from '../support/bundles';
import { plainEnvironment } from '../support/process';
import { benchBuilds } from './build';

const words = process.argv.slice(2);
const runs = Number(words.find((word) => word !== '--large') ?? 15);
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const taskDefinition = {
  family: 'web',
  containerDefinitions: [{ name: 'app', image: 'app:1', essential: true, memory: 128 }],
};

/** What no rendering can be faster than: the file read, a random name, the file written, its name printed. */
const least = `
const fs = require('fs');
const value = JSON.parse(fs.readFileSync('task.json', 'utf8'));
const name = 'task-definition-' + require('crypto').randomBytes(6).toString('hex') + '.json';
fs.writeFileSync(name, JSON.stringify(value, null, 2), { flag: 'wx' });
console.log(name);`;

interface Subject {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The exit status that it ends with; 0 where it is left out. */
  readonly ends?: number;
}

/** Wall milliseconds of one run. */
function time({ args, env, ends = 0 }: Pick<Subject, 'args' | 'env' | 'ends'>): number {
  const start = process.hrtime.bigint();
  const options = { cwd: folder, env: { ...plainEnvironment, ...env }, encoding: 'utf8' } as const;
  const { status, stderr } = spawnSync(process.execPath, args, options);
  if (status !== ends) throw new Error(`cannot time ${args.join(' ')}: exit status ${status}: ${stderr}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** Peak resident memory of one run, in MiB. */
function peakMemory({ args, env }: Pick<Subject, 'args' | 'env'>): number {
  const preload = join(folder, 'peak.cjs');
  writeFileSync(preload, "process.on('exit', () => console.error(process.resourceUsage().maxRSS));");
  const options = { cwd: folder, env: { ...plainEnvironment, ...env }, encoding: 'utf8' } as const;
  const { stderr } = spawnSync(process.execPath, ['-r', preload, ...args], options);
  return Math.round(Number(stderr.trim().split('\n').pop()) / 1024);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** Prints the median of the pairwise ratios to `node -e 0`, with the spread. */
function compare(subject: Subject): void {
  const baseline = { args: ['-e', '0'] };
  time(baseline);
  time(subject);
  const pairs = Array.from({ length: runs }, () => ({ base: time(baseline), own: time(subject) }));
  const ratios = pairs.map(({ base, own }) => own / base);
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
  const spread = `${low.toFixed(2)} to ${high.toFixed(2)}`;
  const own = median(pairs.map((pair) => pair.own));
  console.log(`${subject.name.padEnd(42)} ${median(ratios).toFixed(2)} x node -e 0 (${spread}; ${own.toFixed(0)} ms)`);
}

/** A deployment up to the first error of AWS: without credentials no request leaves this machine. */
function firstError(): Subject {
  const inputs = ['--service', 'web', '--cluster', 'prod', '--task-definition', 'task.json', '--region', 'us-west-2'];
  const args = [actionBundle('ecs-bluegreen-deploy'), ...inputs];
  return { name: 'ecs-bluegreen-deploy to its first AWS error', args, ends: 1 };
}

const actions: readonly ActionName[] = ['build-and-push', 'render-task-definition', 'ecs-bluegreen-deploy'];
try {
  for (const action of actions) {
    console.log(`${action.padEnd(42)} ${Math.round(statSync(actionBundle(action)).size / 1024)} KiB`);
  }
  for (const action of actions) compare({ name: `${action} --help`, args: [actionBundle(action), '--help'] });
  writeFileSync(join(folder, 'task.json'), JSON.stringify(taskDefinition));
  const args = [actionBundle('render-task-definition'), '--task-definition', 'task.json', '--image', 'app:2'];
  compare({ name: 'render-task-definition of a file', args });
  writeFileSync(join(folder, 'least.js'), least);
  compare({ name: 'the least that reads and writes that file', args: [join(folder, 'least.js')] });
  const [peak, base] = [peakMemory({ args }), peakMemory({ args: ['-e', '0'] })];
  console.log(`${'its peak memory'.padEnd(42)} ${peak} MiB (node -e 0: ${base} MiB)`);
  const refused = firstError();
  compare(refused);
  console.log(`${'its peak memory'.padEnd(42)} ${peakMemory(refused)} MiB`);
} finally {
  rmSync(folder, { recursive: true });
}
void benchBuilds(words.includes('--large'));
