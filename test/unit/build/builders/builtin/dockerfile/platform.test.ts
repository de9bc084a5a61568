import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  mayRunOn,
  parsePlatform,
  platformText,
} from '../../../../../../actions/build-and-push/src/builders/builtin/dockerfile/platform';
import { seedBaseImage } from '../../../../../local/aws/registry/seed';
import { openWorkshop, type Workshop } from '../workshop';

it.each([
  ['linux/amd64', 'linux/amd64'],
  ['linux/x86_64', 'linux/amd64'],
  ['linux/aarch64', 'linux/arm64'],
  ['linux/arm64/v8', 'linux/arm64'],
  ['linux/arm64/8', 'linux/arm64'],
  ['linux/arm64/v9', 'linux/arm64/v9'],
  ['linux/arm', 'linux/arm/v7'],
  ['linux/arm/6', 'linux/arm/v6'],
  ['linux/armel', 'linux/arm/v6'],
  ['linux/s390x', 'linux/s390x'],
  ['Linux/AMD64', 'linux/amd64'],
  ['arm64', 'linux/arm64'],
  ['x86-64', 'linux/amd64'],
  ['armhf', 'linux/arm/v7'],
])('%s is %s', (text, name) => {
  expect(platformText(parsePlatform(text)!)).toBe(name);
});

it.each(['linux', 'linux/', 'amd46', 'a/b/c/d', ''])('%j is no platform', (text) => {
  expect(parsePlatform(text)).toBeUndefined();
});

it.each([
  [{ os: 'linux', architecture: 'aarch64' }, true],
  [{ os: 'linux', architecture: 'arm64', variant: 'v8' }, true],
  [{}, true],
  [{ os: 'linux', architecture: 'amd64' }, false],
  [{ os: 'windows', architecture: 'arm64' }, false],
])('%j may run on linux/arm64: %s', (image, may) => {
  expect(mayRunOn(image, { os: 'linux', architecture: 'arm64' })).toBe(may);
});

describe('a build', () => {
  let workshop: Workshop;
  beforeEach(async () => {
    workshop = await openWorkshop();
  });
  afterEach(() => workshop.close());

  it('is for a platform by its proper name', async () => {
    const { config } = await workshop.build('FROM scratch\n', {}, { platforms: ['linux/aarch64'] });
    expect([config.os, config.architecture, config.variant]).toEqual(['linux', 'arm64', undefined]);
  });

  it('refuses a base image for another platform than was asked for, and warns where none was', async () => {
    await seedBaseImage(workshop.aws.ecr, { repository: 'base', tag: '1', files: {} });
    const base = `${workshop.host}/base:1`;
    const unfit = `Dockerfile:1 FROM: ${base} is for linux/amd64, not for linux/arm64`;
    const platforms = ['linux/arm64'];
    await expect(workshop.build(`FROM ${base}\n`, {}, { platforms })).rejects.toThrow(`${unfit} as platforms says`);
    const { said } = await workshop.build(`FROM --platform=linux/arm64/v8 ${base}\n`);
    expect(said.join('\n')).toContain(`${unfit}; name an image for that, or set platforms to linux/amd64`);
    const fit = await workshop.build(`FROM ${base}\n`, {}, { platforms: ['linux/x86_64'] });
    expect(fit.said.join('\n')).not.toContain('not for');
  });
});
