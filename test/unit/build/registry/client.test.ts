import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { readBody } from '../../../../actions/build-and-push/src/registry/http';
import { types } from '../../../../actions/build-and-push/src/registry/oci';
import { blob, closing, descriptor, digestOf, inTurn, manifest, open, stored } from './client-scene';
import { type Answer, drop, serve } from './server';

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

  it('waits until the time of day that the registry names, by its own clock', async () => {
    const headers = { date: 'Wed, 21 Oct 2015 07:28:00 GMT', 'retry-after': 'Wed, 21 Oct 2015 07:28:09 GMT' };
    const { client, clock } = await open(inTurn({ status: 503, headers }, { status: 200 }));
    const before = clock.now();
    await client.hasBlob('app', descriptor.digest);
    expect(clock.now() - before).toBe(9_000);
  });

  it.each(['', '-7', 'soon', 'Wed, 21 Oct 2015 07:27:00 GMT'])(
    'waits its own time where it asks for %j',
    async (asked) => {
      const headers = { date: 'Wed, 21 Oct 2015 07:28:00 GMT', 'retry-after': asked };
      const { client, clock } = await open(inTurn({ status: 429, headers }, { status: 200 }));
      const before = clock.now();
      expect(await client.hasBlob('app', descriptor.digest)).toBe(true);
      expect(clock.now() - before).toBeLessThan(1_000);
    },
  );

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

  it.each([405, 501])('does without HEAD where it is answered by %d', async (status) => {
    const { client } = await open(({ method }) => (method === 'HEAD' ? { status } : { status: 200, body: manifest }));
    expect(await client.resolve('app', 'v1')).toBe(stored.digest);
    expect(await client.hasBlob('app', descriptor.digest)).toBe(false);
  });

  it('takes media types in any case', async () => {
    const headers = { 'content-type': `${types.index.toUpperCase()}; charset=utf-8` };
    const body = '{"schemaVersion":2,"manifests":[]}';
    const { client } = await open(() => ({ status: 200, headers, body }));
    expect((await client.manifest('app', 'v1'))?.mediaType).toBe(types.index);
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
