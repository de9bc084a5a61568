import type { JsonObject } from '../../task-definition/document';
import { onFargate, withContainer } from './example-tasks';

type Options = Record<string, string>;

const log = (logDriver: string, options: Options, parts: object = {}) =>
  withContainer({ logConfiguration: { logDriver, options } }, parts);
const sound = { 'awslogs-group': '/ecs/web', 'awslogs-region': 'us-west-2', 'awslogs-stream-prefix': 'web' };
const awslogs = (options: Options, parts: object = {}) => log('awslogs', { ...sound, ...options }, parts);
const router = (options: Options, parts: object = {}) =>
  withContainer({ firelensConfiguration: { type: 'fluentbit', options } }, parts);
const routers = ['a', 'b'].map((name) => ({
  name,
  image: 'fluent-bit:1',
  memory: 64,
  firelensConfiguration: { type: 'fluentbit' },
}));

/** For each rule of logging a task definition that breaks it. */
export const loggingExamples: Readonly<Record<string, JsonObject>> = {
  group: log('awslogs', { 'awslogs-region': 'us-west-2' }),
  prefix: awslogs({ 'awslogs-stream-prefix': '' }, { ...onFargate, executionRoleArn: 'exec' }),
  awslogsRole: awslogs({}, onFargate),
  region: log('awslogs', { 'awslogs-group': '/ecs/web' }),
  regionForm: awslogs({ 'awslogs-region': 'Oregon' }),
  patterns: awslogs({ 'awslogs-datetime-format': '%Y', 'awslogs-multiline-pattern': '^INFO' }),
  createGroup: awslogs({ 'awslogs-create-group': 'false' }),
  groupForm: awslogs({ 'awslogs-group': 'arn:aws:logs:us-west-2:111122223333:log-group:web' }),
  disallowed: awslogs({ log_key: 'log' }),
  newOption: awslogs({ 'awslogs-brand-new-thing': 'x' }),
  driver: log('syslog', {}, onFargate),
  router: log('awsfirelens', { Name: 'http' }),
  routers: withContainer({}, { containerDefinitions: routers }),
  splunk: log('splunk', {}),
  option: awslogs({ mode: 'nonblocking' }),
  foreign: log('json-file', { 'awslogs-group': '/ecs/web' }),
  routerFile: router({ 'config-file-type': 's3', 'config-file-value': 'arn:aws:s3:::bucket/a.conf' }, onFargate),
  routerArn: router({ 'config-file-type': 's3', 'config-file-value': 's3://bucket/a.conf' }),
};
