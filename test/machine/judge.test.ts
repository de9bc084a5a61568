import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildKitPrograms, type Judge, startBuildKit } from './judge/buildkit';
import { writeContext } from './judge/context';
import { searchSeeds } from './judge/search';
import { readVerdicts, rows } from './judge/verdicts';

describe('BuildKit', () => {
  const programs = buildKitPrograms();
  if (!programs) {
    console.log('Left out: no BuildKit (buildkitd, buildctl and runc, as root) to check its recorded verdicts with');
    it.todo('is left out: no BuildKit to check its recorded verdicts with');
    return;
  }
  const context = mkdtempSync(join(tmpdir(), 'judge-'));
  let judge: Judge;
  beforeAll(async () => {
    await writeContext(context);
    judge = await startBuildKit(programs);
  }, 120_000);
  afterAll(async () => {
    await judge.stop();
    rmSync(context, { recursive: true });
  });
  const recorded = readVerdicts();

  it('makes of Dockerfiles what is recorded', async () => {
    const changed: string[] = [];
    // One after the other: BuildKit would do a step once that two builds have at the same time, and one may lack a folder for it.
    for (const row of rows) {
      const verdict = await judge.build({ ...row, context });
      const plain = 'refused' in verdict ? { refused: '' } : verdict;
      if (JSON.stringify(plain) !== JSON.stringify(recorded[row.title])) changed.push(row.title);
    }
    expect(changed).toEqual([]);
  }, 600_000);

  it('agrees with builtin on random Dockerfiles', async () => {
    const { built, unclear, different } = await searchSeeds(programs, context, { first: 1, count: 200, atOnce: 1 });
    expect(different).toEqual([]);
    expect(built).toBeGreaterThan(100);
    expect(unclear).toBeLessThan(10);
  }, 600_000);
});
