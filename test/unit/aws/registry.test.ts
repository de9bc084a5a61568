import { createHash, randomBytes } from 'node:crypto';
import { ECR } from '@aws-sdk/client-ecr';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createEmbeddedAws, type EmbeddedAws, type Endpoint } from '../../local/aws/embedded';
import { seedBaseImage } from '../../local/aws/registry/seed';

const digestOf = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';
const blob = Buffer.from('the content of a layer');
const digest = digestOf(blob);

let aws: EmbeddedAws;
let http: Endpoint;
let authorization: string;
let ecr: ECR;
beforeEach(async () => {
  aws = createEmbeddedAws();
  http = await aws.listen();
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
  ecr = new ECR({ region: aws.region, credentials, requestHandler: aws.handler as never });
  const { authorizationData } = await ecr.getAuthorizationToken({});
  authorization = `Basic ${authorizationData?.[0]?.authorizationToken}`;
  aws.ecr.createRepository('team/app');
});
afterEach(() => aws.close());

async function ask(method: string, path: string, body?: Uint8Array | string, headers: Record<string, string> = {}) {
  const url = new URL(path, http.endpoint);
  const answer = await fetch(url, {
    method,
    headers: { authorization, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  return {
    status: answer.status,
    headers: answer.headers,
    bytes,
    code: codeOf(bytes),
    location: answer.headers.get('location') ?? '',
  };
}

function codeOf(bytes: Buffer): string | undefined {
  try {
    return JSON.parse(bytes.toString('utf8')).errors?.[0]?.code;
  } catch {
    return undefined;
  }
}

async function push(bytes: Uint8Array, repository = 'team/app') {
  const { location } = await ask('POST', `/v2/${repository}/blobs/uploads/`);
  return ask('PUT', `${location}?digest=${digestOf(bytes)}`, bytes);
}

const descriptor = (bytes: Buffer, mediaType = 'application/vnd.oci.image.layer.v1.tar') => ({
  mediaType,
  digest: digestOf(bytes),
  size: bytes.length,
});
const manifestFor = (config: Buffer, ...layers: Buffer[]) =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: descriptor(config, 'application/vnd.oci.image.config.v1+json'),
    layers: layers.map((layer) => descriptor(layer)),
  });
const putManifest = (reference: string, manifest: string, type = manifestType) =>
  ask('PUT', `/v2/team/app/manifests/${reference}`, manifest, { 'content-type': type });

const config = Buffer.from('{}');
async function pushImage(tag: string, layer = blob) {
  await push(config);
  await push(layer);
  return putManifest(tag, manifestFor(config, layer));
}

describe('the door', () => {
  it('asks for basic authentication', async () => {
    const answer = await fetch(`${http.endpoint}/v2/`);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
  });

  it('opens to the user AWS with a password of GetAuthorizationToken, which is as long as real ones', async () => {
    expect((await ask('GET', '/v2/')).status).toBe(200);
    const text = Buffer.from(authorization.slice(6), 'base64').toString();
    expect(text).toMatch(/^AWS:.{1800}$/);
    const other = `Basic ${Buffer.from(text.replace('AWS:', 'me:')).toString('base64')}`;
    expect((await ask('GET', '/v2/', undefined, { authorization: other })).status).toBe(401);
  });

  it('closes after twelve hours', async () => {
    await aws.clock.advance(12 * 3_600_000);
    expect(await ask('GET', '/v2/')).toMatchObject({ status: 403, code: 'DENIED' });
  });

  it('knows its address and those of other accounts', async () => {
    const { authorizationData } = await ecr.getAuthorizationToken({ registryIds: ['123456789012', '210987654321'] });
    expect(authorizationData?.map(({ proxyEndpoint }) => proxyEndpoint)).toEqual([
      http.endpoint,
      'https://210987654321.dkr.ecr.us-west-2.amazonaws.com',
    ]);
  });
});

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

describe('manifests', () => {
  it('come back byte for byte, by tag and digest', async () => {
    const put = await pushImage('v1');
    const bytes = Buffer.from(manifestFor(config, blob));
    expect([put.status, put.headers.get('docker-content-digest')]).toEqual([201, digestOf(bytes)]);
    for (const reference of ['v1', digestOf(bytes)]) {
      const got = await ask('GET', `/v2/team/app/manifests/${reference}`);
      expect([got.bytes, got.headers.get('content-type')]).toEqual([bytes, manifestType]);
    }
    const head = await ask('HEAD', '/v2/team/app/manifests/v1');
    expect(head.headers.get('docker-content-digest')).toBe(digestOf(bytes));
  });

  it('are what ECR describes', async () => {
    await pushImage('v1');
    await putManifest('v2', manifestFor(config, blob));
    const { imageDetails } = await ecr.describeImages({ repositoryName: 'team/app' });
    expect(imageDetails).toEqual([
      expect.objectContaining({
        imageDigest: digestOf(Buffer.from(manifestFor(config, blob))),
        imageTags: ['v1', 'v2'],
        imageSizeInBytes: config.length + blob.length,
        imagePushedAt: aws.clock.date(),
      }),
    ]);
  });

  it.each([
    ['not JSON', '{', manifestType, 'MANIFEST_INVALID'],
    ['of an old schema', '{"schemaVersion":1}', manifestType, 'MANIFEST_INVALID'],
    ['of another type than was said', manifestFor(config), indexType, 'MANIFEST_INVALID'],
    [
      'with a layer that does not exist',
      manifestFor(config, Buffer.from('gone')),
      manifestType,
      'MANIFEST_BLOB_UNKNOWN',
    ],
    [
      'with a child that does not exist',
      JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: [descriptor(blob, manifestType)] }),
      indexType,
      'MANIFEST_BLOB_UNKNOWN',
    ],
  ])('%s are refused', async (_name, manifest, type, code) => {
    await push(config);
    expect(await putManifest('v1', manifest, type)).toMatchObject({ status: 400, code });
  });

  it('are refused under another digest, and under a tag that is none', async () => {
    await push(config);
    expect(await putManifest(digest, manifestFor(config))).toMatchObject({ status: 400, code: 'DIGEST_INVALID' });
    expect(await putManifest('-v1', manifestFor(config))).toMatchObject({ status: 400, code: 'TAG_INVALID' });
  });

  it('of indexes list their images', async () => {
    const image = Buffer.from(manifestFor(config, blob));
    await push(config);
    await push(blob);
    await putManifest(digestOf(image), image.toString());
    const index = JSON.stringify({
      schemaVersion: 2,
      mediaType: indexType,
      manifests: [descriptor(image, manifestType)],
    });
    expect((await putManifest('v1', index, indexType)).status).toBe(201);
    const { imageIds } = await ecr.listImages({ repositoryName: 'team/app', filter: { tagStatus: 'UNTAGGED' } });
    expect(imageIds).toEqual([{ imageDigest: digestOf(image) }]);
    expect(
      (await ecr.describeImages({ repositoryName: 'team/app', imageIds: [{ imageTag: 'v1' }] })).imageDetails,
    ).toEqual([
      expect.objectContaining({ imageSizeInBytes: config.length + blob.length, imageManifestMediaType: indexType }),
    ]);
  });

  it('are deleted with their tags, or lose a tag', async () => {
    await pushImage('v1');
    await putManifest('v2', manifestFor(config, blob));
    await ask('DELETE', '/v2/team/app/manifests/v2');
    expect((await ask('GET', '/v2/team/app/tags/list')).bytes.toString()).toBe('{"name":"team/app","tags":["v1"]}');
    await ask('DELETE', `/v2/team/app/manifests/${digestOf(Buffer.from(manifestFor(config, blob)))}`);
    expect(await ask('GET', '/v2/team/app/manifests/v1')).toMatchObject({ status: 404, code: 'MANIFEST_UNKNOWN' });
  });
});

