import { createHash } from 'node:crypto';
import fs, { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { explainRegistryError } from '../../../../actions/build-and-push/src/registry/errors';
import { readBody } from '../../../../actions/build-and-push/src/registry/http';
import { types } from '../../../../actions/build-and-push/src/registry/oci';
import { type Answer, clientOf, drop, type Seen, serve } from './server';

const digestOf = (content: string | Buffer) => `sha256:${createHash('sha256').update(content).digest('hex')}`;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A client of a server that answers as the script says. */
async function open(script: (request: Seen) => Answer, options: Parameters<typeof clientOf>[1] = {}) {
  const server = await serve(script);
  const made = clientOf(server.base, options);
  closing.push(() => made.client.close(), server.close);
  return { ...server, ...made };
}

/** Answers in turn; the last one stays. */
function inTurn(...answers: Answer[]): () => Answer {
  let at = 0;
  return () => answers[Math.min(at++, answers.length - 1)]!;
}

const manifest = JSON.stringify({ schemaVersion: 2, mediaType: types.manifest, config: {}, layers: [] });
const stored = { digest: digestOf(manifest), mediaType: types.manifest, body: Buffer.from(manifest) };
const blob = 'the bytes of a layer';
const descriptor = { mediaType: types.layer, digest: digestOf(blob), size: blob.length };

describe('requests that may go well later', () => {
  it.each([
    ['429', { status: 429 }],
    ['500', { status: 500 }],
    ['503', { status: 503, body: '<html>Service Unavailable</html>' }],
    ['a dropped connection', drop],
  ])('%s is tried again', async (_, failure) => {
    const { client, seen, log } = await open(inTurn(failure as Answer, failure as Answer, { status: 200 }));
    expect(await client.hasBlob('app', descriptor.digest)).toBe(true);
    expect(seen).toHaveLength(3);
    expect(log).toHaveLength(2);
  });

  it('gives up after six attempts', async () => {
    const { client, seen } = await open(() => ({ status: 503 }));
    await expect(client.hasBlob('app', descriptor.digest)).rejects.toThrow('status 503');
    expect(seen).toHaveLength(6);
  });

  it('does not try again what the registry refuses', async () => {
    const body = JSON.stringify({ errors: [{ code: 'DENIED', message: 'no' }] });
    const { client, seen } = await open(() => ({ status: 403, body }));
    await expect(client.manifest('app', 'v1')).rejects.toThrow('status 403 DENIED no');
    expect(seen).toHaveLength(1);
  });

  it('waits as long as the registry asks', async () => {
    const { client, clock } = await open(inTurn({ status: 429, headers: { 'retry-after': '7' } }, { status: 200 }));
    const before = clock.now();
    await client.hasBlob('app', descriptor.digest);
    expect(clock.now() - before).toBe(7_000);
  });

  it.each(['30', '31', '7200', '1e999'])(
    'waits half a minute at most where it asks for %s seconds',
    async (seconds) => {
      const { client, clock } = await open(
        inTurn({ status: 429, headers: { 'retry-after': seconds } }, { status: 200 }),
      );
      const before = clock.now();
      expect(await client.hasBlob('app', descriptor.digest)).toBe(true);
      expect(clock.now() - before).toBe(30_000);
    },
  );

  it.each(['', '-7', 'Wed, 21 Oct 2026 07:28:00 GMT'])('waits its own time where it asks for %j', async (asked) => {
    const { client, clock } = await open(inTurn({ status: 429, headers: { 'retry-after': asked } }, { status: 200 }));
    const before = clock.now();
    expect(await client.hasBlob('app', descriptor.digest)).toBe(true);
    expect(clock.now() - before).toBeLessThan(1_000);
  });

  it('gives up an answer that drips, in headers and body together', async () => {
    const dripping: Answer = (response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(drip));
    };
    const whole = (body: string) => ({ status: 200, body });
    const { client, seen } = await open(inTurn(dripping, whole(manifest), dripping, whole(blob)), { answerMs: 200 });
    expect((await client.manifest('app', 'v1'))?.digest).toBe(stored.digest);
    expect((await client.smallBlob('app', { ...descriptor, size: blob.length })).toString()).toBe(blob);
    expect(seen).toHaveLength(4);
  });

  it('gives up a connection that is silent', async () => {
    const { client, seen } = await open(
      inTurn(() => {}, { status: 200 }),
      { idleMs: 50 },
    );
    expect(await client.hasBlob('app', descriptor.digest)).toBe(true);
    expect(seen).toHaveLength(2);
  });

  it('stops when it is interrupted', async () => {
    const ending = new AbortController();
    const { client } = await open(
      () => {
        ending.abort(new Error('interrupted'));
        return { status: 503 };
      },
      { signal: ending.signal },
    );
    await expect(client.hasBlob('app', descriptor.digest)).rejects.toThrow('interrupted');
  });
});

