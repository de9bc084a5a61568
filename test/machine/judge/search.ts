/**
 * Lets BuildKit and builtin build random Dockerfiles, and tells where they differ: `npm run judge:random -- FIRST COUNT`, as
 * root, with BuildKit and runc.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorkshop } from '../../unit/build/builders/builtin/workshop';
import { buildKitPrograms, type Judge, startBuildKit } from './buildkit';
import { writeContext } from './context';
import { differences, ownVerdict } from './own';
import { randomOrder } from './random';

/** What was found. */
export interface Searched {
  readonly built: number;
  readonly refused: number;
  readonly unclear: number;
  /** For each Dockerfile, its seed, what it is, and the lines that differ. */
  readonly different: readonly string[];
}

/** Dockerfiles that are built at the same time: most of a build is waiting for the daemon. */
const atOnce = 4;

/** @param context the folder that `writeContext` has filled */
export async function searchSeeds(judge: Judge, context: string, first: number, count: number): Promise<Searched> {
  const found = { built: 0, refused: 0, unclear: 0, different: [] as string[] };
  let next = first;
  const work = async () => {
    const workshop = await openWorkshop();
    for (let seed = next++; seed < first + count; seed = next++) {
      const order = { ...randomOrder(seed), context };
      const theirs = await judge.build(order);
      const own = await ownVerdict(workshop, order);
      const lines = differences(theirs, own);
      if (lines === undefined) found.unclear++;
      else if ('refused' in own) found.refused++;
      else found.built++;
      const { dockerfile, args, ignore } = order;
      if (lines?.length)
        found.different.push([`seed ${seed} ${JSON.stringify({ args, ignore })}`, dockerfile, ...lines].join('\n'));
    }
    await workshop.close();
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return found;
}

async function main([first = '1', count = '1000']: readonly string[]): Promise<void> {
  const programs = buildKitPrograms();
  if (!programs) throw new Error('there is no BuildKit: name its folder in BUILDKIT, install runc, and be root');
  const context = mkdtempSync(join(tmpdir(), 'judge-'));
  const judge = await startBuildKit(programs);
  try {
    await writeContext(context);
    const { built, refused, unclear, different } = await searchSeeds(judge, context, Number(first), Number(count));
    for (const text of different) console.log(text, '\n');
    console.log(`${built} built, ${refused} refused by both, ${unclear} unclear, ${different.length} differ`);
    process.exitCode = different.length > 0 ? 1 : 0;
  } finally {
    await judge.stop();
    rmSync(context, { recursive: true });
  }
}

if (require.main === module) void main(process.argv.slice(2));
