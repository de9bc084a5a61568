import { app, ec2, fargate, type Parts, testRules } from './examples';

const ports = (...portMappings: Parts[]) => ({ portMappings });

testRules([
  [
    'range',
    ec2({}, ports({ containerPort: 70_000 })),
    `error: ${app}.portMappings[0].containerPort: must be from 1 to 65535, got 70000`,
    ec2({}, ports({ containerPort: 65_535 })),
  ],
  [
    'negative port',
    ec2({}, ports({ containerPort: 80, hostPort: -1 })),
    `error: ${app}.portMappings[0].hostPort: must be from 0 to 65535`,
    ec2({}, ports({ containerPort: 80, hostPort: 0 })),
  ],
  [
    'health check interval',
    ec2({}, { healthCheck: { command: ['CMD', 'x'], interval: 4 } }),
    `warning: ${app}.healthCheck.interval: must be from 5 to 300 seconds, got 4`,
    ec2({}, { healthCheck: { command: ['CMD', 'x'], interval: 5 } }),
  ],
  [
    'restart period',
    ec2({}, { restartPolicy: { enabled: true, restartAttemptPeriod: 59 } }),
    `warning: ${app}.restartPolicy.restartAttemptPeriod: must be from 60 to 1800 seconds`,
    ec2({}, { restartPolicy: { enabled: true, restartAttemptPeriod: 60 } }),
  ],
  [
    'ephemeral storage',
    fargate({ ephemeralStorage: { sizeInGiB: 20 } }),
    'warning: ephemeralStorage.sizeInGiB: must be from 21 to 200 GiB, got 20',
    fargate({ ephemeralStorage: { sizeInGiB: 21 } }),
  ],
  [
    'least memory',
    ec2({}, { memory: 3 }),
    `warning: ${app}.memory: must be at least 4 MiB, got 3`,
    ec2({}, { memory: 6 }),
  ],
  [
    'memory of new Docker',
    ec2({}, { memory: 5 }),
    `warning: ${app}.memory: Docker 20.10 and later need 6 MiB`,
    ec2({}, { memory: 6 }),
  ],
  [
    'family',
    ec2({ family: 'my app' }),
    'error: family: must be 1 to 255 letters, digits, "_" and "-", got "my app"',
    ec2({ family: 'my-app_1' }),
  ],
  ['empty family', ec2({ family: '' }), 'error: family: must be 1 to 255 letters', ec2()],
  [
    'container name',
    ec2({}, { name: 'a.b' }),
    `warning: ${app}.name: must be 1 to 255 letters`,
    ec2({}, { name: 'a-b' }),
  ],
  [
    'port name',
    ec2({}, ports({ containerPort: 80, name: 'Http' })),
    `warning: ${app}.portMappings[0].name: must be 1 to 64 lower-case`,
    ec2({}, ports({ containerPort: 80, name: 'http' })),
  ],
  [
    'tag key',
    ec2({ tags: [{ key: 'aws:x', value: '' }] }),
    'error: tags[0].key: must be 1 to 128',
    ec2({ tags: [{ key: 'x:aws', value: '' }] }),
  ],
  [
    'tag value',
    ec2({ tags: [{ key: 'x', value: 'a#b' }] }),
    'error: tags[0].value: must be at most 256',
    ec2({ tags: [{ key: 'x', value: 'a + b' }] }),
  ],
  [
    'number of tags',
    ec2({ tags: Array.from({ length: 51 }, (_, at) => ({ key: `k${at}`, value: '' })) }),
    'error: tags: must be at most 50, got 51',
    ec2({ tags: Array.from({ length: 50 }, (_, at) => ({ key: `k${at}`, value: '' })) }),
  ],
  [
    'number of containers',
    ec2({}, {}, ...Array.from({ length: 10 }, (_, at) => ({ name: `c${at}` }))),
    'error: containerDefinitions: must be at most 10, got 11',
    ec2({}, {}, ...Array.from({ length: 9 }, (_, at) => ({ name: `c${at}` }))),
  ],
  [
    'environment file',
    ec2({}, { environmentFiles: [{ value: 'arn:aws:s3:::b/a.txt', type: 's3' }] }),
    `warning: ${app}.environmentFiles[0].value: must be the ARN of an S3 object that ends in .env`,
    ec2({}, { environmentFiles: [{ value: 'arn:aws:s3:::b/.env', type: 's3' }] }),
  ],
]);
