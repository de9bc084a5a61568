import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { blob, digest, digestOf, openRegistryScene, type RegistryScene } from './registry-scene';

let aws: RegistryScene['aws'];
let ask: RegistryScene['ask'];
let push: RegistryScene['push'];
let pushImage: RegistryScene['pushImage'];
beforeEach(async () => {
  ({ aws, ask, push, pushImage } = await openRegistryScene());
});
afterEach(() => aws.close());

describe('blobs', () => {
  it('arrive in one request', async () => {
    const answer = await ask('POST', `/v2/team/app/blobs/uploads/?digest=${digest}`, blob);
    expect(answer).toMatchObject({ status: 201, location: `/v2/team/app/blobs/${digest}` });
    expect((await ask('GET', answer.location)).bytes).toEqual(blob);
  });

  it('arrive in two requests', async () => {
    expect((await push(blob)).status).toBe(201);
    const head = await ask('HEAD', `/v2/team/app/blobs/${digest}`);
    expect([head.status, head.headers.get('content-length'), head.headers.get('docker-content-digest')]).toEqual([
      200,
      String(blob.length),
      digest,
    ]);
  });

  it('arrive in pieces, each where the last one ended', async () => {
    const { location } = await ask('POST', '/v2/team/app/blobs/uploads/');
    const first = await ask('PATCH', location, blob.subarray(0, 5), { 'content-range': '0-4' });
    expect([first.status, first.headers.get('range')]).toEqual([202, '0-4']);
    expect((await ask('PATCH', location, blob.subarray(9), { 'content-range': '9-21' })).status).toBe(416);
    expect((await ask('GET', location)).headers.get('range')).toBe('0-4');
    await ask('PATCH', location, blob.subarray(5, 9), { 'content-range': '5-8' });
    expect((await ask('PUT', `${location}?digest=${digest}`, blob.subarray(9))).status).toBe(201);
    expect((await ask('GET', `/v2/team/app/blobs/${digest}`)).bytes).toEqual(blob);
  });

  it('are streamed, however large', async () => {
    const large = randomBytes(20_000_000);
    expect((await push(large)).status).toBe(201);
    expect((await ask('GET', `/v2/team/app/blobs/${digestOf(large)}`)).bytes.equals(large)).toBe(true);
  });

  it('with another digest are refused and forgotten', async () => {
    const { location } = await ask('POST', '/v2/team/app/blobs/uploads/');
    const wrong = digestOf(Buffer.from('other'));
    expect(await ask('PUT', `${location}?digest=${wrong}`, blob)).toMatchObject({
      status: 400,
      code: 'DIGEST_INVALID',
    });
    expect(await ask('PUT', `${location}?digest=${digest}`)).toMatchObject({
      status: 404,
      code: 'BLOB_UPLOAD_UNKNOWN',
    });
    expect(await ask('GET', `/v2/team/app/blobs/${wrong}`)).toMatchObject({ status: 404, code: 'BLOB_UNKNOWN' });
  });

  it('are mounted from another repository', async () => {
    aws.ecr.createRepository('base');
    await push(blob, 'base');
    expect((await ask('HEAD', `/v2/team/app/blobs/${digest}`)).status).toBe(404);
    expect((await ask('POST', `/v2/team/app/blobs/uploads/?mount=${digest}&from=base`)).status).toBe(201);
    expect((await ask('HEAD', `/v2/team/app/blobs/${digest}`)).status).toBe(200);
    expect((await ask('POST', `/v2/team/app/blobs/uploads/?mount=${digest}&from=none`)).status).toBe(202);
  });

  it.each([
    ['bytes=4-', 206, blob.subarray(4)],
    ['bytes=4-6', 206, blob.subarray(4, 7)],
    ['bytes=-3', 206, blob.subarray(-3)],
    ['bytes=0-999', 206, blob],
    ['lines=1-2', 200, blob],
  ])('are read by the range %s', async (range, status, bytes) => {
    await push(blob);
    expect(await ask('GET', `/v2/team/app/blobs/${digest}`, undefined, { range })).toMatchObject({ status, bytes });
  });

  it('have no bytes after their end', async () => {
    await push(blob);
    expect((await ask('GET', `/v2/team/app/blobs/${digest}`, undefined, { range: 'bytes=99-' })).status).toBe(416);
  });

  it('are not taken by a repository that does not exist', async () => {
    expect(await ask('POST', '/v2/none/blobs/uploads/')).toMatchObject({ status: 404, code: 'NAME_UNKNOWN' });
    expect(aws.ecr.repositories.has('none')).toBe(false);
  });

  it('are deleted, and uploads cancelled', async () => {
    await push(blob);
    expect((await ask('DELETE', `/v2/team/app/blobs/${digest}`)).status).toBe(202);
    expect((await ask('HEAD', `/v2/team/app/blobs/${digest}`)).status).toBe(404);
    const { location } = await ask('POST', '/v2/team/app/blobs/uploads/');
    expect((await ask('DELETE', location)).status).toBe(204);
    expect((await ask('GET', location)).status).toBe(404);
  });
});

describe('faults', () => {
  it.each([
    [{ kind: 'throttle' } as const, 429, 'TOOMANYREQUESTS'],
    [{ kind: 'refuse' } as const, 403, 'DENIED'],
    [{ kind: 'status', status: 503 } as const, 503, 'status 503'],
    [{ kind: 'error', code: 'UNKNOWN', message: 'x', status: 500 } as const, 500, 'UNKNOWN'],
  ])('%j, once', async (effect, status, outcome) => {
    aws.faults.add({ on: 'registry:PUT blobs', effect });
    expect((await push(blob)).status).toBe(status);
    expect((await push(blob)).status).toBe(201);
    const uploads = aws.mutations().filter(({ operation }) => operation === 'PUT blobs');
    expect(uploads.map((call) => call.outcome)).toEqual([outcome, 'ok']);
  });

  it.each([
    ['before', 404],
    ['after', 200],
  ] as const)('a connection cut %s the upload took effect', async (when, status) => {
    aws.faults.add({ on: 'registry:PUT blobs', effect: { kind: 'drop', when } });
    await expect(push(blob)).rejects.toThrow('fetch failed');
    expect((await ask('HEAD', `/v2/team/app/blobs/${digest}`)).status).toBe(status);
  });

  it('a wrong digest', async () => {
    await pushImage('v1');
    aws.faults.add({ on: 'registry:HEAD manifests', effect: { kind: 'wrong-digest' } });
    const digests = [];
    for (let i = 0; i < 2; i++)
      digests.push((await ask('HEAD', '/v2/team/app/manifests/v1')).headers.get('docker-content-digest'));
    expect(digests[0]).not.toBe(digests[1]);
  });
});
