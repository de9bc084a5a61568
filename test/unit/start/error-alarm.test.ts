import { describe, expect, it } from '@jest/globals';
import { SimulationClock } from '../../local/aws/clock';
import { watchErrors } from '../../local/tour/error-alarm';

/** An alarm at three errors a minute, with the number of errors of each minute. */
async function alarmOf(...minutes: readonly number[]): Promise<string[]> {
  const clock = new SimulationClock();
  let failed = 7;
  const changes: string[] = [];
  const changed = (state: string, sum: number) => void changes.push(`${state} ${sum}`);
  const alarm = watchErrors({ clock, failed: () => failed, threshold: 3, changed });
  for (const errors of minutes) {
    failed += errors;
    await clock.advance(60_000);
  }
  alarm.close();
  failed += 100;
  await clock.advance(120_000);
  return changes;
}

describe('watchErrors', () => {
  it('goes off after two minutes with too many errors, and is over after one without', async () => {
    expect(await alarmOf(0, 2, 3, 9, 1, 0, 4, 3)).toEqual(['ALARM 9', 'OK 1', 'ALARM 3']);
  });

  it('does not count what failed before it, nor two minutes as one', async () => {
    expect(await alarmOf(2, 2, 2, 5, 0, 5)).toEqual([]);
  });
});
