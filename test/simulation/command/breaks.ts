import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Break, breaks } from '../breaks';
import { namedWorlds } from '../world/named';
import { bundlePlayer } from './bundle';
import { type Crash, playAll } from './pool';
import type { Summary } from './summary';

/** `npm run simulate:breaks [-- --runs N] [--seed S] [--only NAME]`: breaks the product, and sees that the oracle notices. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string', default: String(availableParallelism()) },
      only: { type: 'string' },
    },
  });
  const chosen = breaks.filter(({ name }) => values.only === undefined || name === values.only);
  if (chosen.length === 0) throw new Error(`there is no break ${values.only}`);
  const folder = mkdtempSync(join(tmpdir(), 'breaks-'));
  let missed = 0;
  try {
    for (const one of chosen) {
      const limits = { runs: Number(values.runs), seed: Number(values.seed), workers: Number(values.workers) };
      const found = await lookFor(one, join(folder, 'player.cjs'), limits);
      if (!found.by) missed++;
      console.log(
        `${found.by ? 'caught' : 'MISSED'}  ${one.name}: ${found.by ?? 'nothing wrong'} (${found.worlds} worlds)`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log(`\n${chosen.length - missed} of ${chosen.length} breaks caught`);
  return missed === 0 ? 0 : 1;
}

interface Found {
  readonly by: string | undefined;
  readonly worlds: number;
}

/** Plays worlds with the broken product until the oracle sees something wrong: first that of its seed, then
 * those that have a name. */
async function lookFor(
  { patches, seed }: Break,
  player: string,
  limits: { readonly runs: number; readonly seed: number; readonly workers: number },
): Promise<Found> {
  await bundlePlayer(player, patches);
  let [worlds, by]: [number, string | undefined] = [0, undefined];
  const onSummary = (result: Summary | Crash) => {
    worlds++;
    const [first] = 'crash' in result ? [{ rule: 'crash', what: result.crash.split('\n')[0] }] : result.violations;
    if (first) by ??= `${first.rule}: ${first.what} (seed ${result.seed})`;
  };
  const isEnough = () => by !== undefined;
  if (seed !== undefined) await playAll({ player, seed, runs: 1, workers: 1, onSummary, isEnough });
  const { workers } = limits;
  if (!isEnough())
    await playAll({ player, seed: 0, runs: namedWorlds.length, named: true, workers, onSummary, isEnough });
  if (!isEnough()) await playAll({ ...limits, player, onSummary, isEnough });
  return { by, worlds };
}

void main().then((status) => {
  process.exitCode = status;
});
