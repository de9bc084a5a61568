import { describe, expect, it } from '@jest/globals';
import { HttpResponse } from '@smithy/core/protocols';
import { awsClients } from '../../../shared/aws/clients';
import { explainAwsError, isLostAnswer } from '../../../shared/aws/errors';

process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
process.env['AWS_SECRET_ACCESS_KEY'] = 'example';

/** The error of a call that AWS answers with this body and 200. */
async function errorOf(
  body: string,
  call: 'deployment' | 'deployments' | 'batch' | 'active' | 'revisions' | 'started' | 'tasks' | 'services' | 'health',
): Promise<unknown> {
  const answer = { statusCode: 200, headers: {}, body: Buffer.from(body) };
  const handler = { handle: async () => ({ response: new HttpResponse(answer) }) };
  const aws = awsClients({ region: 'us-west-2', attempts: 1, handler });
  try {
    if (call === 'deployment') await (await aws.codedeploy()).getDeployment({ deploymentId: 'd-ABCDEF123' });
    else if (call === 'deployments') await (await aws.codedeploy()).listDeployments({});
    else if (call === 'batch') await (await aws.codedeploy()).batchGetDeployments({ deploymentIds: ['d-ABCDEF123'] });
    else if (call === 'revisions') await (await aws.ecs()).describeServiceRevisions({ serviceRevisionArns: ['arn'] });
    else if (call === 'started') await (await aws.ecs()).listTasks({ startedBy: 'run' });
    else if (call === 'tasks') await (await aws.ecs()).describeTasks({ tasks: ['arn'] });
    else if (call === 'active') await (await aws.ecs()).listServiceDeployments({ service: 'web' });
    else if (call === 'services') await (await aws.ecs()).describeServices({ services: ['web'] });
    else await (await aws.elb()).describeTargetHealth({ TargetGroupArn: 'arn' });
    return undefined;
  } catch (error) {
    return error;
  }
}

const health = (inner: string) =>
  `<DescribeTargetHealthResponse><DescribeTargetHealthResult>${inner}</DescribeTargetHealthResult></DescribeTargetHealthResponse>`;

describe('an answer that cannot be used', () => {
  it.each([
    ['deployment', '{"deploymentInfo":{"status":"InPro', /GetDeployment: an answer that cannot be read/],
    ['deployment', '<html>sign in</html>', /GetDeployment: an answer that cannot be read/],
    ['deployment', '{}', /GetDeployment: AWS returned an answer that cannot be used: it has no deploymentInfo\.status/],
    ['deployment', '', /it has no deploymentInfo\.status/],
    ['deployment', 'null', /it has no deploymentInfo\.status/],
    ['deployment', '[]', /it has no deploymentInfo\.status/],
    ['deployment', '{"deploymentInfo":{"status":5}}', /deploymentInfo\.status is not of its type/],
    [
      'deployment',
      '{"deploymentInfo":{"status":"Failed","rollbackInfo":"no"}}',
      /deploymentInfo\.rollbackInfo is not of its type/,
    ],
    ['deployment', '{"deploymentInfo":{"status":"Failed","createTime":"soon"}}', /an answer that cannot be read/],
    ['services', '{}', /DescribeServices: AWS returned an answer that cannot be used: it has no services or failures/],
    ['services', '{"services":{"a":1}}', /services is not of its type/],
    ['services', '{"services":[null]}', /services is not of its type/],
    [
      'services',
      '{"services":[{"events":[{"message":{}}]}]}',
      /services\[0\]\.events\[0\]\.message is not of its type/,
    ],
    ['services', '{"services":[{"runningCount":"two"}]}', /services\[0\]\.runningCount is not of its type/],
    ['deployments', '{}', /ListDeployments: AWS returned an answer that cannot be used: it has no deployments/],
    ['active', '{}', /ListServiceDeployments: .*: it has no serviceDeployments/],
    ['batch', '{}', /BatchGetDeployments: .*: it has no deploymentsInfo/],
    ['revisions', '{}', /DescribeServiceRevisions: .*: it has no serviceRevisions or failures/],
    ['started', '{}', /ListTasks: .*: it has no taskArns/],
    ['tasks', '{}', /DescribeTasks: .*: it has no tasks or failures/],
    ['health', health(''), /it has no TargetHealthDescriptions/],
    ['health', '{}', /an answer that cannot be read/],
  ] as const)('of %s: %s', async (call, body, told) => {
    const error = await errorOf(body, call);
    expect(explainAwsError(error)?.message).toMatch(told);
    expect(isLostAnswer(error)).toBe(true);
  });

  it.each([
    ['deployment', '{"deploymentInfo":{"status":"SomethingNew","newerField":{"a":[1]}},"another":1}'],
    ['services', '{"services":[],"failures":[]}'],
    [
      'services',
      '{"services":[{"status":"ACTIVE","deployments":null,"deploymentConfiguration":{"strategy":"TOMORROW"}}]}',
    ],
    ['health', health('<TargetHealthDescriptions/>')],
  ] as const)('is not one with values or fields of tomorrow, or with empty lists: %s %s', async (call, body) => {
    expect(await errorOf(body, call)).toBeUndefined();
  });
});
