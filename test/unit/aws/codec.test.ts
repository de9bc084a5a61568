import * as ecs from '@aws-sdk/client-ecs';
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import * as sts from '@aws-sdk/client-sts';
import { describe, expect, it } from '@jest/globals';
import { SimulationClock } from '../../local/aws/clock';
import { Faults } from '../../local/aws/faults';
import { createHandler } from '../../local/aws/handler';
import { CallMoments } from '../../local/aws/moments';
import { AwsRefusal, type Service } from '../../local/aws/service';
import { fc, tries } from '../../support/properties';

/** A service of one operation, which takes note of its input and answers what it is told. */
function answering(service: Omit<Service, 'operations'>, operation: string, output: unknown) {
  const seen: unknown[] = [];
  const run = (input: never) => {
    seen.push(input);
    if (output instanceof Error) throw output;
    return output;
  };
  const services = [{ ...service, operations: { [operation]: run } }];
  const handler = createHandler({
    services,
    faults: new Faults(),
    moments: new CallMoments(),
    clock: new SimulationClock(),
    account: '1',
    record: () => {},
  });
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
  return { seen, config: { region: 'us-west-2', credentials, maxAttempts: 1, requestHandler: handler as never } };
}

const ecsService = { name: 'ecs', protocol: { json: { target: 'AmazonEC2ContainerServiceV20141113' } }, schemas: ecs };
const elbService = { name: 'elasticloadbalancing', protocol: { query: { version: '2015-12-01' } }, schemas: elb };
const stsService = { name: 'sts', protocol: { query: { version: '2011-06-15' } }, schemas: sts };

/** Text that XML can carry; the SDK's XML reader trims it. */
const text = fc.stringMatching(/^[!-~äé€𝄞]([ -~äé€𝄞]*[!-~äé€𝄞])?$/u);
const date = fc.integer({ min: 0, max: 4e9 }).map((seconds) => new Date(seconds * 1000));

describe('what real clients send arrives, and what is answered comes back', () => {
  it('in JSON', async () => {
    const container = fc.record(
      {
        name: text,
        cpu: fc.nat(),
        essential: fc.boolean(),
        environment: fc.array(fc.record({ name: text, value: fc.string() })),
        dockerLabels: fc.dictionary(text, fc.string()),
      },
      { requiredKeys: ['name'], noNullPrototype: true },
    );
    const input = fc.record({ family: text, containerDefinitions: fc.array(container) });
    await fc.assert(
      fc.asyncProperty(input, date, async (definition, registeredAt) => {
        const taskDefinition = { ...definition, registeredAt };
        const { config, seen } = answering(ecsService, 'RegisterTaskDefinition', { taskDefinition, notOfTheShape: 1 });
        const answer = await new ecs.ECS(config).registerTaskDefinition(definition);
        expect(seen).toEqual([definition]);
        expect(answer.taskDefinition).toEqual(taskDefinition);
        expect(answer).not.toHaveProperty('notOfTheShape');
      }),
      tries(50),
    );
  });

  it('in the query protocol', async () => {
    const group = fc.record({
      TargetGroupName: text,
      Port: fc.nat(),
      HealthCheckEnabled: fc.boolean(),
      LoadBalancerArns: fc.array(text),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(text), fc.nat(), fc.array(group), async (Names, PageSize, TargetGroups) => {
        const { config, seen } = answering(elbService, 'DescribeTargetGroups', { TargetGroups });
        const answer = await new elb.ElasticLoadBalancingV2(config).describeTargetGroups({ Names, PageSize });
        expect(seen).toEqual([{ Names, PageSize }]);
        expect(answer.TargetGroups).toEqual(TargetGroups);
      }),
      tries(50),
    );
  });

  it('dates in XML', async () => {
    const Expiration = new Date('2026-01-05T09:00:00.500Z');
    const { config } = answering(stsService, 'GetSessionToken', { Credentials: { AccessKeyId: 'a', Expiration } });
    const { Credentials } = await new sts.STS(config).getSessionToken({ DurationSeconds: 900 });
    expect(Credentials).toMatchObject({ AccessKeyId: 'a', Expiration });
  });
});

describe('errors', () => {
  it('carry the members of their model', async () => {
    const refusal = new AwsRefusal('ResourceNotFoundException', 'none', 400, { resourceIds: ['a', 'b'] });
    const { config } = answering(ecsService, 'ListClusters', refusal);
    await expect(new ecs.ECS(config).listClusters({})).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'none',
    });
  });

  it('have the code and status of the query protocol', async () => {
    const { config } = answering(elbService, 'DescribeRules', new AwsRefusal('RuleNotFoundException', 'a < b & "c"'));
    const error = await new elb.ElasticLoadBalancingV2(config).describeRules({}).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(elb.RuleNotFoundException);
    expect(error).toMatchObject({ message: 'a < b & "c"', $metadata: { httpStatusCode: 400 } });
  });

  it('an operation that is not implemented says so', async () => {
    const { config } = answering(ecsService, 'ListClusters', {});
    const error = await new ecs.ECS(config).listServices({}).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'UnknownOperationException',
      message: 'the embedded AWS has no ecs:ListServices',
    });
  });
});
