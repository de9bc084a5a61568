import { describe, expect, it } from '@jest/globals';
import { readInputs } from '../../../actions/ecs-bluegreen-deploy/src/inputs';
import { type InputError, refuse } from '../../../shared/errors';

const cluster = 'arn:aws:ecs:us-west-2:123456789012:cluster/EcsCluster';
const read = (
  values: Record<string, string>,
  env: Record<string, string> = { AWS_REGION: 'us-west-2' },
  host: 'codecatalyst' | 'github' | 'shell' = 'shell',
) => {
  const all: Record<string, string> = { service: 'web', 'task-definition': 'task.json', ...values };
  const { request, findings } = readInputs({ raw: (name) => all[name], env, host, clock: { now: () => 0 } });
  refuse(findings);
  return request;
};
const problems = (...args: Parameters<typeof read>) => {
  try {
    read(...args);
  } catch (error) {
    return (error as InputError).findings.map(({ where, problem }) => `${where}: ${problem}`);
  }
  return [];
};

describe('names', () => {
  it.each([
    [{}, { cluster: 'default', service: 'web' }],
    [{ cluster: 'prod' }, { cluster: 'prod', service: 'web' }],
    [{ cluster }, { cluster: 'EcsCluster' }],
    [
      { service: 'arn:aws:ecs:us-west-2:123456789012:service/EcsCluster/web' },
      { cluster: 'EcsCluster', service: 'web' },
    ],
    [
      { cluster, service: 'arn:aws:ecs:us-west-2:123456789012:service/web' },
      { cluster: 'EcsCluster', service: 'web' },
    ],
  ])('%j', (values, expected) => {
    expect(read(values)).toMatchObject(expected);
  });
});

describe('the region', () => {
  it.each<[string, Record<string, string>, Record<string, string>, string]>([
    ['is the one given', { region: 'eu-west-1' }, { AWS_REGION: 'us-west-2' }, 'eu-west-1'],
    ['is the one of the cluster', { cluster }, { AWS_REGION: 'eu-west-1' }, 'us-west-2'],
    ['is the one of the environment', {}, { AWS_REGION: 'eu-west-1' }, 'eu-west-1'],
    ['may be in the other variable', {}, { AWS_DEFAULT_REGION: 'eu-west-1' }, 'eu-west-1'],
  ])('%s', (_, values, env, region) => {
    expect(read(values, env).region).toBe(region);
  });
});

describe('the time to wait', () => {
  it.each([
    ['shell', {}, 360],
    ['codecatalyst', {}, 55],
    ['codecatalyst', { 'wait-for-minutes': '0.5' }, 0.5],
  ] as const)('on %s with %j is %d minutes', (host, values, minutes) => {
    expect(read(values, undefined, host).waitFor).toBe(minutes * 60_000);
  });
});