describe('tags', () => {
  it('are listed in pages', async () => {
    for (const tag of ['c', 'a', 'b']) await pushImage(tag);
    const first = await ask('GET', '/v2/team/app/tags/list?n=2');
    expect(JSON.parse(first.bytes.toString()).tags).toEqual(['a', 'b']);
    const next = /<(.+)>/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    expect(JSON.parse((await ask('GET', next)).bytes.toString()).tags).toEqual(['c']);
  });

  it('move where the repository lets them, and are refused where it does not, even for the same image', async () => {
    await pushImage('v1');
    expect((await pushImage('v1', Buffer.from('newer'))).status).toBe(201);
    await ecr.putImageTagMutability({ repositoryName: 'team/app', imageTagMutability: 'IMMUTABLE' });
    expect(await pushImage('v1', Buffer.from('newer'))).toMatchObject({ status: 400, code: 'TAG_INVALID' });
    expect((await pushImage('v2')).status).toBe(201);
  });

  it('that match an exclusion still move', async () => {
    await ecr.putImageTagMutability({
      repositoryName: 'team/app',
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'dev-*' }],
    });
    await pushImage('dev-1');
    expect((await pushImage('dev-1')).status).toBe(201);
    await pushImage('v1');
    expect((await pushImage('v1')).status).toBe(400);
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

describe('seeded images', () => {
  it('can be pulled', async () => {
    const image = await seedBaseImage(aws.ecr, { repository: 'base', tag: '1', files: { '/etc/motd': 'hello\n' } });
    const manifest = JSON.parse((await ask('GET', '/v2/base/manifests/1')).bytes.toString());
    expect(image.digest).toBe((await ask('HEAD', '/v2/base/manifests/1')).headers.get('docker-content-digest'));
    expect((await ask('GET', `/v2/base/blobs/${manifest.layers[0].digest}`)).bytes.length).toBe(
      manifest.layers[0].size,
    );
  });

  it.each([
    ['123456789012.dkr.ecr.us-west-2.amazonaws.com/app:1', true],
    ['123456789012.dkr.ecr.us-west-2.amazonaws.com/app', false],
    ['123456789012.dkr.ecr.us-west-2.amazonaws.com/none:1', false],
    ['public.ecr.aws/nginx/nginx:1', true],
    ['REGISTRY/app:1', true],
    ['REGISTRY/app:2', false],
    ['not an image', false],
  ])('%s exists: %s', (text, exists) => {
    aws.ecr.putImage('app', { tags: ['1'] });
    expect(aws.ecr.imageExists(text.replace('REGISTRY', http.registryHost))).toBe(exists);
  });
});
