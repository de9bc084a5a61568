import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { types } from '../../../../actions/build-and-push/src/registry/oci';
import { clientOf, serve } from './server';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe('a layer that its reader cannot read', () => {
  const text = Array.from({ length: 20_000 }, (_, at) => createHash('md5').update(String(at)).digest('hex')).join('');
  const blob = gzipSync(text);
  const descriptor = {
    mediaType: types.gzipLayer,
    digest: `sha256:${createHash('sha256').update(blob).digest('hex')}`,
    size: blob.length,
  };
  const damaged = Buffer.concat([blob.subarray(0, 5_000), Buffer.alloc(400, 0xff), blob.subarray(5_400)]);
  const unzip = async (content: Readable) => {
    const chunks: Buffer[] = [];
    await pipeline(content, createGunzip(), async (unzipped: AsyncIterable<Buffer>) => {
      for await (const chunk of unzipped) chunks.push(chunk);
    });
    return Buffer.concat(chunks).toString();
  };

  async function open(...bodies: Buffer[]) {
    const server = await serve(() => ({ status: 200, body: bodies[Math.min(server.seen.length, bodies.length) - 1]! }));
    const made = clientOf(server.base);
    closing.push(() => made.client.close(), server.close);
    return { ...server, ...made };
  }

  it('is read again where it was damaged in transit', async () => {
    const { client, seen, log } = await open(damaged, blob);
    expect(await client.readBlob('app', descriptor, unzip)).toBe(text);
    expect(seen).toHaveLength(2);
    expect(log).toEqual([expect.stringMatching(/it has the digest sha256:\w+, not .*; trying again/)]);
  });

  it('is not read again where it arrived as it is', async () => {
    const { client, seen } = await open(blob);
    const refusing = () => Promise.reject(new Error('no tar'));
    await expect(client.readBlob('app', descriptor, refusing)).rejects.toThrow('no tar');
    expect(seen).toHaveLength(1);
  });
});

it('says that a registry does not speak TLS', async () => {
  const server = await serve(() => ({ status: 200 }));
  const { client } = clientOf(new URL(`https://127.0.0.1:${new URL(server.base).port}`));
  closing.push(() => client.close(), server.close);
  await expect(client.hasBlob('app', `sha256:${'0'.repeat(64)}`)).rejects.toMatchObject({
    message: 'it does not speak TLS',
    next: expect.stringContaining('check the address and the port'),
  });
});

/** A port whose listener takes no connection and whose queue of them is full, so that further ones hang. */
async function fullPort(): Promise<number> {
  const script = `
    const server = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      require('fs').writeSync(1, String(server.address().port));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`;
  const child = spawn(process.execPath, ['-e', script]);
  const port = Number(await new Promise((resolve) => child.stdout.once('data', resolve)));
  const fillers = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  closing.push(() => {
    for (const filler of fillers) filler.destroy();
    child.kill('SIGKILL');
  });
  await new Promise((resolve) => fillers[0]!.once('connect', resolve));
  return port;
}

it('gives up a host that takes no connection', async () => {
  const { client, log } = clientOf(new URL(`http://127.0.0.1:${await fullPort()}`), { idleMs: 50 });
  closing.push(() => client.close());
  await expect(client.manifest('app', 'v1')).rejects.toThrow('no answer within 0.05 s');
  expect(log).toHaveLength(5);
});
