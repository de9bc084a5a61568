/** Tests have Node's own AsyncLocalStorage, as the SDK has; only jest's record of the test that runs is a plain variable (one-realm.cjs). */
import { AsyncLocalStorage, executionAsyncId } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';

const storage = new AsyncLocalStorage<string>();
const storeAfterAwait = async () => {
  await setImmediate();
  return storage.getStore();
};

// Node follows every promise of the process until then.
afterEach(() => storage.disable());

test('keeps the stores of runs apart that overlap', async () => {
  const both = Promise.all(['first', 'second'].map((name) => storage.run(name, storeAfterAwait)));
  expect(storage.getStore()).toBeUndefined();
  expect(await both).toEqual(['first', 'second']);
});

test('makes Node follow no promise, which would make each await three times as expensive', async () => {
  await undefined;
  expect(executionAsyncId()).toBe(0);
});
