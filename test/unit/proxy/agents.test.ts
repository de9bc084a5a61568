import { createServer, get, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Agents, createAgents } from '../../../shared/proxy/agents';
import { registryCertificate } from '../../support/certificate';
import { type ForwardProxy, openProxy } from '../../support/proxy';

const ca = registryCertificate.cert;

let server: Server;
let port: number;
let opened: { close(): unknown }[];
beforeEach(async () => {
  opened = [];
  server = createServer(registryCertificate, ({ url }, answer) => answer.end(`seen ${url}`));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterEach(async () => {
  for (const one of opened) await one.close();
  await new Promise((resolve) => server.close(resolve));
});

async function proxy(status?: number): Promise<ForwardProxy> {
  const made = await openProxy(status);
  opened.push(made);
  return made;
}

function agents(env: NodeJS.ProcessEnv): Agents {
  const made = createAgents(env, { keepAlive: true });
  opened.push({ close: () => made.httpsAgent.destroy() });
  return made;
}

const ask = ({ httpsAgent: agent }: Agents, host: string, options: object = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const request = get(`https://${host}:${port}/x`, { agent, ca, ...options }, async (answer) => {
      let text = '';
      for await (const chunk of answer) text += chunk;
      resolve(text);
    });
    request.on('error', reject);
  });

describe('agents', () => {
  it('go through the proxy with its user and password, once for a host', async () => {
    const { url, asked } = await proxy();
    const made = agents({ HTTPS_PROXY: url });
    expect(await ask(made, 'registry.example')).toBe('seen /x');
    expect(await ask(made, 'registry.example')).toBe('seen /x');
    expect(await ask(made, 'a.registry.example')).toBe('seen /x');
    const authorization = `Basic ${Buffer.from('user:hidden@word').toString('base64')}`;
    expect(asked).toEqual([
      { host: `registry.example:${port}`, authorization },
      { host: `a.registry.example:${port}`, authorization },
    ]);
  });

  it('see that the certificate is that of the host', async () => {
    const { url } = await proxy();
    await expect(ask(agents({ HTTPS_PROXY: url }), 'other.example')).rejects.toThrow(/altnames/);
    await expect(ask(agents({ HTTPS_PROXY: url }), 'registry.example', { ca: [] })).rejects.toThrow(/self.signed/);
  });

  it('go directly to this machine, and where no proxy is named', async () => {
    const { url, asked } = await proxy();
    const local = { checkServerIdentity: () => undefined };
    expect(await ask(agents({ HTTPS_PROXY: url }), 'localhost', local)).toBe('seen /x');
    expect(await ask(agents({}), '127.0.0.1', local)).toBe('seen /x');
    expect(asked).toEqual([]);
  });

  it.each([
    [403, 'refuses it (status 403); check HTTPS_PROXY and NO_PROXY'],
    [407, 'requires a login (status 407); name a user and password that it accepts in HTTPS_PROXY, as in'],
  ])('say that a proxy refuses: %d', async (status, said) => {
    const { url } = await proxy(status);
    await expect(ask(agents({ HTTPS_PROXY: url }), 'registry.example')).rejects.toMatchObject({
      name: 'ProxyRefusal',
      message: expect.stringContaining(`the proxy ${new URL(url).host} ${said}`),
    });
  });

  it.each([
    [502, 'status 502', 'ECONNREFUSED', {}],
    [0, 'Proxy timeout', 'ECONNREFUSED', { timeout: 20 }],
  ])('fail in a way that is tried again where a proxy cannot: %s', async (status, reason, code, limits) => {
    const { url } = await proxy(status);
    await expect(ask(agents({ HTTPS_PROXY: url }), 'registry.example', limits)).rejects.toMatchObject({
      message: `the proxy ${new URL(url).host}: ${reason}`,
      code,
    });
  });

  it('fail in the same way where no proxy listens', async () => {
    const { url, close } = await openProxy();
    await close();
    await expect(ask(agents({ HTTPS_PROXY: url }), 'registry.example')).rejects.toMatchObject({
      message: expect.stringMatching(/^the proxy 127\.0\.0\.1:\d+: connect ECONNREFUSED/),
      code: 'ECONNREFUSED',
    });
  });
});
