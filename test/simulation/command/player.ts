import { play, playWorld } from '../play';
import { keptWorlds } from '../world/kept';
import { storyOf } from './story';
import { summaryOf } from './summary';

/**
 * A process that plays seeds and tells its parent about each: `player.cjs FIRST COUNT [story] [kept]`. With `kept`, the seeds are
 * places in the list of the worlds that are kept.
 */
async function main(): Promise<void> {
  const [first = 0, count = 1] = process.argv.slice(2).map(Number);
  const isKept = process.argv.includes('kept');
  const tellsStory = process.argv.includes('story');
  for (let n = 0; n < count; n++) {
    const seed = first + n;
    process.send?.({ begins: seed });
    const begun = process.cpuUsage();
    try {
      const played = await (isKept ? playWorld(seed, keptWorlds[seed]!.world) : play(seed));
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
