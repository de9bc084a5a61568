import { describe, expect, it } from '@jest/globals';
import { HttpResponse } from '@smithy/core/protocols';
import { findSuccessor as findOfCodeDeploy } from '../../../actions/ecs-bluegreen-deploy/src/aws/codedeploy-deployments';
import { findSuccessor } from '../../../actions/ecs-bluegreen-deploy/src/aws/ecs-deployments';
import { awsClients } from '../../../shared/aws/clients';

process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
process.env['AWS_SECRET_ACCESS_KEY'] = 'example';

/** An AWS that answers each call, by its name, with what is given. */
function answering(answers: Readonly<Record<string, object>>) {
  const handler = {
    async handle({ headers }: { headers: Record<string, string> }) {
      const call = (headers['x-amz-target'] ?? '').replace(/^.*\./, '');
      const body = new TextEncoder().encode(JSON.stringify(answers[call] ?? {}));
      return {
        response: new HttpResponse({
          statusCode: 200,
          headers: { 'content-type': 'application/x-amz-json-1.1' },
          body,
        }),
      };
    },
  };
  return awsClients({ region: 'us-west-2', handler });
}

/** Its name, when it was created (seconds), and its status or creator. */
type Listed = readonly [string, number | undefined, string];

describe('the deployment that replaced one of the ECS controller', () => {
  const find = (createdAt: number, others: readonly Listed[]) => {
    const serviceDeployments = [['own', createdAt / 1_000, 'STOPPED'] as Listed, ...others].map(
      ([serviceDeploymentArn, seconds, status]) => ({ serviceDeploymentArn, createdAt: seconds, status }),
    );
    const aws = answering({ ListServiceDeployments: { serviceDeployments } });
    return findSuccessor(aws, { cluster: 'c', service: 's' }, { id: 'own', createdAt });
  };

  it.each<[string, readonly Listed[], string | undefined]>([
    [
      'is the first after it',
      [
        ['third', 30, 'IN_PROGRESS'],
        ['next', 20, 'STOPPED'],
      ],
      'next',
    ],
    ['is the one on its way of the same time', [['next', 10, 'PENDING']], 'next'],
    ['is not one of the same time that has ended', [['before', 10, 'SUCCESSFUL']], undefined],
    ['is none before it', [['before', 5, 'SUCCESSFUL']], undefined],
    ['is none whose time is unknown', [['other', undefined, 'IN_PROGRESS']], undefined],
    ['is none where it is the last', [], undefined],
  ])('%s', async (_, others, successor) => {
    expect(await find(10_000, others)).toBe(successor);
  });

  it('is not known where its own time is not', async () => {
    expect(await find(0, [['before', 5, 'SUCCESSFUL']])).toBeUndefined();
  });
});

describe('the deployment that replaced one of CodeDeploy', () => {
  const find = (createdAt: number, others: readonly Listed[]) => {
    const deploymentsInfo = [['d-OWN', createdAt / 1_000, 'user'] as Listed, ...others].map(
      ([deploymentId, createTime, creator]) => ({ deploymentId, createTime, creator }),
    );
    const deployments = deploymentsInfo.map(({ deploymentId }) => deploymentId);
    const aws = answering({ ListDeployments: { deployments }, BatchGetDeployments: { deploymentsInfo } });
    return findOfCodeDeploy(aws, { id: 'd-OWN', createdAt }, { application: 'a', name: 'g' });
  };

  it.each<[string, readonly Listed[], string | undefined]>([
    [
      'is the first after it',
      [
        ['d-3', 30, 'user'],
        ['d-2', 20, 'user'],
      ],
      'd-2',
    ],
    ['is one of the same time', [['d-2', 10, 'user']], 'd-2'],
    ['is not a rollback', [['d-2', 20, 'codeDeployRollback']], undefined],
    ['is none before it', [['d-0', 5, 'user']], undefined],
  ])('%s', async (_, others, successor) => {
    expect(await find(10_000, others)).toBe(successor);
  });

  it('is not known where its own time is not', async () => {
    expect(await find(0, [['d-0', 5, 'user']])).toBeUndefined();
  });
});
