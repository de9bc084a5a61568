import { expect, it } from '@jest/globals';
import { isLoopback } from '../../shared/loopback';

it.each([
  ['127.0.0.1:5000', true],
  ['127.1.2.3', true],
  ['localhost', true],
  ['localhost:80', true],
  ['::1', true],
  ['[::1]', true],
  ['[::1]:5000', true],
  ['::12', false],
  ['127.0.0.1.example.com', false],
  ['localhost.example.com', false],
  ['127.0.0.999', false],
  ['10.0.0.1', false],
])('%s is this machine: %s', (host, loopback) => {
  expect(isLoopback(host)).toBe(loopback);
});
