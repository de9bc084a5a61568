import { DescribeImagesCommand, ECR, RepositoryNotFoundException } from '@aws-sdk/client-ecr';
import { ECS } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2, TargetGroupNotFoundException } from '@aws-sdk/client-elastic-load-balancing-v2';
import { STS } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type BothWays, credentials, openBothWays, ways } from './both-ways';

let aws: BothWays['aws'];
let http: BothWays['http'];
let configOf: BothWays['configOf'];
beforeEach(async () => {
  ({ aws, http, configOf } = await openBothWays());
});
afterEach(() => aws.close());

const caught = async (job: Promise<unknown>): Promise<unknown> => {
  try {
    await job;
  } catch (error) {
    return error;
  }
  throw new Error('no error was thrown');
};

describe.each(ways)('SDK clients %s', (way) => {
  it('get answers of the query protocol', async () => {
    const identity = await new STS(configOf(way)).getCallerIdentity({});
    expect(identity).toMatchObject({ Account: '123456789012', Arn: expect.stringContaining(':assumed-role/') });
  });

  it('get answers of the JSON protocol, dates as dates', async () => {
    const ecr = new ECR(configOf(way));
    const { repository } = await ecr.createRepository({ repositoryName: 'team/app', imageTagMutability: 'IMMUTABLE' });
    expect(repository).toMatchObject({ repositoryName: 'team/app', imageTagMutability: 'IMMUTABLE' });
    expect(repository?.createdAt).toEqual(aws.clock.date());
  });

  it('get modelled errors as their classes', async () => {
    const error = await caught(new ECR(configOf(way)).describeImages({ repositoryName: 'none' }));
    expect(error).toBeInstanceOf(RepositoryNotFoundException);
    expect(error).toMatchObject({ message: expect.stringContaining("name 'none' does not exist") });
    const elb = new ElasticLoadBalancingV2(configOf(way));
    const arn = 'arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/none/0';
    expect(await caught(elb.describeTargetHealth({ TargetGroupArn: arn }))).toBeInstanceOf(
      TargetGroupNotFoundException,
    );
    expect(await caught(elb.describeTargetGroups({ TargetGroupArns: [arn] }))).toBeInstanceOf(
      TargetGroupNotFoundException,
    );
  });

  it('are told what is missing', async () => {
    const error = await caught(new ECR(configOf(way)).send(new DescribeImagesCommand({} as never)));
    expect(error).toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining("'repositoryName'"),
    });
  });

  it('have their calls recorded', async () => {
    const ecr = new ECR(configOf(way));
    await ecr.createRepository({ repositoryName: 'app' });
    await caught(ecr.describeImages({ repositoryName: 'none' }));
    expect(aws.calls.map(({ service, operation, outcome }) => `${service}:${operation} ${outcome}`)).toEqual([
      'ecr:CreateRepository ok',
      'ecr:DescribeImages RepositoryNotFoundException',
    ]);
    expect(aws.mutations()).toEqual([
      expect.objectContaining({ input: { repositoryName: 'app' }, at: aws.clock.now() }),
    ]);
  });

  it.each([
    ['AKIAEXPIRED', 'ExpiredTokenException'],
    ['AKIAINVALID', 'UnrecognizedClientException'],
  ])('signed with %s are refused with %s', async (accessKeyId, name) => {
    const ecs = new ECS({ ...configOf(way), credentials: { ...credentials, accessKeyId } });
    expect(await caught(ecs.describeClusters({}))).toMatchObject({ name });
  });
});

/** A request that no SDK client would send. */
async function post(headers: Record<string, string>, body: string) {
  const signed = { authorization: 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260105/us-west-2/ecs/aws4_request' };
  const answer = await fetch(http.endpoint, { method: 'POST', headers: { ...signed, ...headers }, body });
  return { status: answer.status, text: await answer.text() };
}

const ecsTarget = (operation: string) => ({ 'x-amz-target': `AmazonEC2ContainerServiceV20141113.${operation}` });

describe('requests that AWS refuses by their form', () => {
  it.each([
    ['unknown member', { clustre: 'x' }, 'SerializationException', 'unknown member: clustre'],
    [
      'number for text',
      { cluster: 5 },
      'SerializationException',
      'NUMBER_VALUE can not be converted to a String (at cluster)',
    ],
    [
      'text for number',
      { cluster: 'c', desiredCount: '2' },
      'SerializationException',
      'STRING_VALUE can not be converted to an Integer',
    ],
    [
      'text for flag',
      { forceNewDeployment: 'true' },
      'SerializationException',
      'STRING_VALUE can not be converted to a Boolean',
    ],
    ['text for list', { loadBalancers: 'x' }, 'SerializationException', 'where a list was expected (at loadBalancers)'],
    [
      'list for structure',
      { networkConfiguration: [] },
      'SerializationException',
      'START_ARRAY found where a structure',
    ],
    [
      'structure for text',
      { cluster: {} },
      'SerializationException',
      'Start of structure or map found where not expected',
    ],
    [
      'deep unknown member',
      { loadBalancers: [{ port: 1 }] },
      'SerializationException',
      'unknown member: loadBalancers[0].port',
    ],
  ])('%s', async (_name, input, type, words) => {
    const { status, text } = await post(ecsTarget('UpdateService'), JSON.stringify(input));
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ __type: type, message: expect.stringContaining(words) });
  });

  it('broken JSON', async () => {
    expect((await post(ecsTarget('UpdateService'), '{')).text).toContain('SerializationException');
  });

  it.each([
    [{ 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.Fly' }, '', 'UnknownOperationException'],
    [{ 'x-amz-target': 'Nothing.Fly' }, '', 'UnknownOperationException'],
    [{}, 'Action=Fly&Version=2011-06-15', '<Code>InvalidAction</Code>'],
    [{}, 'Action=DescribeTargetHealth&Version=2015-12-01', '<Code>ValidationError</Code>'],
    [{}, 'Action=DescribeTargetGroups&Version=2015-12-01&Nmaes.member.1=x', 'unknown parameter: Nmaes'],
    [{}, 'Action=DescribeTargetGroups&Version=2015-12-01&PageSize=many', '<Code>MalformedInput</Code>'],
  ])('%j %s: %s', async (headers, body, words) => {
    const { status, text } = await post(headers as Record<string, string>, body);
    expect(status).toBe(400);
    expect(text).toContain(words);
  });

  it('unsigned requests', async () => {
    const answer = await fetch(http.endpoint, { method: 'POST', headers: ecsTarget('ListClusters'), body: '{}' });
    expect(await answer.text()).toContain('MissingAuthenticationTokenException');
  });
});