describe('reading', () => {
  it('checks the digest of a manifest', async () => {
    const good = { status: 200, headers: { 'content-type': types.manifest }, body: manifest };
    const { client, seen } = await open(inTurn({ ...good, body: `${manifest} ` }, good));
    expect(await client.manifest('app', stored.digest)).toEqual(stored);
    expect(seen).toHaveLength(2);
    expect(seen[0]!.headers.accept).toContain(types.index);
  });

  it('checks the digest of a tag against the registry’s own header', async () => {
    const { client } = await open(() => ({
      status: 200,
      headers: { 'docker-content-digest': digestOf('x') },
      body: manifest,
    }));
    await expect(client.manifest('app', 'v1')).rejects.toThrow(
      `it has the digest ${stored.digest}, not ${digestOf('x')}`,
    );
  });

  it('says undefined for what does not exist', async () => {
    const { client } = await open(() => ({ status: 404 }));
    expect(await client.manifest('app', 'v1')).toBeUndefined();
    expect(await client.resolve('app', 'v1')).toBeUndefined();
    expect(await client.hasBlob('app', descriptor.digest)).toBe(false);
  });

  it.each(['latest', 'sha256:x', ''])('does not believe a digest of the form %j', async (said) => {
    const headers = { 'docker-content-digest': said };
    const { client } = await open(({ method }) =>
      method === 'HEAD' ? { status: 200, headers } : { status: 200, body: manifest },
    );
    expect(await client.resolve('app', 'v1')).toBe(stored.digest);
  });

  it('checks a digest by its own algorithm', async () => {
    const digest = `sha512:${createHash('sha512').update(manifest).digest('hex')}`;
    const { client } = await open(() => ({
      status: 200,
      headers: { 'docker-content-digest': digest },
      body: manifest,
    }));
    expect((await client.manifest('app', 'v1'))?.digest).toBe(digest);
    expect((await client.manifest('app', digest))?.digest).toBe(digest);
  });

  it('computes the digest where the registry does not say it', async () => {
    const { client } = await open(() => ({ status: 200, body: manifest }));
    expect(await client.resolve('app', 'v1')).toBe(stored.digest);
  });

  it.each([
    ['damaged content', { status: 200, body: 'the BYTES of a layer' }],
    [
      'content that is cut off',
      ((response) => {
        response.writeHead(200, { 'content-length': String(blob.length) });
        response.write(blob.slice(0, 5), () => response.destroy());
      }) as Answer,
    ],
  ])('reads a blob anew after %s', async (_, failure) => {
    const { client } = await open(inTurn(failure as Answer, { status: 200, body: blob }));
    const read = client.readBlob('app', descriptor, (body) => readBody({ body }));
    expect((await read).toString()).toBe(blob);
  });

  const whole = (body: Readable) => readBody({ body });

  it('gives up a layer that falls silent', async () => {
    const silent: Answer = (response) => void response.writeHead(200).write(blob.slice(0, 5));
    const { client, seen } = await open(inTurn(silent, { status: 200, body: blob }), { idleMs: 50 });
    expect((await client.readBlob('app', descriptor, whole)).toString()).toBe(blob);
    expect(seen).toHaveLength(2);
  });

  it.each([-1, 1, 1e9])('reads nothing of a layer that announces %d bytes more than it should', async (more) => {
    const announcing: Answer = (response) =>
      response.writeHead(200, { 'content-length': String(blob.length + more) }).flushHeaders();
    const { client, seen } = await open(() => announcing, { idleMs: 200 });
    const said = `has ${blob.length + more} bytes, not the ${blob.length} that its manifest says`;
    await expect(client.readBlob('app', descriptor, whole)).rejects.toThrow(said);
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['longer', `${blob}!`, 'has more bytes'],
    ['shorter', blob.slice(1), `has ${blob.length - 1} bytes`],
  ])('does not read again a layer that is %s and does not announce it', async (_, body, said) => {
    const { client, seen } = await open(() => (response) => void response.writeHead(200).end(body));
    await expect(client.readBlob('app', descriptor, whole)).rejects.toThrow(said);
    expect(seen).toHaveLength(1);
  });

  it('takes the end of a connection for a dropped one where no end was announced', async () => {
    const closing: Answer = (response) => void response.socket!.end('HTTP/1.1 200 OK\r\n\r\nthe by');
    const { client, seen } = await open(inTurn(closing, { status: 200, body: blob }));
    expect((await client.readBlob('app', descriptor, whole)).toString()).toBe(blob);
    expect(seen).toHaveLength(2);
  });

  it.each([
    [{ status: 400, body: JSON.stringify({ errors: [{ code: 5, message: {} }] }) }, /^status 400$/],
    [{ status: 400, body: JSON.stringify({ errors: null }) }, /^status 400$/],
    [{ status: 400, body: 'null' }, /^status 400 null$/],
    [
      { status: 400, body: JSON.stringify({ errors: [{ code: 'A', message: 'a\n::error::\u001b[31mb' }] }) },
      /^status 400 A a ::error::b$/,
    ],
    [{ status: 400, body: JSON.stringify({ errors: [{ message: 'x'.repeat(9_000) }] }) }, /^status 400 x{500}…$/],
    [{ status: 400, body: `${'<b>'.repeat(700)}late` }, /^status 400$/],
    [{ status: 400, body: 'x'.repeat(100_000) }, /^status 400$/],
  ])('tells an error in one short line: %.80j', async (answer, line) => {
    const { client } = await open(() => answer);
    await expect(client.manifest('app', 'v1')).rejects.toThrow(line);
  });

  it('checks what the reader left unread', async () => {
    const { client } = await open(() => ({ status: 200, body: `${blob}!` }));
    const read = client.readBlob('app', descriptor, async (body) => {
      for await (const _ of body) return 'enough';
      return 'nothing';
    });
    await expect(read).rejects.toThrow();
  });
});

