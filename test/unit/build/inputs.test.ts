import { describe, expect, it } from '@jest/globals';
import { readInputs } from '../../../actions/build-and-push/src/inputs';

const host = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
const readAll = (inputs: Record<string, string>, env: NodeJS.ProcessEnv = { AWS_REGION: 'us-west-2' }) =>
  readInputs((name) => ({ repository: 'team/app', ...inputs })[name], env);

function read(inputs: Record<string, string>, env?: NodeJS.ProcessEnv) {
  const { request, findings } = readAll(inputs, env);
  expect(findings).toEqual([]);
  return request;
}

const findingsOf = (inputs: Record<string, string>, env?: NodeJS.ProcessEnv) => readAll(inputs, env).findings;

describe('readInputs', () => {
  it('has the documented defaults', () => {
    expect(read({})).toMatchObject({
      repository: 'team/app',
      region: 'us-west-2',
      registry: {},
      tags: undefined,
      context: '.',
      dockerfile: undefined,
      builder: 'auto',
      cache: 'none',
      'if-tag-exists': 'auto',
      push: true,
      provenance: false,
    });
  });

  it.each([
    [{ registry: '111122223333' }, { registry: { account: '111122223333' }, region: 'us-west-2' }],
    [{ registry: host }, { registry: { account: '111122223333', host }, region: 'eu-west-1' }],
    [{ registry: `https://${host}/` }, { registry: { account: '111122223333', host }, region: 'eu-west-1' }],
    [{ registry: host, region: 'eu-west-1' }, { region: 'eu-west-1' }],
    [{ registry: '111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn' }, { region: 'cn-north-1' }],
    [{ registry: '111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com' }, { region: 'us-gov-west-1' }],
    [{ registry: '111122223333.dkr-ecr.us-east-1.on.aws' }, { region: 'us-east-1' }],
    [{ region: 'ap-south-1' }, { region: 'ap-south-1' }],
    [{ tags: 'a, b\nc' }, { tags: ['a', 'b', 'c'] }],
    [
      { 'build-args': 'A=b=c "d"\nE=' },
      {
        'build-args': [
          { name: 'A', value: 'b=c "d"' },
          { name: 'E', value: '' },
        ],
      },
    ],
  ])('reads %j', (inputs, expected) => {
    expect(read(inputs as Record<string, string>)).toMatchObject(expected);
  });

  it('takes the region from AWS_DEFAULT_REGION last', () => {
    expect(read({}, { AWS_DEFAULT_REGION: 'eu-north-1' }).region).toBe('eu-north-1');
  });

  it.each([
    [{ repository: 'Team/App' }, 'repository', 'lower-case'],
    [{ repository: `${host}/app` }, 'repository', 'put the host in registry'],
    [{ repository: 'app:v1' }, 'repository', 'put the tag in tags'],
    [{ repository: 'a' }, 'repository', '2 to 256'],
    [{ repository: 'a___b' }, 'repository', 'divided by'],
    [{ registry: 'ghcr.io' }, 'registry', 'must be a private registry of Amazon ECR'],
    [{ registry: 'public.ecr.aws' }, 'registry', 'must be a private registry of Amazon ECR'],
    [{ registry: '1234' }, 'registry', 'account id of 12 digits'],
    [{ registry: host, region: 'us-east-1' }, 'region', 'the registry is in eu-west-1'],
    [{ region: 'Oregon' }, 'region', 'such as us-west-2'],
  ])('refuses %j', (inputs, where, problem) => {
    expect(findingsOf(inputs as Record<string, string>)).toEqual([
      { where, problem: expect.stringContaining(problem) },
    ]);
  });

  const here = { AWS_REGION: 'us-west-2', AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' };
  it.each(['127.0.0.1:5000', 'localhost', '[::1]:5000'])(
    'takes %s where the environment names an endpoint',
    (registry) => {
      expect(read({ registry }, here).registry).toEqual({ host: registry });
    },
  );

  it('takes the host of the endpoint that the environment names', () => {
    const env = { AWS_REGION: 'us-west-2', AWS_ENDPOINT_URL_ECR: 'https://ecr.emulator.example:4566' };
    expect(read({ registry: 'ecr.emulator.example:4566' }, env).registry).toEqual({
      host: 'ecr.emulator.example:4566',
    });
  });

  it.each<[string, NodeJS.ProcessEnv]>([
    ['127.0.0.1:5000', {}],
    ['127.0.0.1:5000', { AWS_ENDPOINT_URL: 'https://vpce-1.api.ecr.us-west-2.vpce.amazonaws.com' }],
    ['localhost', { AWS_ENDPOINT_URL: 'nonsense' }],
    ['registry.example.com', here],
    ['abc123.execute-api.us-east-1.amazonaws.com', here],
    ['abc123.lambda-url.us-east-1.on.aws', here],
  ])('does not trust %s with %j', (registry, env) => {
    expect(findingsOf({ registry }, { AWS_REGION: 'us-west-2', ...env })).toEqual([
      { where: 'registry', problem: expect.stringMatching(/^(is on this machine|must be a private registry)/) },
    ]);
  });

  it('gives platforms their full names, which all builders know', () => {
    const { request, findings } = readAll({ platforms: 'ARM64, linux/amd64,x86_64' }, { AWS_REGION: 'us-west-2' });
    expect([request.platforms, findings]).toEqual([['linux/arm64', 'linux/amd64', 'linux/x86_64'], []]);
    expect(findingsOf({ platforms: 'amd46' })).toEqual([
      { where: 'platforms', problem: 'must be a platform such as linux/amd64 or linux/arm/v7, got "amd46"' },
    ]);
  });

  it('refuses a missing region', () => {
    expect(findingsOf({}, {})).toEqual([
      { where: 'region', problem: expect.stringContaining('AWS_REGION is not set') },
    ]);
  });

  it('reports every bad tag, and everything else, together', () => {
    const findings = findingsOf({ repository: 'X', registry: 'nobody', tags: `ok, -a, b!, ${'x'.repeat(129)}` });
    expect(findings.map(({ where }) => where)).toEqual(['repository', 'registry', 'tags', 'tags', 'tags']);
    expect(findings.map(({ problem }) => problem).join()).toMatch(/"-a".*"b!".*at most 128 characters, got 129/s);
  });
});
