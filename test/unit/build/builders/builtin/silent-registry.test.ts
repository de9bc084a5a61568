import { expect, it } from '@jest/globals';
import { openWorkshop } from './workshop';

// The HEAD of the manifest, which confirms the digest in the end, is sent for every engine by the same client.
const requests = ['HEAD blobs', 'POST blobs', 'PUT blobs', 'PUT manifests'];
const cases = requests.flatMap((request) => [[request, 'before'] as const, [request, 'after'] as const]);

it.each(cases)('a registry that falls silent on %s, %s it is done, has the image in the end', async (request, when) => {
  const { aws, build, close } = await openWorkshop({}, 200);
  try {
    aws.faults.add({ on: `registry:${request}`, effect: { kind: 'hang', when } });
    const pushed = await build('FROM scratch\nCOPY a /\n', { a: '1' });
    expect(aws.calls.filter(({ outcome }) => outcome === 'hung').map(({ operation }) => operation)).toEqual([request]);
    expect(pushed.digest).toBe(aws.ecr.repository('app')?.tags.get('v1'));
    expect(pushed.look('a')).toBe('0644 0:0 1');
  } finally {
    await close();
  }
});
