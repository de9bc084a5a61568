/**
 * Times whole processes and prints ratios, because a machine's speed is its own: `npm run bench [-- RUNS] [--large]`.
 * Each command runs in turn with its baseline, so that a machine that slows down slows both.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActionName, actionBundle } from '../support/bundles';
import { plainEnvironment } from '../support/process';
import { projectRoot } from '../support/project-files';
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
  /** Whether it finds the code that Node has compiled in the run before. A machine that was made for one run has none. */
  readonly again?: boolean;
  /** The exit status that it ends with; 0 where it is left out. */
  readonly ends?: number;
}

const cache = { NODE_DISABLE_COMPILE_CACHE: undefined, XDG_CACHE_HOME: join(folder, 'cache') };
const optionsOf = (again = false) =>
  ({ cwd: folder, env: { ...plainEnvironment, ...(again && cache) }, encoding: 'utf8' }) as const;

/** Wall milliseconds of one run. */
function time({ args, again, ends = 0 }: Omit<Subject, 'name'>): number {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, optionsOf(again));
  if (status !== ends) throw new Error(`cannot time ${args.join(' ')}: exit status ${status}: ${stderr}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** Peak resident memory of one run, in MiB. */
function peakMemory({ args }: Pick<Subject, 'args'>): number {
  const preload = join(folder, 'peak.cjs');
  writeFileSync(preload, "process.on('exit', () => console.error(process.resourceUsage().maxRSS));");
  const { stderr } = spawnSync(process.execPath, ['-r', preload, ...args], optionsOf());
  return Math.round(Number(stderr.trim().split('\n').pop()) / 1024);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** Prints the ratios of a first run, and of one after it. */
function compareBoth(subject: Subject): void {
  compare(subject);
  compare({ ...subject, name: `${subject.name}, again`, again: true });
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
  console.log(`${subject.name.padEnd(50)} ${median(ratios).toFixed(2)} x node -e 0 (${spread}; ${own.toFixed(0)} ms)`);
}

/** An action up to the first error of AWS: without credentials no request leaves this machine. */
const firstError = (action: ActionName, inputs: readonly string[]): Subject => ({
  name: `${action} to its first AWS error`,
  args: [actionBundle(action), ...inputs, '--region', 'us-west-2'],
  ends: 1,
});

const actions: readonly ActionName[] = ['build-and-push', 'render-task-definition', 'ecs-bluegreen-deploy'];
try {
  for (const action of actions) {
    console.log(`${action.padEnd(50)} ${Math.round(statSync(actionBundle(action)).size / 1024)} KiB`);
  }
  for (const action of actions) compareBoth({ name: `${action} --help`, args: [actionBundle(action), '--help'] });
  writeFileSync(join(folder, 'task.json'), JSON.stringify(taskDefinition));
  const args = [actionBundle('render-task-definition'), '--task-definition', 'task.json', '--image', 'app:2'];
  compareBoth({ name: 'render-task-definition of a file', args });
  copyFileSync(join(projectRoot, 'test/corpus/fargate/sidecars.json'), join(folder, 'usual.json'));
  compareBoth({
    name: 'the same of a file as most services have it',
    args: [actionBundle('render-task-definition'), '--task-definition', 'usual.json', '--images', 'web=web:2'],
  });
  writeFileSync(join(folder, 'least.js'), least);
  compare({ name: 'the least that reads and writes that file', args: [join(folder, 'least.js')] });
  const [peak, base] = [peakMemory({ args }), peakMemory({ args: ['-e', '0'] })];
  console.log(`${'its peak memory'.padEnd(50)} ${peak} MiB (node -e 0: ${base} MiB)`);
  writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\n');
  for (const subject of [
    firstError('build-and-push', ['--repository', 'app', '--tags', '1', '--builder', 'builtin']),
    firstError('ecs-bluegreen-deploy', ['--service', 'web', '--cluster', 'prod', '--task-definition', 'task.json']),
  ]) {
    compareBoth(subject);
    console.log(`${'its peak memory'.padEnd(50)} ${peakMemory(subject)} MiB`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
void benchBuilds(words.includes('--large'));
