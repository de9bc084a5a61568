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
    const waiting = [...rows];
    const changed: string[] = [];
    const judgeOn = async () => {
      for (let row = waiting.shift(); row; row = waiting.shift()) {
        const verdict = await judge.build({ ...row, context });
        const plain = 'refused' in verdict ? { refused: '' } : verdict;
        if (JSON.stringify(plain) !== JSON.stringify(recorded[row.title])) changed.push(row.title);
      }
    };
    await Promise.all(Array.from({ length: 4 }, judgeOn));
    expect(changed).toEqual([]);
  }, 600_000);

  it('agrees with builtin on random Dockerfiles', async () => {
    const { built, unclear, different } = await searchSeeds(programs, context, 1, 250);
    expect(different).toEqual([]);
    expect(built).toBeGreaterThan(125);
    expect(unclear).toBeLessThan(12);
  }, 600_000);
});
