import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { HttpResponse } from '@smithy/core/protocols';
import { ecrImage } from '../../../actions/ecs-bluegreen-deploy/src/aws/ecr';
import { readDesiredState } from '../../../actions/ecs-bluegreen-deploy/src/aws/read-current-state';
import { awsClients } from '../../../shared/aws/clients';

process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
process.env['AWS_SECRET_ACCESS_KEY'] = 'example';

const digest = `sha256:${'a'.repeat(64)}`;

it.each([
  [
    '123456789012.dkr.ecr.us-west-2.amazonaws.com/app:1',
    { account: '123456789012', region: 'us-west-2', repository: 'app', id: { imageTag: '1' } },
  ],
  ['123456789012.dkr.ecr.us-west-2.amazonaws.com/team/app', { repository: 'team/app', id: { imageTag: 'latest' } }],
  [`123456789012.dkr.ecr.us-west-2.amazonaws.com/app:1@${digest}`, { repository: 'app', id: { imageDigest: digest } }],
  [
    `123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/app@${digest}`,
    { region: 'cn-north-1', id: { imageDigest: digest } },
  ],
  ['123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu/app:1', { region: 'eusc-de-east-1' }],
  ['123456789012.dkr-ecr.us-east-1.on.aws/app:1', { region: 'us-east-1' }],
  ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/app:1', { region: 'us-gov-west-1' }],
])('%s is an image of ECR', (image, parts) => {
  expect(ecrImage(image)).toMatchObject({ image, ...parts });
});

it.each([
  'nginx',
  'public.ecr.aws/nginx/nginx:1',
  'ghcr.io/a/b:1',
  '127.0.0.1:5000/app:1',
  '$REPOSITORY_URI:$IMAGE_TAG',
  '',
])('%s is none', (image) => {
  expect(ecrImage(image)).toBeUndefined();
});

it('each is looked up in its own region', async () => {
  const hosts: string[] = [];
  const handler = {
    async handle({ hostname }: { readonly hostname: string }) {
      hosts.push(hostname);
      const body = new TextEncoder().encode(JSON.stringify({ imageDetails: [{ imageDigest: digest }] }));
      const headers = { 'content-type': 'application/x-amz-json-1.1' };
      return { response: new HttpResponse({ statusCode: 200, headers, body }) };
    },
  };
  const folder = mkdtempSync(join(tmpdir(), 'images-'));
  const path = join(folder, 'task.json');
  const images = ['eu-west-1', 'us-west-2'].map((region) => `123456789012.dkr.ecr.${region}.amazonaws.com/app:1`);
  const containerDefinitions = images.map((image, at) => ({ name: `c${at}`, image, memory: 64 }));
  writeFileSync(path, JSON.stringify({ family: 'web', containerDefinitions }));
  const awsOf = (region: string) => awsClients({ region, handler });
  const file = { name: 'task.json', path };
  const read = await readDesiredState(file, 'us-west-2', awsOf, new AbortController().signal);
  rmSync(folder, { recursive: true });
  expect(read.images).toEqual(images.map((image) => ({ image, inEcr: { found: { digest, pushedAt: 0 } } })));
  expect(hosts).toEqual(expect.arrayContaining(['api.ecr.eu-west-1.amazonaws.com', 'api.ecr.us-west-2.amazonaws.com']));
});
