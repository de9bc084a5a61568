/** Writes what BuildKit makes of the Dockerfiles of the judge: `npm run judge`, as root, with BuildKit and runc. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildKitPrograms, startBuildKit, type Verdict } from './buildkit';
import { writeContext } from './context';
import { rows, verdictsFile } from './verdicts';

async function record(): Promise<void> {
  const programs = buildKitPrograms();
  if (!programs) throw new Error('there is no BuildKit: name its folder in BUILDKIT, install runc, and be root');
  const context = mkdtempSync(join(tmpdir(), 'judge-'));
  const judge = await startBuildKit(programs);
  try {
    await writeContext(context);
    const found: Record<string, Verdict> = {};
    for (const row of rows) {
      const verdict = await judge.build({ ...row, context });
      found[row.title] = 'refused' in verdict ? { refused: '' } : verdict;
    }
    const lines = Object.entries(found).map(
      ([title, verdict]) => `${JSON.stringify(title)}: ${JSON.stringify(verdict)}`,
    );
    writeFileSync(verdictsFile, `{\n${lines.join(',\n')}\n}\n`);
    console.log(`${rows.length} Dockerfiles were built`);
  } finally {
    await judge.stop();
    rmSync(context, { recursive: true });
  }
}

void record();
