import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { open } from '../open';
import { bundlePlayer } from './bundle';
import { Figures } from './figures';
import { writeInto } from './page';
import { type Crash, playAll } from './pool';
import type { Summary } from './summary';

/** `npm run simulate -- --runs N [--seed S] [--workers W] [--story] [--write]`; with `--write`, docs/simulation.md gets the figures. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '500' },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string', default: String(availableParallelism()) },
      story: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const [runs, seed, workers] = [values.runs, values.seed, values.workers].map(Number) as [number, number, number];
  const folder = mkdtempSync(join(tmpdir(), 'simulate-'));
  const figures = new Figures();
  const begun = Date.now();
  try {
    const player = join(folder, 'player.cjs');
    await bundlePlayer(player);
    const onSummary = (result: Summary | Crash) => {
      figures.add(result);
      if ('crash' in result || result.violations.length > 0) tellFailure(result);
    };
    await playAll({ player, seed, runs, workers, story: values.story, onSummary });
  } finally {
    rmSync(folder, { recursive: true });
  }
  const text = figuresOf(figures, (Date.now() - begun) / 1_000);
  console.log(`\n${text}`);
  if (values.write) writeInto('figures', `Seeds ${seed} to ${seed + runs - 1}.\n\n${text}`);
  return figures.failed.every(isOpen) ? 0 : 1;
}

/** Whether a wrong result is the one that is known of its seed. */
function isOpen(result: Summary | Crash): boolean {
  const known = open[result.seed];
  if (!known) return false;
  return 'crash' in result
    ? known.rule === 'crash'
    : result.violations.every(({ rule }) => known.rule.split(', ').includes(rule));
}

function tellFailure(result: Summary | Crash): void {
  const what =
    'crash' in result ? [result.crash] : result.violations.map(({ rule, run, what }) => `  ${rule} (${run}): ${what}`);
  console.log(
    [
      `seed ${result.seed}: replay with npm run simulate -- --seed ${result.seed} --runs 1 --story`,
      ...what,
      ...(isOpen(result) ? [`  known, and not fixed yet: ${open[result.seed]?.what}`] : []),
    ].join('\n'),
  );
}

function figuresOf(figures: Figures, seconds: number): string {
  const { worlds, runs, calls, minutes, ms, failed } = figures;
  const size =
    `${worlds} worlds, ${runs} runs, ${calls} calls of AWS, ${Math.round(minutes / 60)} simulated hours in ${Math.round(seconds)} s ` +
    `(${Math.round(ms / Math.max(1, worlds))} ms of a processor for each world).`;
  const wrong =
    failed.length === 0 ? 'No wrong results.' : `${failed.length} worlds with wrong results: ${figures.broken()}.`;
  return `${size}\n${wrong}\n\n${figures.table()}\n`;
}

void main().then((status) => {
  process.exitCode = status;
});
