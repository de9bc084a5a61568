import { play, playWorld } from '../play';
import { namedWorlds } from '../world/named';
import { storyOf } from './story';
import { summaryOf } from './summary';

/**
 * A process that plays seeds and tells its parent about each: `player.cjs FIRST COUNT [story] [named]`. With `named`, the seeds are
 * places in the list of the worlds that have a name.
 */
async function main(): Promise<void> {
  const [first = 0, count = 1] = process.argv.slice(2).map(Number);
  const isNamed = process.argv.includes('named');
  const tellsStory = process.argv.includes('story');
  for (let n = 0; n < count; n++) {
    const seed = first + n;
    process.send?.({ begins: seed });
    const begun = process.cpuUsage();
    try {
      const played = await (isNamed ? playWorld(seed, namedWorlds[seed]!.world) : play(seed));
      if (tellsStory) console.log(storyOf(played));
      const { user, system } = process.cpuUsage(begun);
      process.send?.(summaryOf(played, (user + system) / 1_000));
    } catch (error) {
      process.send?.({ seed, crash: (error as Error).stack ?? String(error) });
    }
  }
}

// What the worlds left behind, such as timers, must not keep the process.
void main().then(() => process.exit(0));
