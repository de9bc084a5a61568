import { app, ec2, fargate, type Parts, testRules } from './examples';

const awslogs = (options: Parts) => ({
  logConfiguration: {
    logDriver: 'awslogs',
    options: { 'awslogs-group': 'g', 'awslogs-region': 'us-west-2', 'awslogs-stream-prefix': 'p', ...options },
  },
});

const splunk = (options: Parts, secretOptions: Parts[]) => ({
  logConfiguration: { logDriver: 'splunk', options, secretOptions },
});

testRules([
  [
    'driver on Fargate',
    fargate({}, { logConfiguration: { logDriver: 'syslog' } }),
    `error: ${app}.logConfiguration.logDriver: must be awslogs, splunk, awsfirelens on Fargate`,
    ec2({}, { logConfiguration: { logDriver: 'syslog' } }),
  ],
  [
    'FireLens without router',
    ec2({}, { logConfiguration: { logDriver: 'awsfirelens' } }),
    `error: ${app}.logConfiguration.logDriver: awsfirelens needs a container with a firelensConfiguration`,
    ec2(
      {},
      { logConfiguration: { logDriver: 'awsfirelens' } },
      { name: 'r', firelensConfiguration: { type: 'fluentbit' } },
    ),
  ],
  [
    'two routers',
    ec2(
      {},
      { firelensConfiguration: { type: 'fluentbit' } },
      { name: 'r', firelensConfiguration: { type: 'fluentd' } },
    ),
    'warning: containerDefinitions[1].firelensConfiguration: only one container',
    ec2({}, { firelensConfiguration: { type: 'fluentbit' } }),
  ],
  [
    'awslogs group',
    ec2({}, awslogs({ 'awslogs-group': undefined })),
    `error: ${app}.logConfiguration: awslogs needs the options awslogs-group`,
    ec2({}, awslogs({ 'awslogs-stream-prefix': undefined })),
  ],
  [
    'awslogs region on Fargate',
    fargate({ executionRoleArn: 'exec' }, awslogs({ 'awslogs-region': undefined })),
    `error: ${app}.logConfiguration: awslogs needs the options awslogs-region`,
    fargate({ executionRoleArn: 'exec' }, awslogs({})),
  ],
  [
    'awslogs region elsewhere',
    ec2({}, awslogs({ 'awslogs-region': undefined })),
    `warning: ${app}.logConfiguration: has no awslogs-region; the instance decides`,
    ec2({}, awslogs({})),
  ],
  [
    'awslogs prefix on Fargate',
    fargate({ executionRoleArn: 'exec' }, awslogs({ 'awslogs-stream-prefix': '' })),
    `error: ${app}.logConfiguration: awslogs needs the options awslogs-stream-prefix`,
    fargate({ executionRoleArn: 'exec' }, awslogs({})),
  ],
  [
    'awslogs region',
    ec2({}, awslogs({ 'awslogs-region': '<region>' })),
    `warning: ${app}.logConfiguration.options.awslogs-region: must be a region such as us-west-2`,
    ec2({}, awslogs({ 'awslogs-region': 'us-gov-west-1' })),
  ],
  [
    'awslogs patterns',
    ec2({}, awslogs({ 'awslogs-datetime-format': 'x', 'awslogs-multiline-pattern': 'y' })),
    `warning: ${app}.logConfiguration.options: must have only one of`,
    ec2({}, awslogs({ 'awslogs-datetime-format': 'x' })),
  ],
  [
    'options of another driver',
    ec2({}, { logConfiguration: { logDriver: 'json-file', options: { 'awslogs-group': 'g' } } }),
    `warning: ${app}.logConfiguration.options: awslogs-group are not options of json-file`,
    ec2({}, { logConfiguration: { logDriver: 'json-file', options: { 'max-size': '1m' } } }),
  ],
  [
    'splunk',
    ec2({ executionRoleArn: 'exec' }, splunk({ 'splunk-token': '' }, [])),
    `warning: ${app}.logConfiguration: splunk needs the options splunk-token, splunk-url`,
    ec2(
      { executionRoleArn: 'exec' },
      splunk({ 'splunk-url': 'https://x' }, [{ name: 'splunk-token', valueFrom: 'token' }]),
    ),
  ],
  [
    'delivery mode',
    ec2({}, awslogs({ mode: 'nonblocking' })),
    `warning: ${app}.logConfiguration.options.mode: must be blocking or non-blocking, got "nonblocking"`,
    ec2({}, awslogs({ mode: 'non-blocking' })),
  ],
  [
    'delivery mode, not of FireLens',
    ec2({}, { logConfiguration: { logDriver: 'syslog', options: { mode: 'tcp' } } }),
    `warning: ${app}.logConfiguration.options.mode: must be blocking`,
    ec2(
      {},
      { logConfiguration: { logDriver: 'awsfirelens', options: { mode: 'tcp' } } },
      { name: 'r', firelensConfiguration: { type: 'fluentbit' } },
    ),
  ],
  [
    'kind of router file',
    ec2({}, { firelensConfiguration: { type: 'fluentbit', options: { 'config-file-type': 'S3' } } }),
    `warning: ${app}.firelensConfiguration.options.config-file-type: must be s3 or file, got "S3"`,
    fargate({}, { firelensConfiguration: { type: 'fluentbit', options: { 'config-file-type': 'file' } } }),
  ],
  [
    'metadata of logs',
    ec2({}, { firelensConfiguration: { type: 'fluentbit', options: { 'enable-ecs-log-metadata': 'yes' } } }),
    `warning: ${app}.firelensConfiguration.options.enable-ecs-log-metadata: must be true or false, got "yes"`,
    ec2({}, { firelensConfiguration: { type: 'fluentbit', options: { 'enable-ecs-log-metadata': 'false' } } }),
  ],
  [
    'router file on Fargate',
    fargate({}, { firelensConfiguration: { type: 'fluentbit', options: { 'config-file-type': 's3' } } }),
    `warning: ${app}.firelensConfiguration.options.config-file-type: must be file on Fargate`,
    ec2({}, { firelensConfiguration: { type: 'fluentbit', options: { 'config-file-type': 's3' } } }),
  ],
]);
