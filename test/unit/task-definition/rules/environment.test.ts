import { app, ec2, testRules } from './examples';

const exec = { executionRoleArn: 'exec' };

testRules([
  [
    'variable and secret',
    ec2(exec, { environment: [{ name: 'A', value: '' }], secrets: [{ name: 'A', valueFrom: 'a' }] }),
    `error: ${app}.secrets[0]: A is also in environment`,
    ec2(exec, { environment: [{ name: 'B', value: '' }], secrets: [{ name: 'A', valueFrom: 'a' }] }),
  ],
  [
    'variable twice',
    ec2(
      {},
      {
        environment: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
        ],
      },
    ),
    `warning: ${app}.environment[1]: the variable A appears twice`,
    ec2(
      {},
      {
        environment: [
          { name: 'A', value: '1' },
          { name: 'a', value: '2' },
        ],
      },
    ),
  ],
  [
    'secret twice',
    ec2(exec, {
      secrets: [
        { name: 'A', valueFrom: 'a' },
        { name: 'A', valueFrom: 'b' },
      ],
    }),
    `error: ${app}.secrets[1]: the secret A appears twice`,
    ec2(exec, { secrets: [{ name: 'A', valueFrom: 'a' }] }),
  ],
  [
    'a secret and a variable without names',
    ec2(exec, { environment: [{ value: 'x' }], secrets: [{ valueFrom: 'a' }] }),
    `error: ${app}.secrets[0]: name is required`,
    ec2(exec, { environment: [{ name: 'B', value: 'x' }], secrets: [{ name: 'A', valueFrom: 'a' }] }),
  ],
  [
    'reference of a secret',
    ec2(exec, { secrets: [{ name: 'A', valueFrom: 'arn:aws:s3:::x' }] }),
    `error: ${app}.secrets[0].valueFrom: must be the ARN of a Secrets Manager secret`,
    ec2(exec, { secrets: [{ name: 'A', valueFrom: 'arn:aws:ssm:us-west-2:111122223333:parameter/x' }] }),
  ],
  [
    'role for secrets',
    ec2({}, { secrets: [{ name: 'A', valueFrom: 'a' }] }),
    'error: : executionRoleArn is not set',
    ec2(exec, { secrets: [{ name: 'A', valueFrom: 'a' }] }),
  ],
]);
