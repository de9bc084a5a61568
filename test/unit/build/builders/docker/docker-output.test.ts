import { describe, expect, it } from '@jest/globals';
import {
  flavourOf,
  isAtLeast,
  metadataDigest,
  parseBuildx,
  parseDriver,
  parseVersion,
  pushedDigest,
} from '../../../../../actions/build-and-push/src/builders/docker/docker-output';

describe('what docker says', () => {
  it.each([
    [
      '{"Client":{"Version":"28.2.2"},"Server":{"Version":"20.10.24+dfsg1"}}',
      { client: '28.2.2', server: '20.10.24+dfsg1' },
    ],
    ['{"Client":{"Version":"28.2.2"},"Server":null}', { client: '28.2.2', server: undefined }],
    ['Cannot connect to the Docker daemon', undefined],
  ])('version %s', (text, version) => {
    expect(parseVersion(text)).toEqual(version);
  });

  it.each([
    ['github.com/docker/buildx v0.11.2 9872040', '0.11.2'],
    ['github.com/docker/buildx 0.10.5+azure-1 1', '0.10.5'],
    ['unknown', undefined],
  ])('buildx %s', (text, version) => {
    expect(parseBuildx(text)).toBe(version);
  });

  it.each([
    ['28.2.2', '0.24.0', 'buildx'],
    ['20.10.24', '0.8.0', 'buildx'],
    ['20.10.24+dfsg1', undefined, 'buildkit'],
    ['18.09.1', undefined, 'buildkit'],
    ['18.06.3', undefined, 'classic'],
    ['23.0.1', undefined, 'classic'],
    ['28.2.2', undefined, 'classic'],
  ])('docker %s with buildx %s is %s', (client, buildx, flavour) => {
    expect(flavourOf(client, buildx)).toBe(flavour);
  });

  it('compares versions by number', () => {
    expect([isAtLeast('0.9.1', [0, 10]), isAtLeast('0.10', [0, 10]), isAtLeast('1.0', [0, 10])]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('finds the digest of a push', () => {
    const digest = `sha256:${'c9d8'.repeat(16)}`;
    expect(pushedDigest(['093c: Pushed', `v1: digest: ${digest} size: 946`])).toBe(digest);
    expect(pushedDigest(['093c: Pushed'])).toBeUndefined();
  });

  it('finds the driver and the digest that the builder tells', () => {
    expect(parseDriver(['Name:          own', 'Driver:        docker-container', '', 'Nodes:'])).toBe(
      'docker-container',
    );
    expect(parseDriver(['ERROR: no builder'])).toBeUndefined();
    expect(metadataDigest('{"containerimage.digest":"sha256:1","image.name":"a"}')).toBe('sha256:1');
    expect(metadataDigest('{}')).toBeUndefined();
  });
});