describe('wrong inputs', () => {
  it.each<[string, Record<string, string>, Record<string, string>, string[]]>([
    ['no region', {}, {}, ['region: is not known; set it or AWS_REGION, or use the ARN of the cluster']],
    ['no region at all', { region: 'Oregon' }, {}, ['region: must be a region such as us-west-2, got "Oregon"']],
    [
      'a region that contradicts the cluster',
      { cluster, region: 'eu-west-1' },
      {},
      ['cluster: is in us-west-2, but region says eu-west-1'],
    ],
    [
      'ARNs that contradict each other',
      { cluster, 'task-definition': 'arn:aws:ecs:eu-west-1:999999999999:task-definition/web:1' },
      {},
      [
        'task-definition: is in eu-west-1, but cluster is in us-west-2',
        'task-definition: is of account 999999999999, but cluster is of account 123456789012',
      ],
    ],
    [
      'a service of another cluster',
      { cluster, service: 'arn:aws:ecs:us-west-2:123456789012:service/Other/web' },
      {},
      ['service: is in cluster Other, but cluster says EcsCluster'],
    ],
    [
      'placeholders',
      { cluster: '<EcsClusterArn>', service: '<EcsServiceName>' },
      { AWS_REGION: 'us-west-2' },
      [
        'cluster: must be the name or the ARN of a cluster, got "<EcsClusterArn>"',
        'service: must be the name or the ARN of a service, got "<EcsServiceName>"',
      ],
    ],
    [
      'an ARN of something else',
      { cluster: 'arn:aws:ecs:us-west-2:123456789012:service/EcsCluster/web' },
      {},
      [
        'cluster: must be the name or the ARN of a cluster, got "arn:aws:ecs:us-west-2:123456789012:service/EcsCluster/web"',
        'region: is not known; set it or AWS_REGION, or use the ARN of the cluster',
      ],
    ],
    [
      'a partition that does not have the region',
      { cluster: cluster.replace('arn:aws:', 'arn:aws-cn:') },
      {},
      ['cluster: is in partition aws-cn, but us-west-2 is in aws'],
    ],
    [
      'an ARN where CodeDeploy takes a name',
      { 'codedeploy-application': 'arn:aws:codedeploy:us-west-2:123456789012:application:app' },
      { AWS_REGION: 'us-west-2' },
      [
        'codedeploy-application: must be a name, not an ARN, got "arn:aws:codedeploy:us-west-2:123456789012:application:app"',
      ],
    ],
    [
      'traffic that moves in no known form',
      { 'traffic-shift': '10% of 5m' },
      { AWS_REGION: 'us-west-2' },
      ['traffic-shift: must be of the form 10% 5m (canary) or 10% every 3m (linear), got "10% of 5m"'],
    ],
    [
      'a traffic shift beside the configuration that moves the traffic',
      { 'traffic-shift': '10% 5m', 'codedeploy-deployment-config': 'CodeDeployDefault.ECSAllAtOnce' },
      { AWS_REGION: 'us-west-2' },
      ['traffic-shift: cannot be combined with codedeploy-deployment-config; set only one of them'],
    ],
    [
      'a traffic shift of another strategy',
      { 'traffic-shift': '10% every 3m', strategy: 'canary' },
      { AWS_REGION: 'us-west-2' },
      [
        'traffic-shift: "10% every 3m" is the form of linear, but strategy is canary; set strategy: linear, or another form',
      ],
    ],
    [
      'test traffic of a rolling deployment',
      { strategy: 'rolling', 'wait-until': 'test-traffic' },
      { AWS_REGION: 'us-west-2' },
      ['wait-until: test-traffic never comes: a rolling deployment has no test traffic'],
    ],
  ])('%s', (_, values, env, expected) => {
    expect(problems(values, env)).toEqual(expected);
  });
});

describe('inputs of amazon-ecs-deploy-task-definition', () => {
  it.each<[Record<string, string>, object]>([
    [{ 'max-retries': '3' }, { attempts: undefined }],
    [{ 'max-retries': '9' }, { attempts: 9 }],
    [{ 'wait-for-service-stability': 'False' }, { inputs: { 'wait-until': 'none' } }],
    [{ 'wait-for-service-stability': 'false', 'wait-until': 'completed' }, { inputs: { 'wait-until': 'completed' } }],
    [{ 'wait-max-delay-seconds': '15' }, { inputs: { 'poll-interval-seconds': 5 } }],
    [{ 'wait-max-delay-seconds': '2' }, { inputs: { 'poll-interval-seconds': 2 } }],
    [{ 'wait-max-delay-seconds': '0' }, { inputs: { 'poll-interval-seconds': 5 } }],
    [{ 'wait-max-delay-seconds': '0.5' }, { inputs: { 'poll-interval-seconds': 1 } }],
    [
      { 'run-task': 'true', 'run-task-launch-type': 'MANAGED_INSTANCES' },
      { runTask: { settings: { launchType: 'MANAGED_INSTANCES' } } },
    ],
    [{ service: '', 'register-only': 'true' }, { service: '' }],
  ])('%j', (values, expected) => {
    expect(read(values)).toMatchObject(expected);
  });
});

describe('the time that a run may wait', () => {
  it.each([
    ['codecatalyst', {}, 55],
    ['github', {}, 350],
    ['github', { 'wait-for-minutes': '360' }, 350],
    ['github', { 'wait-for-minutes': '30' }, 30],
    ['shell', {}, 360],
    ['github', { 'wait-for-minutes': '5000' }, 350],
    ['shell', { 'wait-for-minutes': '2880' }, 2880],
    ['shell', { 'wait-for-minutes': '99999999999' }, 2880],
  ] as const)('on %s with %j is %d minutes', (host, values, minutes) => {
    expect(read(values, undefined, host).waitFor).toBe(minutes * 60_000);
  });
});
