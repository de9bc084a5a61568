import { describe, expect, it } from '@jest/globals';
import { namesProxy, proxyFor } from '../../../shared/proxy/find';

const https = (host: string, port = 443) => ({ protocol: 'https:', host, port }) as const;
const found = (host: string, env: NodeJS.ProcessEnv, port?: number) => proxyFor(https(host, port), env)?.href;

describe('the proxy for an address', () => {
  it('is that of its protocol, in either case, else the one for all', () => {
    expect(found('a.example', { HTTPS_PROXY: 'http://p:1' })).toBe('http://p:1/');
    expect(found('a.example', { https_proxy: 'http://q:2', HTTPS_PROXY: 'http://p:1' })).toBe('http://q:2/');
    expect(found('a.example', { HTTP_PROXY: 'http://p:1' })).toBeUndefined();
    expect(proxyFor({ protocol: 'http:', host: 'a.example', port: 80 }, { HTTP_PROXY: 'http://p:1' })?.host).toBe(
      'p:1',
    );
    expect(found('a.example', { ALL_PROXY: 'https://p:1' })).toBe('https://p:1/');
    expect(found('a.example', { HTTPS_PROXY: 'p:3128' })).toBe('http://p:3128/');
    expect(found('a.example', { HTTPS_PROXY: '' })).toBeUndefined();
  });

  it.each(['localhost', '127.0.0.1', '127.8.9.1', '::1', '[::1]'])('is none for this machine: %s', (host) => {
    expect(found(host, { HTTPS_PROXY: 'http://p:1' })).toBeUndefined();
  });

  it.each([
    ['amazonaws.com', true],
    ['.amazonaws.com', true],
    ['*.amazonaws.com', true],
    ['EXAMPLE.com, ecs.us-west-2.amazonaws.com', true],
    ['a b\tecs.us-west-2.amazonaws.com:443', true],
    ['*', true],
    ['ecs.us-west-2.amazonaws.com:8443', false],
    ['naws.com', false],
    ['us-west-2', false],
    [',', false],
    ['', false],
  ])('NO_PROXY=%s exempts ecs.us-west-2.amazonaws.com: %s', (no, exempt) => {
    const env = { HTTPS_PROXY: 'http://p:1', NO_PROXY: no };
    expect(found('ecs.us-west-2.amazonaws.com', env) === undefined).toBe(exempt);
  });

  it('that is of SOCKS is refused where it is for HTTPS, and passed by where it is for all', () => {
    expect(() => found('a.example', { HTTPS_PROXY: 'socks5://p:1' })).toThrow('is of SOCKS; name an HTTP proxy');
    expect(found('a.example', { ALL_PROXY: 'SOCKS5h://p:1' })).toBeUndefined();
    expect(found('a.example', { ALL_PROXY: 'socks5://p:1', HTTPS_PROXY: 'http://q:2' })).toBe('http://q:2/');
  });

  it('that is not an address is reported without its password', () => {
    const env = { HTTPS_PROXY: 'http://user:secret@:x' };
    expect(() => found('a.example', env)).toThrow(
      'the proxy for https://a.example has no valid address; correct HTTPS_PROXY or HTTP_PROXY',
    );
  });
});

it('knows whether there is one at all', () => {
  expect(namesProxy({ NO_PROXY: '*', PATH: '/bin' })).toBe(false);
  for (const name of ['http_proxy', 'HTTPS_PROXY', 'ALL_PROXY']) expect(namesProxy({ [name]: 'p' })).toBe(true);
});
