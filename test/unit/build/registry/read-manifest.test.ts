import { describe, expect, it } from '@jest/globals';
import { ImageFault } from '../../../../actions/build-and-push/src/registry/faults';
import { types } from '../../../../actions/build-and-push/src/registry/oci';
import { readIndex, readManifest, readMediaType } from '../../../../actions/build-and-push/src/registry/read-manifest';
import { digestOf } from '../../../support/hostile-registry';

const descriptor = { mediaType: types.gzipLayer, digest: digestOf('x'), size: 5 };
const config = { ...descriptor, mediaType: types.config };
const good = { schemaVersion: 2, mediaType: types.manifest, config, layers: [descriptor] };
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

function read(value: unknown, contentType?: string) {
  const body = bytes(value);
  return readManifest({ mediaType: readMediaType(body, contentType), body });
}

const inLayer = (fields: object) => ({ ...good, layers: [descriptor, { ...descriptor, ...fields }] });

describe('a manifest', () => {
  it.each<[unknown, string]>([
    ['hello\u001b[31m\n::error::x', 'its manifest is not JSON ("hello ::error::x")'],
    ['null', 'its manifest must be an object, got null'],
    [[], 'its manifest must be an object, got a list'],
    ['', 'its manifest is not JSON'],
    [{ ...good, schemaVersion: 1, fsLayers: [] }, 'obsolete schema 1'],
    [{ ...good, schemaVersion: undefined }, 'must have the schemaVersion 2, got nothing'],
    [{ ...good, schemaVersion: '2' }, 'must have the schemaVersion 2, got "2"'],
    [{ ...good, config: undefined }, 'config must be an object, got nothing'],
    [{ ...good, config: { ...config, digest: 'sha256:../../x' } }, 'config.digest must be a digest'],
    [{ ...good, layers: 'x' }, 'layers must be a list, got "x"'],
    [{ ...good, layers: [null] }, 'layers[0] must be an object, got null'],
    [{ ...good, layers: Array(5_001).fill(descriptor) }, '5001 items; at most 5000 are read'],
    [{ ...good, mediaType: 'a/b\r\nx: y' }, 'must be a media type'],
    [{ ...good, mediaType: 'text/html' }, 'is of the type "text/html", which is not an image'],
    ...[
      `sha256:${'/..'.repeat(20)}/x`,
      `SHA256:${'A'.repeat(64)}`,
      `md5:${'a'.repeat(32)}`,
      5,
      null,
      `${digestOf('')}\nx`,
    ].map((digest): [unknown, string] => [inLayer({ digest }), 'layers[1].digest must be a digest']),
    ...[-1, '5', 1.5, 1e300, null, undefined].map((size): [unknown, string] => [
      inLayer({ size }),
      'layers[1].size must be a number of bytes, got',
    ]),
    ...['a/b\r\nx: y', {}, `a/${'b'.repeat(200)}`, 'gzip', 'a/b; c=d', undefined].map(
      (mediaType): [unknown, string] => [inLayer({ mediaType }), 'layers[1].mediaType must be a media type'],
    ),
  ])('%j is refused', (value, problem) => {
    expect(() => read(value)).toThrow(ImageFault);
    expect(() => read(value)).toThrow(problem);
  });

  it.each<[unknown, string | undefined]>([
    [good, undefined],
    [{ ...good, mediaType: undefined }, `${types.dockerManifest}; charset=utf-8`],
    [{ ...good, mediaType: undefined }, 'application/json'],
    [{ ...good, mediaType: '' }, undefined],
    [{ ...good, layers: null }, undefined],
    [{ ...good, config: { ...config, mediaType: undefined } }, undefined],
    [{ ...good, layers: Array(4_200).fill(descriptor) }, undefined],
    [{ ...good, artifactType: 'a/b', subject: null, annotations: {} }, undefined],
  ])('%j of the content type %s is read', (value, contentType) => {
    expect(read(value, contentType).config.digest).toBe(config.digest);
  });
});

describe('an index', () => {
  const child = { ...descriptor, mediaType: types.manifest, platform: { os: 'linux', architecture: 'amd64' } };
  const index = (...manifests: unknown[]) => readIndex({ body: bytes({ schemaVersion: 2, manifests }) });

  it.each<[unknown, string]>([
    [null, 'manifests[0] must be an object'],
    [{ ...child, digest: 'latest' }, 'manifests[0].digest must be a digest'],
    [{ ...child, size: null }, 'manifests[0].size must be a number of bytes'],
    [{ ...child, mediaType: '' }, 'manifests[0].mediaType must be a media type'],
    [{ ...child, platform: 'linux' }, 'manifests[0].platform must be an object'],
    [{ ...child, platform: [] }, 'manifests[0].platform must be an object'],
    [{ ...child, platform: { os: 5 } }, 'platform.os must be a short string'],
    [{ ...child, platform: { architecture: 'a\nb' } }, 'platform.architecture must be a short string'],
    [{ ...child, platform: { os: 'linux', variant: {} } }, 'platform.variant must be a short string'],
    [{ ...child, platform: { os: 'x'.repeat(129) } }, 'platform.os must be a short string'],
  ])('with the child %j is refused', (value, problem) => {
    expect(() => index(value)).toThrow(problem);
  });

  it('has at most a thousand children', () => {
    expect(index(...Array(1_000).fill(child)).manifests).toHaveLength(1_000);
    expect(() => index(...Array(1_001).fill(child))).toThrow('1001 items; at most 1000 are read');
  });

  it('may have children without a platform', () => {
    expect(index({ ...child, platform: undefined }, { ...child, platform: null }).manifests).toHaveLength(2);
  });
});
