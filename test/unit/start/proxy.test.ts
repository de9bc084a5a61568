import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startLoad } from '../../local/tour/load';
import { startProxy, type TrafficProxy } from '../../local/tour/proxy';

const open: (Server | TrafficProxy)[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) {
    if ('address' in one && typeof one.address === 'string') await (one as TrafficProxy).close();
    else await new Promise((resolve) => (one as Server).close(resolve));
  }
});

async function task(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(server);
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

async function proxyTo(choose: Parameters<typeof startProxy>[0]): Promise<TrafficProxy> {
  const proxy = await startProxy(choose);
  open.push(proxy);
  return proxy;
}

const city: RequestListener = (_, response) => response.end('<h1>Las Vegas</h1>');
const versionOf = (page: string) => /<h1>(.*)<\/h1>/.exec(page)?.[1];

describe('startProxy', () => {
  it('passes requests and answers on as they are', async () => {
    const target = await task((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () =>
        response.writeHead(201, { 'x-city': 'one' }).end(`${request.method} ${request.url} ${body}`),
      );
    });
    const { address } = await proxyTo(() => target);
    const answer = await fetch(`${address}a?b=c`, { method: 'POST', body: 'text' });
    expect([answer.status, answer.headers.get('x-city'), await answer.text()]).toEqual([
      201,
      'one',
      'POST /a?b=c text',
    ]);
  });

  it('answers 503 without a target and 502 for one that does not answer', async () => {
    const dead = await task((request) => request.socket.destroy());
    const targets = [undefined, dead];
    const { address } = await proxyTo(() => targets.shift());
    expect([(await fetch(address)).status, (await fetch(address)).status]).toEqual([503, 502]);
  });
});

describe('startLoad', () => {
  it('counts answers by version, those with status 500, and as lost all that names none', async () => {
    const good = await task(city);
    const broken = await task((_, response) => response.writeHead(500).end('<h1>Las Vegas</h1>'));
    const nameless = await task((_, response) => response.end('hello'));
    let asked = 0;
    const { address } = await proxyTo(() => [good, broken, good, nameless][asked++ % 4]);
    const load = startLoad({ address, every: 1, versionOf });
    while (asked < 40) await new Promise((resolve) => setImmediate(resolve));
    const { versions, failed, lost } = await load.stop();
    expect(versions.get('Las Vegas')).toBe(Math.ceil(asked / 2));
    expect(failed).toBe(Math.floor((asked + 2) / 4));
    expect((versions.get('Las Vegas') ?? 0) + failed + lost).toBe(asked);
  });

  it('counts an answer in the window in which it was asked for', async () => {
    const waiting: (() => void)[] = [];
    const slow = await task((_, response) => void waiting.push(() => response.end('<h1>Las Vegas</h1>')));
    const { address } = await proxyTo(() => slow);
    const load = startLoad({ address, every: 1, versionOf });
    while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const first = load.cut();
    const before = waiting.length;
    const stopped = load.stop();
    const answering = setInterval(() => {
      for (const answer of waiting.splice(0)) answer();
    }, 1);
    await stopped;
    clearInterval(answering);
    expect(first.versions.get('Las Vegas')).toBeGreaterThanOrEqual(before);
    expect(load.total().versions.get('Las Vegas')).toBeGreaterThanOrEqual(before);
  });
});
