import { describe, expect, it } from '@jest/globals';
import { choosePlatform, locate } from '../../../../../actions/build-and-push/src/builders/builtin/base';
import type { Platform } from '../../../../../actions/build-and-push/src/registry/oci';

const digest = `sha256:${'a'.repeat(64)}`;

describe('locate', () => {
  it.each([
    ['node', { host: 'registry-1.docker.io', repository: 'library/node', reference: 'latest' }],
    ['node:20', { host: 'registry-1.docker.io', repository: 'library/node', reference: '20' }],
    ['team/app:1', { host: 'registry-1.docker.io', repository: 'team/app', reference: '1' }],
    ['docker.io/node', { host: 'registry-1.docker.io', repository: 'library/node', reference: 'latest' }],
    [
      `public.ecr.aws/docker/node:20@${digest}`,
      { host: 'public.ecr.aws', repository: 'docker/node', reference: digest },
    ],
    ['localhost:5000/a', { host: 'localhost:5000', repository: 'a', reference: 'latest' }],
  ])('%s', (text, place) => {
    expect(locate(text)).toEqual(place);
  });
});

describe('choosePlatform', () => {
  const all: Platform[] = [
    { os: 'unknown', architecture: 'unknown' },
    { os: 'windows', architecture: 'amd64' },
    { os: 'linux', architecture: 'amd64' },
    { os: 'linux', architecture: 'arm', variant: 'v6' },
    { os: 'linux', architecture: 'arm', variant: 'v7' },
    { os: 'linux', architecture: 'arm64', variant: 'v8' },
  ];
  const manifests = all.map((platform, at) => ({ mediaType: '', digest: String(at), size: 0, platform }));
  const choose = (architecture: string, variant?: string) =>
    choosePlatform(manifests, { os: 'linux', architecture, ...(variant && { variant }) }, 'base').digest;

  it.each([
    ['amd64', undefined, '2'],
    ['arm64', undefined, '5'],
    ['arm64', 'v8', '5'],
    ['arm', 'v7', '4'],
    ['arm', undefined, '4'],
    ['arm', 'v6', '3'],
  ])('%s %s', (architecture, variant, chosen) => {
    expect(choose(architecture, variant)).toBe(chosen);
  });

  it('lists what there is', () => {
    const there = 'windows/amd64, linux/amd64, linux/arm/v6, linux/arm/v7, linux/arm64/v8';
    expect(() => choose('s390x')).toThrow(`base is not available for linux/s390x, only for ${there}`);
    expect(() => choose('arm', 'v5')).toThrow('base is not available for linux/arm/v5');
  });
});
