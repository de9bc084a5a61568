import { describe, expect, it } from '@jest/globals';
import { isLoopback, parseChallenge, tokenUrl } from '../../../../actions/build-and-push/src/registry/auth';

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
    [undefined, undefined],
  ])('%s', (header, challenge) => {
    expect(parseChallenge(header)).toEqual(challenge);
  });

  it('asks for the token with what the challenge says', () => {
    const url = tokenUrl({ scheme: 'bearer', realm: 'https://a/t?x=1', service: 's', scope: 'repository:a:pull' });
    expect(url.href).toBe('https://a/t?x=1&service=s&scope=repository%3Aa%3Apull');
  });
});

describe('isLoopback', () => {
  it.each([
    ['127.0.0.1:5000', true],
    ['127.1.2.3', true],
    ['localhost', true],
    ['localhost:80', true],
    ['[::1]:5000', true],
    ['127.0.0.1.example.com', false],
    ['localhost.example.com', false],
    ['10.0.0.1', false],
  ])('%s: %s', (host, loopback) => {
    expect(isLoopback(host)).toBe(loopback);
  });
});
