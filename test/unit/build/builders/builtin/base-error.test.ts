import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { types } from '../../../../../actions/build-and-push/src/registry/oci';
import type { FaultEffect } from '../../../../local/aws/faults';
import { seedBaseImage } from '../../../../local/aws/registry/seed';
import { type Answer, type Seen, serve } from '../../registry/server';
import { openWorkshop, type Workshop } from './workshop';

let workshop: Workshop;
beforeEach(async () => {
  workshop = await openWorkshop();
  await seedBaseImage(workshop.aws.ecr, { repository: 'base', tag: '1', files: { a: 'a' } });
});
afterEach(() => workshop.close());

const base = () => `${workshop.host}/base:1`;
const failing = async (on: string, effect: FaultEffect, after = 0) => {
  workshop.aws.faults.add({ on: `registry:${on}`, effect, times: 'always', after });
  const error = await workshop.build(`FROM ${base()}\nCOPY a /b\n`, { a: 'a' }).catch((failure: unknown) => failure);
  return error as Error & { exit: number };
};

describe('a base image of the registry that is pushed to', () => {
  const needed = /allow ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on its repository to the role of this action$/;

  it.each([
    ['its manifest', 'GET manifests', 0],
    ['its configuration', 'GET blobs', 0],
    ['its layers', 'GET blobs', 1],
  ])('says which permissions are missing where %s may not be read', async (_, on, after) => {
    const { exit, message } = await failing(on, { kind: 'refuse' }, after);
    expect(message).toMatch(needed);
    expect([exit, message]).toEqual([1, expect.stringContaining(`cannot read the base image ${base()} from`)]);
  });

  it.each([
    ['its manifest', 'GET manifests', 0],
    ['its layers', 'GET blobs', 1],
  ])('is named where %s cannot be read', async (_, on, after) => {
    const { exit, message } = await failing(on, { kind: 'status', status: 503 }, after);
    expect(message).toContain(`cannot read the base image ${base()} from ${workshop.host}: status 503`);
    expect(exit).toBe(1);
  });
});

describe('a base image of another registry', () => {
  const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
  const refused = { status: 401, body: JSON.stringify({ errors: [{ code: 'DENIED', message: 'no' }] }) };

  let close: (() => Promise<unknown>) | undefined;
  afterEach(async () => {
    await close?.();
  });

  async function open(script: (request: Seen) => Answer) {
    const server = await serve(script);
    close = server.close;
    return server;
  }

  it('whose limit is reached asks for a login', async () => {
    const { base } = await open(() => ({ status: 429, body: 'toomanyrequests' }));
    const building = workshop.build(`FROM ${new URL(base).host}/x:1\n`);
    await expect(building).rejects.toThrow(
      /status 429 toomanyrequests; log in to that registry first \(docker login\)/,
    );
  });

  /** A registry with an image that may be read but for its only layer. */
  async function openImage(layerType: string) {
    const layer = { mediaType: layerType, digest: digestOf('layer'), size: 5 };
    const rootfs = { type: 'layers', diff_ids: [layer.digest] };
    const config = JSON.stringify({ os: 'linux', architecture: 'amd64', rootfs });
    const described = { mediaType: types.config, digest: digestOf(config), size: config.length };
    const image = { schemaVersion: 2, mediaType: types.manifest, config: described, layers: [layer] };
    return open(({ path }) => {
      if (path.includes('/manifests/')) return { status: 200, body: JSON.stringify(image) };
      return path.endsWith(described.digest) ? { status: 200, body: config } : refused;
    });
  }

  it('is a wrong input where it may not be read, and says what to do', async () => {
    const { base: address } = await open(() => refused);
    const image = `${address.host}/private:1`;
    const problem = `Dockerfile:1 FROM: ${address.host} does not allow reading ${image} (status 401 DENIED no); `;
    const next = 'check its name, and log in to that registry first (docker login)';
    await expect(workshop.build(`FROM ${image}\n`)).rejects.toThrow(problem + next);
  });

  it('is not a wrong input where only its layers may not be read', async () => {
    const { base: address } = await openImage(types.gzipLayer);
    const said = /^cannot read the base image .*\/public:1 from .*: status 401 DENIED no; check its name/;
    const failure = { exit: 1, message: expect.stringMatching(said) };
    await expect(workshop.build(`FROM ${address.host}/public:1\n`)).rejects.toMatchObject(failure);
  });
});
