import { describe, expect, it } from '@jest/globals';
import { parseChallenge, tokenUrl } from '../../../../actions/build-and-push/src/registry/auth';

describe('parseChallenge', () => {
  it.each([
    ['Basic realm="https://1.dkr.ecr.us-west-2.amazonaws.com/",service="ecr.amazonaws.com"', { scheme: 'basic' }],
    [
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/node:pull,push"',
      {
        scheme: 'bearer',
        realm: 'https://auth.docker.io/token',
        service: 'registry.docker.io',
        scope: 'repository:library/node:pull,push',
      },
    ],
    ['bearer realm=https://a/t', { scheme: 'bearer', realm: 'https://a/t' }],
    ['Bearer service="x"', undefined],
    ['Negotiate', undefined],
    ['Negotiate YWJj==', undefined],
    // Several challenges in one header, or in several that Node joins.
    [
      'Basic realm="a, b", Bearer realm="https://a/t",service="s"',
      { scheme: 'bearer', realm: 'https://a/t', service: 's' },
    ],
    [
      'Bearer realm="https://a/t",scope="repository:a:pull,push", Basic realm="a"',
      { scheme: 'bearer', realm: 'https://a/t', scope: 'repository:a:pull,push' },
    ],
    ['Negotiate, Basic realm="a"', { scheme: 'basic' }],
    ['BASIC', { scheme: 'basic' }],
    ['Bearer realm = "https://a/t?x=\\"1"', { scheme: 'bearer', realm: 'https://a/t?x="1' }],
    ['Basic realm="Bearer realm=https://evil/"', { scheme: 'basic' }],
    ['Bearer error="x"', undefined],
    ['realm="https://a/t"', undefined],
    [','.repeat(5_000), undefined],
    ['"', undefined],
    [undefined, undefined],
  ])('%s', (header, challenge) => {
    expect(parseChallenge(header)).toEqual(challenge);
  });

  it('asks for the token with what the challenge says', () => {
    const url = tokenUrl({ scheme: 'bearer', realm: 'https://a/t?x=1', service: 's', scope: 'repository:a:pull' });
    expect(url.href).toBe('https://a/t?x=1&service=s&scope=repository%3Aa%3Apull');
  });
});
