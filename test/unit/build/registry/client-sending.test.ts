import fs, { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import type { ClientRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { explainRegistryError } from '../../../../actions/build-and-push/src/registry/errors';
import { sendFile } from '../../../../actions/build-and-push/src/registry/file-body';
import { blob, closing, descriptor, digestOf, inTurn, open, stored } from './client-scene';
import { drop, type Seen, serve } from './server';

describe('sending', () => {
  let folder: string | undefined;
  afterEach(() => {
    if (folder) rmSync(folder, { recursive: true });
    folder = undefined;
  });
  function file() {
    folder = mkdtempSync(join(tmpdir(), 'client-test-'));
    const path = join(folder, 'layer');
    writeFileSync(path, blob);
    return { path, size: blob.length };
  }
  const begun = { status: 202, headers: { location: '/v2/app/blobs/uploads/1?state=x' } };

  it('sends a blob from disk to the address that the registry gave', async () => {
    const { client, seen } = await open(({ method }) => (method === 'POST' ? begun : { status: 201 }));
    await client.uploadBlob('app', descriptor.digest, file());
    const [, put] = seen;
    expect(put!.path).toBe(`/v2/app/blobs/uploads/1?state=x&digest=${encodeURIComponent(descriptor.digest)}`);
    expect(put!.body.toString()).toBe(blob);
    expect(put!.headers['content-length']).toBe(String(blob.length));
  });

  it.each([
    ['1?state=x', '/v2/app/blobs/uploads/1?state=x&'],
    ['../../../other/1', '/v2/other/1?'],
    ['?session=1', '/v2/app/blobs/uploads/?session=1&'],
    ['//HOST/store', '/store?'],
  ])('finds the address %j from where the upload was begun', async (location, path) => {
    const at = (base: URL) => location.replace('HOST', base.host);
    const { client, seen, base } = await open(({ method }) =>
      method === 'POST' ? { status: 202, headers: { location: at(base) } } : { status: 201 },
    );
    await client.uploadBlob('app', descriptor.digest, file());
    expect(seen[1]!.path).toBe(`${path}digest=${encodeURIComponent(descriptor.digest)}`);
  });

  it.each([307, 308])('sends a blob again where a %d sends it on', async (status) => {
    const storage = await serve(() => ({ status: 201 }));
    closing.push(storage.close);
    const answers = { POST: begun, PUT: { status, headers: { location: `${storage.base}store?sig=1` } } };
    const login = { user: 'AWS', password: 'pass' };
    const { client } = await open(({ method }) => answers[method as 'PUT'], { credentials: login });
    await client.uploadBlob('app', descriptor.digest, file());
    expect(storage.seen.map(({ method, path, body }) => [method, path, body.toString()])).toEqual([
      ['PUT', '/store?sig=1', blob],
    ]);
    expect(storage.seen[0]!.headers.authorization).toBeUndefined();
  });

  it.each([301, 302, 303])(
    'does not send a blob again after a %d, which says nothing of its method',
    async (status) => {
      const { client } = await open(({ method }) =>
        method === 'POST' ? begun : { status, headers: { location: '/elsewhere' } },
      );
      await expect(client.uploadBlob('app', descriptor.digest, file())).rejects.toThrow(`status ${status}`);
    },
  );

  const puts = (seen: readonly Seen[]) => seen.filter(({ method }) => method === 'PUT');

  it.each([
    ['larger', -3],
    ['smaller', 3],
  ])('sends nothing of a file that is %s than it should be, and does not try again', async (_, more) => {
    const { client, seen } = await open(({ method }) => (method === 'POST' ? begun : { status: 201 }));
    const { path, size } = file();
    const sending = client.uploadBlob('app', descriptor.digest, { path, size: size + more });
    await expect(sending).rejects.toThrow(
      `cannot send a layer: its file has ${size} bytes, not ${size + more}; run again`,
    );
    expect(puts(seen)).toEqual([]);
  });

  it.each([
    ['grows', (path: string) => appendFileSync(path, 'GET /evil HTTP/1.1\r\nhost: x\r\n\r\n'), true],
    ['shrinks', (path: string) => truncateSync(path, 5), false],
  ])('sends what the header says of a file that %s while it is sent, or ends', async (_, change, isSent) => {
    const { client, seen } = await open(({ method }) => (method === 'POST' ? begun : { status: 201 }));
    const { path, size } = file();
    const { statSync } = fs;
    const changing = jest.spyOn(fs, 'statSync').mockImplementation(((...words: Parameters<typeof statSync>) => {
      const facts = statSync(...words);
      change(path);
      return facts;
    }) as typeof statSync);
    try {
      const sending = client.uploadBlob('app', descriptor.digest, { path, size });
      if (isSent) await sending;
      else await expect(sending).rejects.toThrow(`its file has 5 bytes, not ${size}`);
    } finally {
      changing.mockRestore();
    }
    expect(seen.map(({ method }) => method)).toEqual(isSent ? ['POST', 'PUT'] : ['POST']);
    for (const { body } of puts(seen)) expect(body.toString()).toBe(blob);
  });

  it('reads a large file into one small buffer', async () => {
    const { path } = file();
    const content = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => at % 251));
    writeFileSync(path, content);
    const parts: Buffer[] = [];
    const buffers = new Set<ArrayBufferLike>();
    const connection = new Writable({
      write(chunk: Buffer, _encoding, done) {
        buffers.add(chunk.buffer);
        // What is done with the bytes before the connection says that it has taken them.
        setImmediate(() => done(void parts.push(Buffer.from(chunk)) as undefined));
      },
    });
    sendFile({ path, size: content.length }, connection as ClientRequest);
    await finished(connection);
    expect(Buffer.concat(parts).equals(content)).toBe(true);
    expect([...buffers].map(({ byteLength }) => byteLength)).toEqual([256 * 1024]);
  });

  it('says what is wrong with a file that does not exist', async () => {
    const { client } = await open(({ method }) => (method === 'POST' ? begun : { status: 201 }));
    const sending = client.uploadBlob('app', descriptor.digest, { path: '/nowhere/layer', size: 3 });
    await expect(sending).rejects.toThrow('cannot send a layer: its file has 0 bytes, not 3');
  });

  it('does not send again what arrived although the answer was lost', async () => {
    const { client, seen } = await open(({ method }) => {
      if (method === 'POST') return begun;
      return method === 'PUT' ? drop : { status: 200 };
    });
    await client.uploadBlob('app', descriptor.digest, file());
    expect(seen.map(({ method }) => method)).toEqual(['POST', 'PUT', 'HEAD']);
  });

  it('sends again what did not arrive', async () => {
    const put = inTurn({ status: 500 }, { status: 201 });
    const { client, seen } = await open(({ method }) => {
      if (method === 'POST') return begun;
      return method === 'PUT' ? put() : { status: 404 };
    });
    await client.uploadBlob('app', descriptor.digest, file());
    expect(seen.map(({ method }) => method)).toEqual(['POST', 'PUT', 'HEAD', 'POST', 'PUT']);
    expect(seen[4]!.body.toString()).toBe(blob);
  });

  it.each([
    [201, true],
    [202, false],
    [405, false],
  ])('mounts a blob: status %i is %s', async (status, mounted) => {
    const { client, seen } = await open(() => ({ status }));
    expect(await client.mountBlob('app', descriptor.digest, 'base')).toBe(mounted);
    expect(seen[0]!.path).toBe(`/v2/app/blobs/uploads/?mount=${encodeURIComponent(descriptor.digest)}&from=base`);
  });

  const refused = {
    status: 400,
    body: JSON.stringify({ errors: [{ code: 'TAG_INVALID', message: 'The image tag is immutable' }] }),
  };

  it('takes a refused tag for done when it is this very image', async () => {
    const there = { status: 200, headers: { 'docker-content-digest': stored.digest } };
    const { client } = await open(({ method }) => (method === 'PUT' ? refused : there));
    await client.putManifest('app', 'v1', stored);
  });

  it('says what the registry says when the tag is another image', async () => {
    const there = { status: 200, headers: { 'docker-content-digest': digestOf('x') } };
    const { client } = await open(({ method }) => (method === 'PUT' ? refused : there));
    const error = await client.putManifest('app', 'v1', stored).catch((failure: unknown) => failure);
    expect(explainRegistryError(error, 'host', 'app')?.message).toBe(
      'cannot push to host/app: status 400 TAG_INVALID The image tag is immutable; use another tag',
    );
  });
});
