import { expect, it } from '@jest/globals';
import { Variables } from '../../../../../../actions/build-and-push/src/builders/builtin/dockerfile/variables';

it('reads the last of two entries of a base image, and sets the first, as BuildKit does', () => {
  const env = new Variables(['A=b', 'A=c', 'NONE', '=x']);
  expect([env.get('A'), env.get('NONE')]).toEqual(['c', undefined]);
  env.set('A', 'd');
  env.set('B', 'e');
  expect(env.entries).toEqual(['A=d', 'A=c', 'NONE', '=x', 'B=e']);
});
