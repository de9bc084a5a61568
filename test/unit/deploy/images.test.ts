import { expect, it } from '@jest/globals';
import { ecrImage } from '../../../actions/ecs-bluegreen-deploy/src/aws/ecr';

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
