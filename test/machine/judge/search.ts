/**
 * Lets BuildKit and builtin build random Dockerfiles, and tells where they differ: `npm run judge:random -- FIRST COUNT`, as
 * root, with BuildKit and runc.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorkshop, type Workshop } from '../../unit/build/builders/builtin/workshop';
import { buildKitPrograms, type Programs, startBuildKit } from './buildkit';
import { writeContext } from './context';
import { differences, ownVerdict } from './own';
import { type RandomOrder, randomOrder } from './random';

/** What was found. */
export interface Searched {
  readonly built: number;
  readonly refused: number;
  readonly unclear: number;
  /** For each Dockerfile, its seed, what it is, and the lines that differ. */
  readonly different: readonly string[];
}

export interface Search {
  /** The first seed, and how many. */
  readonly first: number;
  readonly count: number;
  /**
   * Dockerfiles that are built at the same time: most of a build is waiting for the daemon. It does a step once that two of them have at
   * the same time, so that once in thousands one is judged wrong; with 1, none is.
   */
  readonly atOnce: number;
}

/** A Dockerfile whose base image is in the registry of a workshop, if it can be built. */
async function withBase({ base, ...order }: RandomOrder, context: string, workshop: Workshop): Promise<RandomOrder> {
  if (base === undefined) return order;
  const built = await workshop.build(base, {}, { context }).catch(() => undefined);
  const name = built ? `${workshop.host}/app@${built.digest}` : 'scratch';
  return { ...order, dockerfile: order.dockerfile.replaceAll(/^FROM base /gm, `FROM ${name} `) };
}

/** @param context the folder that `writeContext` has filled */
export async function searchSeeds(
  programs: Programs,
  context: string,
  { first, count, atOnce }: Search,
): Promise<Searched> {
  const found = { built: 0, refused: 0, unclear: 0, different: [] as string[] };
  const workshops = await Promise.all(Array.from({ length: atOnce }, () => openWorkshop()));
  const login = ({ host, aws }: Workshop) => ({ host, password: aws.ecr.tokens.issue().password });
  const judge = await startBuildKit(programs, workshops.map(login));
  let next = first;
  const work = async (workshop: Workshop) => {
    for (let seed = next++; seed < first + count; seed = next++) {
      const random = randomOrder(seed);
      const order = { ...(await withBase(random, context, workshop)), context };
      const theirs = await judge.build(order);
      const own = await ownVerdict(workshop, order);
      const lines = differences(order, theirs, own);
      if (lines === undefined) found.unclear++;
      else if ('refused' in own) found.refused++;
      else found.built++;
      const { args, ignore, base = '' } = random;
      const told = [`seed ${seed} ${JSON.stringify({ args, ignore })}`, base, order.dockerfile];
      if (lines?.length) found.different.push([...told, ...lines].join('\n'));
    }
  };
  try {
    await Promise.all(workshops.map(work));
  } finally {
    await judge.stop();
    for (const workshop of workshops) await workshop.close();
  }
  return found;
}

async function main([first = '1', count = '1000']: readonly string[]): Promise<void> {
  const programs = buildKitPrograms();
  if (!programs) throw new Error('there is no BuildKit: name its folder in BUILDKIT, install runc, and be root');
  const context = mkdtempSync(join(tmpdir(), 'judge-'));
  try {
    await writeContext(context);
    const { built, refused, unclear, different } = await searchSeeds(programs, context, {
      first: Number(first),
      count: Number(count),
      atOnce: 4,
    });
    for (const text of different) console.log(text, '\n');
    console.log(`${built} built, ${refused} refused by both, ${unclear} unclear, ${different.length} differ`);
    process.exitCode = different.length > 0 ? 1 : 0;
  } finally {
    rmSync(context, { recursive: true });
  }
}

if (require.main === module) void main(process.argv.slice(2));
