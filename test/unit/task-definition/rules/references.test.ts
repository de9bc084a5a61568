import { app, ec2, testRules } from './examples';

const stage = '$'.concat('{STAGE}');

testRules([
  [
    'image',
    ec2({}, { image: 'App:1' }),
    `error: ${app}.image: must have a repository name in lower case`,
    ec2({}, { image: 'host:5000/app:1' }),
  ],
  ['empty image', ec2({}, { image: '' }), `error: ${app}.image: must be an image`, ec2()],
  [
    'image left to fill in',
    ec2({}, { image: '<IMAGE1_NAME>' }),
    `error: ${app}.image: still holds the placeholder <IMAGE1_NAME>`,
    ec2({}, { command: ['<IMAGE1_NAME>', '$PORT'] }),
  ],
  [
    'family left to fill in',
    ec2({ family: `web-${stage}` }),
    `error: family: still holds the placeholder ${stage}`,
    ec2({}, { environment: [{ name: 'A', value: stage }] }),
  ],
  [
    'role left to fill in',
    ec2({ taskRoleArn: 'arn:aws:iam::<account_ID>:role/x' }),
    'error: taskRoleArn: still holds the placeholder <account_ID>',
    ec2({ taskRoleArn: 'arn:aws:iam::111122223333:role/x' }),
  ],
  [
    'role',
    ec2({ executionRoleArn: 'arn:aws:iam::111122223333:user/x' }),
    'error: executionRoleArn: must be the ARN or the name of a role',
    ec2({ executionRoleArn: 'arn:aws:iam::111122223333:role/path/x' }),
  ],
  [
    'ARN in an option left to fill in',
    ec2(
      {},
      { firelensConfiguration: { type: 'fluentbit', options: { 'config-file-value': 'arn:aws:s3:::<bucket>/x' } } },
    ),
    `error: ${app}.firelensConfiguration.options.config-file-value: still holds the placeholder <bucket>`,
    ec2({}, { logConfiguration: { logDriver: 'json-file', options: { tag: '<b>{{.Name}}' } } }),
  ],
  [
    'role name',
    ec2({ taskRoleArn: 'my role' }),
    'error: taskRoleArn: must be the ARN or the name of a role',
    ec2({ taskRoleArn: 'my-role' }),
  ],
  [
    'account of a role',
    ec2({ taskRoleArn: 'arn:aws:iam::12345:role/x' }),
    'error: taskRoleArn: must have an account of 12 digits',
    ec2({ taskRoleArn: 'arn:aws:iam::012345678901:role/x' }),
  ],
  [
    'partition',
    ec2({ taskRoleArn: 'arn:aws:iam::111122223333:role/x', executionRoleArn: 'arn:aws-cn:iam::111122223333:role/x' }),
    'warning: executionRoleArn: is in the partition aws-cn, but others are in aws',
    ec2({
      taskRoleArn: 'arn:aws-cn:iam::111122223333:role/x',
      executionRoleArn: 'arn:aws-cn:iam::111122223333:role/x',
    }),
  ],
  [
    'partition of an image',
    ec2(
      { taskRoleArn: 'arn:aws:iam::111122223333:role/x' },
      { image: '111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/a:1' },
    ),
    'is in the partition',
    ec2(
      { taskRoleArn: 'arn:aws:iam::111122223333:role/x' },
      { image: '111122223333.dkr.ecr.us-west-2.amazonaws.com/a:1' },
    ),
  ],
  [
    'digest of another kind',
    ec2({}, { image: `app@sha512:${'1'.repeat(128)}` }),
    `warning: ${app}.image: must have a digest of sha256`,
    ec2({}, { image: `app@sha256:${'1'.repeat(64)}` }),
  ],
  [
    'length of an image',
    ec2({}, { image: `${'a'.repeat(254)}:1` }),
    `warning: ${app}.image: must have at most 255 characters before the digest, got 256`,
    ec2({}, { image: `${'a'.repeat(253)}:1@sha256:${'1'.repeat(64)}` }),
  ],
]);
