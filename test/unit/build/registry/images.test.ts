import { afterEach, expect, it } from '@jest/globals';
import { imagesOf } from '../../../../actions/build-and-push/src/ecr/scan/check-scan';
import { types } from '../../../../actions/build-and-push/src/registry/oci';
import { bytesOf, digestOf } from '../../../support/hostile-registry';
import { clientOf, serve } from './server';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function images(document: object): Promise<{ found: string[]; own: string }> {
  const body = bytesOf(document);
  const server = await serve(() => ({ status: 200, body }));
  const { client } = clientOf(server.base);
  closing.push(() => client.close(), server.close);
  return { found: await imagesOf(client, 'app', digestOf(body)), own: digestOf(body) };
}

const child = (name: string, os: string) => ({
  mediaType: types.manifest,
  digest: digestOf(name),
  size: 5,
  platform: { os, architecture: os === 'unknown' ? 'unknown' : 'amd64' },
});
const index = (...manifests: unknown[]) => ({ schemaVersion: 2, mediaType: types.index, manifests });

it('are those of an index without its attestations', async () => {
  const { found } = await images(index(child('a', 'linux'), child('b', 'unknown'), child('c', 'windows')));
  expect(found).toEqual([digestOf('a'), digestOf('c')]);
});

it('are the image itself where it is none', async () => {
  const { found, own } = await images({ schemaVersion: 2, mediaType: types.manifest });
  expect(found).toEqual([own]);
});

it.each([[null], [{ ...child('a', 'linux'), digest: 'latest' }], [{ ...child('a', 'linux'), platform: 'linux' }]])(
  'are none of an index with %j',
  async (wrong) => {
    await expect(images(index(wrong))).rejects.toThrow(/^manifests\[0\]/);
  },
);
