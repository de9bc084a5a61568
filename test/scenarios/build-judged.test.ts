import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pathOf } from '../machine/build-servers';
import { writeContext } from '../machine/judge/context';
import { ownVerdict } from '../machine/judge/own';
import { explained, type Row, readVerdicts, rows } from '../machine/judge/verdicts';
import { openWorkshop, type Workshop } from '../unit/build/builders/builtin/workshop';

let workshop: Workshop;
const context = mkdtempSync(join(tmpdir(), 'judged-'));
beforeAll(async () => {
  workshop = await openWorkshop();
  await writeContext(context);
});
afterAll(async () => {
  await workshop.close();
  rmSync(context, { recursive: true });
});

async function verdictOf(row: Row) {
  const verdict = await ownVerdict(workshop, { ...row, context });
  return 'refused' in verdict ? { refused: '' } : verdict;
}

/** Programs that unpack an archive, which a machine may not have. */
const needs: Readonly<Record<string, string>> = { 'ADD bz.tar.bz2 /x': 'bzip2', 'ADD xz.tar.xz /x': 'xz' };

describe('builtin makes of a Dockerfile what BuildKit was seen to make of it', () => {
  const recorded = readVerdicts();
  const able = rows.filter(({ title }) => needs[title] === undefined || pathOf(needs[title]));

  it.each(able.map((row) => [row.title, row] as const))('%s', async (title, row) => {
    const own = await verdictOf(row);
    if (explained.has(title)) expect(own).not.toEqual(recorded[title]);
    else expect(own).toEqual(recorded[title]);
  });
});
