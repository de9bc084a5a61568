import { beforeEach, expect, it } from '@jest/globals';
import { HttpResponse } from '@smithy/core/protocols';
import { ecrImage, readImage } from '../../../actions/ecs-bluegreen-deploy/src/aws/ecr';
import { awsClients } from '../../../shared/aws/clients';

const digest = `sha256:${'a'.repeat(64)}`;

beforeEach(() => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' });
});

it.each([
  [{ imageDigest: digest }, { found: { digest, pushedAt: 0 } }],
  [{ imageDigest: digest, imagePushedAt: 1_700_000_000 }, { found: { digest, pushedAt: 1_700_000_000_000 } }],
  // Taken for another image, it would make a healthy deployment be made a second time.
  [{ imageTags: ['1'] }, { unknown: 'ECR does not report its digest' }],
  [undefined, { unknown: expect.stringContaining('it has no imageDetails') }],
  [
    { imageDigest: digest, imageStatus: 'ARCHIVED' },
    { missing: expect.stringContaining('cannot be pulled; restore it') },
  ],
])('of an image that ECR describes as %j is known %j', async (described, known) => {
  const body = Buffer.from(JSON.stringify({ imageDetails: described && [described] }));
  const handler = { handle: async () => ({ response: new HttpResponse({ statusCode: 200, headers: {}, body }) }) };
  const image = ecrImage('111122223333.dkr.ecr.us-west-2.amazonaws.com/app:1')!;
  expect(await readImage(awsClients({ region: 'us-west-2', handler }), image)).toEqual(known);
});
