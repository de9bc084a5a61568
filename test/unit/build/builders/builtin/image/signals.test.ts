import { expect, it } from '@jest/globals';
import { isSignal } from '../../../../../../actions/build-and-push/src/builders/builtin/image/config-instructions';

it.each([
  ['SIGTERM', true],
  ['usr1', true],
  ['9', true],
  ['SIGRTMIN', true],
  ['SIGRTMIN+3', true],
  ['RTMAX-14', true],
  ['RTMIN+16', false],
  ['RTMAX-15', false],
  ['0', false],
  ['SIGEMT', false],
  ['FOO', false],
])('%s is a signal: %s', (text, is) => {
  expect(isSignal(text)).toBe(is);
});
