import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Break, breaks } from '../breaks';
import { shownIn } from '../shown-in';
import { namedWorlds } from '../world/named';
import { bundlePlayer } from './bundle';
import { writeInto } from './page';
import { type Crash, type Job, playAll } from './pool';
import type { Summary } from './summary';

/**
 * `npm run simulate:breaks [-- --runs N] [--seed S] [--only TEXT] [--write]`: breaks the product, and sees that the oracle
 * notices. With `--write`, docs/simulation.md gets the table.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string', default: String(availableParallelism()) },
      only: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  const chosen = breaks.filter(({ name }) => name.includes(values.only ?? ''));
  if (chosen.length === 0) throw new Error(`there is no break ${values.only}`);
  const folder = mkdtempSync(join(tmpdir(), 'breaks-'));
  const rows: [string, Found][] = [];
  try {
    for (const one of chosen) {
      const limits = { runs: Number(values.runs), seed: Number(values.seed), workers: Number(values.workers) };
      const found = await lookFor(one, join(folder, 'player.cjs'), limits);
      rows.push([one.name, found]);
      const by = found.by ? `${found.by.rule}: ${found.by.what} (${found.where})` : 'nothing wrong';
      console.log(`${found.by ? 'caught' : 'MISSED'}  ${one.name}: ${by} (${found.worlds} worlds)`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const caught = rows.filter(([, { by }]) => by).length;
  console.log(`\n${caught} of ${rows.length} breaks caught`);
  if (values.write) writeTable(rows);
  return caught === rows.length ? 0 : 1;
}

interface Found {
  /** The rule that was broken, and what is wrong. */
  readonly by: { readonly rule: string; readonly what: string } | undefined;
  /** The world in which it showed. */
  readonly where: string;
  readonly worlds: number;
}

interface Limits {
  readonly runs: number;
  readonly seed: number;
  readonly workers: number;
}

/**
 * Plays worlds with the broken product until the oracle sees something wrong: first the one in which it was seen before, then those that
 * have a name, then others.
 */
async function lookFor({ name, patches }: Break, player: string, limits: Limits): Promise<Found> {
  await bundlePlayer(player, patches);
  const found: { -readonly [K in keyof Found]: Found[K] } = { by: undefined, where: '', worlds: 0 };
  const isEnough = () => found.by !== undefined;
  const look = async (job: Pick<Job, 'seed' | 'runs' | 'named'>) => {
    if (isEnough()) return;
    const onSummary = (result: Summary | Crash) => {
      found.worlds++;
      const [first] =
        'crash' in result ? [{ rule: 'crash', what: result.crash.split('\n')[0] ?? '' }] : result.violations;
      if (!first || found.by) return;
      found.by = first;
      found.where = (job.named && namedWorlds[result.seed]?.name) || `seed ${result.seed}`;
    };
    await playAll({ ...job, workers: limits.workers, player, onSummary, isEnough });
  };
  const before = shownIn[name];
  const place = namedWorlds.findIndex((world) => world.name === before);
  if (typeof before === 'number') await look({ seed: before, runs: 1 });
  if (place >= 0) await look({ seed: place, runs: 1, named: true });
  await look({ seed: 0, runs: namedWorlds.length, named: true });
  await look(limits);
  return found;
}

/** The table of docs/simulation.md. */
function writeTable(rows: readonly (readonly [string, Found])[]): void {
  const lines = rows.map(([name, { by, where }]) => `| ${name} | ${by ? `\`${by.rule}\`` : 'nothing'} | ${where} |`);
  const caught = rows.filter(([, { by }]) => by).length;
  const head = `${caught} of ${rows.length} breaks are noticed.\n\n| break | noticed by the rule | in the world |\n| --- | --- | --- |`;
  writeInto('breaks', `${head}\n${lines.join('\n')}\n`);
}

void main().then((status) => {
  process.exitCode = status;
});
