import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { breaks } from './breaks';
import { applyPatch, bundlePlayer, root } from './command/bundle';
import { type Crash, type Job, playAll } from './command/pool';
import type { Summary } from './command/summary';
import { namedWorlds } from './world/named';

/** Milliseconds: a busy machine is no failure. */
const patience = 600_000;

let folder = '';
let player = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'simulation-'));
  player = join(folder, 'player.cjs');
  await bundlePlayer(player);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What is wrong with the worlds of these seeds. */
async function problemsOf(job: Pick<Job, 'seed' | 'runs' | 'named'>): Promise<string[]> {
  const problems: string[] = [];
  let played = 0;
  const onSummary = (result: Summary | Crash) => {
    played++;
    const found =
      'crash' in result ? [result.crash] : result.violations.map(({ rule, run, what }) => `${rule} (${run}): ${what}`);
    problems.push(
      ...found.map((what) => `${job.named ? namedWorlds[result.seed]?.name : `seed ${result.seed}`}: ${what}`),
    );
  };
  await playAll({ ...job, player, workers: 1, onSummary });
  expect(played).toBe(job.runs);
  return problems;
}

it(
  'finds nothing wrong with some worlds; npm run simulate plays more',
  async () => {
    expect(await problemsOf({ seed: 1, runs: 25 })).toEqual([]);
  },
  patience,
);

it(
  'finds nothing wrong with the worlds that have a name: those once told wrongly, and rare moments',
  async () => {
    expect(await problemsOf({ seed: 0, runs: namedWorlds.length, named: true })).toEqual([]);
  },
  patience,
);

it('has thirty ways and more to break the product, each of which fits', () => {
  expect(breaks.length).toBeGreaterThanOrEqual(30);
  expect(new Set(breaks.map(({ name }) => name)).size).toBe(breaks.length);
  for (const patch of breaks.flatMap(({ patches }) => patches)) {
    expect(applyPatch(patch, readFileSync(join(root, patch.file), 'utf8'))).not.toBe('');
  }
});
