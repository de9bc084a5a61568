import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLog } from '../../../shared/host/log';
import { limitTime } from '../../local/runner/run-action';

let lines: string[];
const log = createLog({ colour: false, debug: false, write: (line) => lines.push(line), mark: (_, line) => line });

beforeEach(() => {
  lines = [];
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('limitTime', () => {
  it('ends an action after its Timeout', () => {
    const { signal } = limitTime({ timeout: 5 }, { signal: new AbortController().signal, log });
    jest.advanceTimersByTime(5 * 60_000 - 1);
    expect(signal.aborted).toBe(false);
    jest.advanceTimersByTime(1);
    expect(signal).toMatchObject({ aborted: true, reason: 'SIGTERM' });
    expect(lines).toEqual(['ended after its Timeout of 5 minutes']);
  });

  it('passes on what ends the run, before or while the action runs', () => {
    const run = new AbortController();
    const before = limitTime({ timeout: 5 }, { signal: run.signal, log });
    run.abort('SIGINT');
    const after = limitTime({ timeout: 5 }, { signal: run.signal, log });
    expect([before.signal.reason, after.signal.reason]).toEqual(['SIGINT', 'SIGINT']);
    for (const { lift } of [before, after]) lift();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('does nothing once it is lifted', () => {
    const { signal, lift } = limitTime({ timeout: 5 }, { signal: new AbortController().signal, log });
    lift();
    jest.advanceTimersByTime(10 * 60_000);
    expect(signal.aborted).toBe(false);
  });
});
