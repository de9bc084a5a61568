import { describe, expect, it } from '@jest/globals';
import { shorten } from '../../../shared/host/shorten';
import { fc } from '../../support/properties';

const link = 'https://us-west-2.console.aws.amazon.com/codesuite/codedeploy/deployments/d-ABCDEFGHI?region=us-west-2';
const halfAPair = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const cause =
  'deployment d-ABCDEFGHI was rolled back by d-JKLMNOPQR: HOOK_EXECUTION_FAILURE: the hook for AfterAllowTestTraffic failed';

describe('a message', () => {
  it('that fits stays as it is', () => {
    expect(shorten(`${cause}; see x`, 200)).toBe(`${cause}; see x`);
    expect(shorten('x'.repeat(200), 200)).toHaveLength(200);
  });

  it.each([
    ['a link that does not fit is left out', `${cause}; see ${link}`, cause],
    ['a link in front of more is left out too', `${cause}; see ${link}; run again`, `${cause}; run again`],
    [
      'a link that fits stays',
      `it failed: ${'why '.repeat(20)}; see ${link}`,
      `it failed: ${'why '.repeat(20)}; see ${link}`,
    ],
    [
      'a command that does not fit is left out',
      `${cause}; stop it: aws deploy stop-deployment --deployment-id d-ABCDEFGHI --auto-rollback-enabled --region us-west-2`,
      cause,
    ],
    [
      'what is left is cut between two words',
      `cannot start: ${'a long reason '.repeat(15)}; see ${link}`,
      `cannot start: ${'a long reason '.repeat(12)}a long reason a...`,
    ],
    [
      'a link in the middle of a cause is not cut',
      `${'word '.repeat(30)}${link} ended`,
      `${'word '.repeat(30).trim()}...`,
    ],
    [
      'a long word is cut rather than left out',
      `cannot call: ${'x'.repeat(300)}`,
      `cannot call: ${'x'.repeat(184)}...`,
    ],
    ['one endless word is cut all the same', 'x'.repeat(300), `${'x'.repeat(197)}...`],
  ])('%s', (_, message, expected) => expect(shorten(message, 200)).toBe(expected));

  it('is never too long, nor cut within a link or a character', () => {
    const piece = fc.oneof(fc.constantFrom(link, '; see ', '; ', ' ', '🚀', 'why', ': '), fc.string());
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.integer({ min: 110, max: 250 }), (pieces, length) => {
        const message = pieces.join(' ');
        const short = shorten(message, length);
        expect(short.length).toBeLessThanOrEqual(length);
        expect(short.split(link).join('')).not.toContain('https://');
        if (!halfAPair.test(message)) expect(short).not.toMatch(halfAPair);
      }),
    );
  });
});
