import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildKitPrograms, type Judge, startBuildKit } from './judge/buildkit';
import { writeContext } from './judge/context';
import { readVerdicts, rows } from './judge/verdicts';

describe('what is recorded of BuildKit', () => {
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

  it.each(rows.map((row) => [row.title, row] as const))('%s', async (title, row) => {
    const verdict = await judge.build({ ...row, context });
    expect('refused' in verdict ? { refused: '' } : verdict).toEqual(recorded[title]);
  });
});
