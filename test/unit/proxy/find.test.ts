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

  it.each([
    ['10.0.0.0/8', '10.1.2.3', true],
    ['192.168.0.0/16,10.1.2.0/24', '10.1.2.3', true],
    ['10.1.3.0/24', '10.1.2.3', false],
    ['0.0.0.0/0', '10.1.2.3', true],
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3:443', '10.1.2.3', true],
    ['10.1.2.3:5000', '10.1.2.3', false],
    ['2.3', '10.1.2.3', false],
    ['10.1.2.3', 'a.10.1.2.3.example', false],
    ['10.0.0.0/33', '10.1.2.3', false],
    ['10.0.0.0/8', 'example.com', false],
    ['fd00::/8', 'fd12::1', true],
    ['fd00::/8', '[fd12::1]', true],
    ['fd12:0::0001', 'fd12::1', true],
    ['[fd12::1]', 'fd12::1', true],
    ['[fd12::1]:443', 'fd12::1', true],
    ['[fd12::1]:5000', 'fd12::1', false],
    ['fe80::/10', 'fd12::1', false],
    ['::/0', '10.1.2.3', false],
    ['*', 'fd12::1', true],
    ['[/8', 'fd12::1', false],
  ])('NO_PROXY=%s exempts %s: %s', (no, host, exempt) => {
    expect(found(host, { HTTPS_PROXY: 'http://p:1', NO_PROXY: no }) === undefined).toBe(exempt);
  });

  it('that is of SOCKS is refused where it is for HTTPS, and passed by where it is for all', () => {
    expect(() => found('a.example', { HTTPS_PROXY: 'socks5://p:1' })).toThrow('is a SOCKS proxy; name an HTTP proxy');
    expect(found('a.example', { ALL_PROXY: 'SOCKS5h://p:1' })).toBeUndefined();
    expect(found('a.example', { ALL_PROXY: 'socks5://p:1', HTTPS_PROXY: 'http://q:2' })).toBe('http://q:2/');
  });

  it.each(['http://user:secret@:x', 'http://user:secret%@p:1'])(
    'that is not valid is reported without its password',
    (url) => {
      const env = { HTTPS_PROXY: url };
      expect(() => found('a.example', env)).toThrow(
        'the proxy for https://a.example has no valid address; correct HTTPS_PROXY or HTTP_PROXY',
      );
    },
  );
});

it('knows whether there is one at all', () => {
  expect(namesProxy({ NO_PROXY: '*', PATH: '/bin' })).toBe(false);
  for (const name of ['http_proxy', 'HTTPS_PROXY', 'ALL_PROXY']) expect(namesProxy({ [name]: 'p' })).toBe(true);
});
