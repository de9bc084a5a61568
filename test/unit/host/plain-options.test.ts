import { parseArgs } from 'node:util';
import { expect, it } from '@jest/globals';
import { type Options, readPlainly } from '../../../shared/host/command-line';
import { fc } from '../../support/properties';

const options: Options = {
  help: { type: 'boolean', short: 'h' },
  output: { type: 'string' },
  image: { type: 'string', multiple: true },
  'dry-run': { type: 'boolean' },
};
const words = fc.oneof(
  fc.constantFrom(
    '--help',
    '-h',
    '--dry-run',
    '--dry-run=true',
    '--output',
    '--output=',
    '--image',
    '--image=a=b',
    '--',
  ),
  fc.constantFrom('--other', '-', '-x', '--no-help', '--__proto__=1', '--image=-a\nb', 'app:1', ''),
);

it('reads a command line as Node does, or leaves it to Node', () => {
  let read = 0;
  fc.assert(
    fc.property(fc.array(words, { maxLength: 5 }), (args) => {
      const values = readPlainly(args, options);
      if (!values) return;
      read++;
      expect(values).toEqual({ ...parseArgs({ args, options, strict: true }).values });
    }),
    { numRuns: 2_000 },
  );
  expect(read).toBeGreaterThan(100);
  expect(readPlainly(['--image', 'a', '--image=b', '--help'], options)).toEqual({ image: ['a', 'b'], help: true });
});
