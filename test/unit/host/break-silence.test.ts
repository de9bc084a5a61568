import { expect, it } from '@jest/globals';
import { breakSilence } from '../../../shared/host/break-silence';
import { createLog } from '../../../shared/host/log';
import { SimulationClock } from '../../local/aws/clock';

/** What a log shows, each line with the second in which it came. */
function listen() {
  const clock = new SimulationClock(0);
  const lines: string[] = [];
  const log = createLog({
    colour: false,
    debug: false,
    write: (line) => lines.push(`${Math.round(clock.now() / 1_000)} ${line}`),
    mark: (_, line) => line,
  });
  return { clock, lines, ...breakSilence({ log, clock }, 'Still waiting') };
}

it('says something a minute after the last line, whoever has said it', async () => {
  const { clock, lines, log } = listen();
  await clock.advance(50_000);
  log.info('Reading');
  await clock.advance(50_000);
  log.warn('odd');
  await clock.advance(130_000);
  expect(lines).toEqual(['50 Reading', '100 odd', '161 Still waiting', '222 Still waiting']);
});

it('leaves the minute to those who report on time', async () => {
  const { clock, lines, log } = listen();
  for (const _ of [1, 2, 3]) {
    await clock.advance(60_000);
    log.info('still');
  }
  expect(lines).toEqual(['60 still', '120 still', '180 still']);
});

it('is silent after its end', async () => {
  const { clock, lines, end } = listen();
  end();
  await clock.advance(600_000);
  expect(lines).toEqual([]);
});
