import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { seedBaseImage } from '../../local/aws/registry/seed';
import {
  blob,
  config,
  descriptor,
  digest,
  digestOf,
  manifestFor,
  manifestType,
  openRegistryScene,
  type RegistryScene,
} from './registry-scene';

const indexType = 'application/vnd.oci.image.index.v1+json';

let aws: RegistryScene['aws'];
let http: RegistryScene['http'];
let ecr: RegistryScene['ecr'];
let authorization: RegistryScene['authorization'];
let ask: RegistryScene['ask'];
let push: RegistryScene['push'];
let putManifest: RegistryScene['putManifest'];
let pushImage: RegistryScene['pushImage'];
beforeEach(async () => {
  ({ aws, http, ecr, authorization, ask, push, putManifest, pushImage } = await openRegistryScene());
});
afterEach(() => aws.close());

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
