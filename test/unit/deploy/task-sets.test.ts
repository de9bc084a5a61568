import type { Deployment, Service, TaskSet } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import { newTasksOf } from '../../../actions/ecs-bluegreen-deploy/src/controllers/codedeploy/codedeploy-controller';
import { revisionsUnderWay, runningRevision } from '../../../actions/ecs-bluegreen-deploy/src/plan/health';

const set = (
  revision: number,
  status: string,
  createdAt: number | undefined,
  more: Partial<TaskSet> = {},
): TaskSet => ({
  taskDefinition: `web:${revision}`,
  status,
  ...(createdAt !== undefined && { createdAt: new Date(createdAt) }),
  ...more,
});
const rollout = (revision: number, status: string, rolloutState: Deployment['rolloutState']): Deployment => ({
  taskDefinition: `web:${revision}`,
  status,
  rolloutState,
});

describe('the revisions that a service is given', () => {
  it.each<[string, Service, string[]]>([
    ['are none where one runs', { taskSets: [set(1, 'PRIMARY', 1)] }, []],
    ['are those of newer task sets', { taskSets: [set(2, 'ACTIVE', 2), set(1, 'PRIMARY', 1)] }, ['web:2']],
    [
      'are not those of old task sets after the traffic has moved',
      { taskSets: [set(2, 'PRIMARY', 2), set(1, 'ACTIVE', 1)] },
      [],
    ],
    ['are those whose time is unknown', { taskSets: [set(2, 'ACTIVE', undefined), set(1, 'PRIMARY', 1)] }, ['web:2']],
    ['are those of the only task set where nothing runs yet', { taskSets: [set(2, 'ACTIVE', 2)] }, ['web:2']],
    [
      'are that of the primary deployment',
      { deployments: [rollout(2, 'PRIMARY', 'IN_PROGRESS'), rollout(1, 'ACTIVE', 'COMPLETED')] },
      ['web:2'],
    ],
    [
      'are not those of deployments that drain',
      { deployments: [rollout(2, 'PRIMARY', 'COMPLETED'), rollout(1, 'ACTIVE', 'COMPLETED')] },
      [],
    ],
    [
      'are not that of a deployment that was replaced',
      {
        deployments: [
          rollout(3, 'PRIMARY', 'IN_PROGRESS'),
          rollout(2, 'ACTIVE', 'IN_PROGRESS'),
          rollout(1, 'ACTIVE', 'COMPLETED'),
        ],
      },
      ['web:3'],
    ],
  ])('%s', (_, service, names) => {
    expect(revisionsUnderWay(service, runningRevision(service))).toEqual(
      names.filter((name) => name !== runningRevision(service)),
    );
  });
});

describe('the tasks of a deployment of CodeDeploy', () => {
  const own = { externalId: 'd-OURS', runningCount: 2, computedDesiredCount: 2 };
  const gone = { externalId: 'd-OURS', runningCount: 0, computedDesiredCount: 0 };
  const other = { externalId: 'd-OTHER', runningCount: 1, computedDesiredCount: 2 };
  it.each<[string, TaskSet[], object]>([
    ['are those of its task set', [set(2, 'PRIMARY', 2, own), set(2, 'ACTIVE', 1, other)], { running: 2, desired: 2 }],
    [
      'are those of its task set before the traffic moves',
      [set(2, 'ACTIVE', 2, own), set(2, 'PRIMARY', 1, other)],
      { running: 2, desired: 2 },
    ],
    [
      'are those of the newer one of the same revision that has replaced it',
      [set(2, 'PRIMARY', 3, other), set(2, 'ACTIVE', 2, gone)],
      { running: 1, desired: 2 },
    ],
    ['are none where the service wants none', [set(2, 'PRIMARY', 2, gone)], { running: 0, desired: 0 }],
  ])('%s', (_, taskSets, tasks) => {
    expect(newTasksOf({ taskSets }, 'd-OURS', 'web:2').tasks).toEqual(tasks);
  });

  it('are unknown where another revision has replaced it', () => {
    const taskSets = [set(3, 'PRIMARY', 3, other), set(2, 'ACTIVE', 2, gone)];
    expect(newTasksOf({ taskSets }, 'd-OURS', 'web:2').tasks).toBeUndefined();
  });

  it.each<[string, Partial<TaskSet>]>([
    ['run', { computedDesiredCount: 2 }],
    ['are desired', { runningCount: 2 }],
  ])('are not none where AWS leaves out how many %s', (_, counts) => {
    const taskSets = [set(2, 'PRIMARY', 2, { externalId: 'd-OURS', ...counts })];
    expect(() => newTasksOf({ taskSets }, 'd-OURS', 'web:2')).toThrow('no counts');
  });
});
