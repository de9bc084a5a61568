import { existsSync } from 'node:fs';
import { CodeDeploy } from '@aws-sdk/client-codedeploy';
import { ECS } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createEmbeddedAws, type EmbeddedAws, type Endpoint } from '../../local/aws/embedded';

let aws: EmbeddedAws;
let http: Endpoint;
beforeEach(async () => {
  aws = createEmbeddedAws();
  http = await aws.listen();
});
afterEach(() => aws.close());

describe('one AWS', () => {
  it.each(['in process', 'over HTTP'])('answers for all of its services %s', async (way) => {
    const { clusterArn: cluster, serviceArn: service } = await aws.compute.seedTutorial();
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
    const where = way === 'in process' ? { requestHandler: aws.handler as never } : { endpoint: http.endpoint };
    const config = { region: aws.region, credentials, ...where };
    const { services } = await new ECS(config).describeServices({ cluster, services: [service] });
    expect(services?.[0]).toMatchObject({ status: 'ACTIVE', createdAt: expect.any(Date) });
    const { applications } = await new CodeDeploy(config).listApplications({});
    expect(applications).not.toHaveLength(0);
    const elb = new ElasticLoadBalancingV2(config);
    const { TargetGroups = [] } = await elb.describeTargetGroups({});
    const health = await Promise.all(
      TargetGroups.map(({ TargetGroupArn }) => elb.describeTargetHealth({ TargetGroupArn })),
    );
    const states = health.flatMap(({ TargetHealthDescriptions = [] }) =>
      TargetHealthDescriptions.map((each) => each.TargetHealth?.State),
    );
    expect(new Set(states)).toEqual(new Set(['healthy']));
  });

  it('gives a process all that it needs to find it', () => {
    expect(http.env).toMatchObject({ AWS_ENDPOINT_URL: http.endpoint, AWS_REGION: 'us-west-2' });
    expect(http.endpoint).toBe(`http://${http.registryHost}`);
  });

  it('answers with the date that the caller lives in, so that no refused call is sent again', async () => {
    const headers = { 'x-amz-target': 'AmazonEC2ContainerServiceV20141113.DescribeClusters' };
    const answer = await fetch(http.endpoint, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/x-amz-json-1.1', 'x-amz-date': '20200102T030405Z' },
      body: '{}',
    });
    expect(answer.headers.get('date')).toBe('Thu, 02 Jan 2020 03:04:05 GMT');
  });

  it('leaves nothing behind', async () => {
    const digest = aws.ecr.blobs.put(Buffer.from('layer'));
    const path = aws.ecr.blobs.pathOf(digest);
    expect(existsSync(path)).toBe(true);
    await aws.close();
    expect(existsSync(path)).toBe(false);
    await expect(fetch(http.endpoint)).rejects.toThrow('fetch failed');
  });
});