describe('who is there', () => {
  const credentials = { user: 'AWS', password: 'pass' };
  const basic = `Basic ${Buffer.from('AWS:pass').toString('base64')}`;

  it('sends the login at once', async () => {
    const { client, seen } = await open(() => ({ status: 200 }), { credentials });
    await client.hasBlob('app', descriptor.digest);
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([basic]);
  });

  it('asks for a token where the registry wants one, once for a repository', async () => {
    const { client, seen } = await open(({ path, headers }) => {
      if (path.startsWith('/token')) return { status: 200, body: JSON.stringify({ token: 't1' }) };
      if (headers.authorization === 'Bearer t1') return { status: 200 };
      const realm = `http://${headers.host}/token`;
      return {
        status: 401,
        headers: { 'www-authenticate': `Bearer realm="${realm}",service="s",scope="repository:app:pull"` },
      };
    });
    await client.hasBlob('app', descriptor.digest);
    await client.hasBlob('app', descriptor.digest);
    expect(seen.map(({ path }) => path.split('?')[0])).toEqual([
      `/v2/app/blobs/${descriptor.digest}`,
      '/token',
      `/v2/app/blobs/${descriptor.digest}`,
      `/v2/app/blobs/${descriptor.digest}`,
    ]);
    expect(seen[1]!.path).toBe('/token?service=s&scope=repository%3Aapp%3Apull');
  });

  it('does not show the login to another host', async () => {
    const storage = await serve(() => ({ status: 200, body: blob }));
    closing.push(storage.close);
    const { client, seen } = await open(() => ({ status: 307, headers: { location: `${storage.base}blob?sig=1` } }), {
      credentials,
    });
    await client.readBlob('app', descriptor, (body) => readBody({ body }));
    expect(seen[0]!.headers.authorization).toBe(basic);
    expect(storage.seen[0]!.headers.authorization).toBeUndefined();
  });

  it('does not follow to an address that is not encrypted', async () => {
    const { client } = await open(() => ({ status: 307, headers: { location: 'http://example.com/blob' } }), {
      credentials,
    });
    await expect(client.hasBlob('app', descriptor.digest)).rejects.toThrow('not encrypted');
  });
});

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
