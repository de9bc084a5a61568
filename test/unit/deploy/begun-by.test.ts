import { expect, it } from '@jest/globals';
import { begunBy } from '../../../actions/ecs-bluegreen-deploy/src/plan/ecs-plan';

/** Its id, when it was created (seconds), and what it deploys, where that is known. */
type Listed = readonly [id: string, seconds: number, revision?: string];

const at = 1_000_000;

it.each<[string, number | undefined, readonly Listed[], string | undefined]>([
  [
    'is the one of the revision',
    at,
    [
      ['other', 1_000, 'web:1'],
      ['own', 1_001, 'web:2'],
    ],
    'own',
  ],
  [
    'is the nearest of two of the revision',
    at,
    [
      ['late', 1_004, 'web:2'],
      ['own', 1_001, 'web:2'],
    ],
    'own',
  ],
  [
    'is the nearest in whatever order',
    at,
    [
      ['own', 999, 'web:2'],
      ['early', 990, 'web:2'],
    ],
    'own',
  ],
  [
    'is the newest, which is listed first, where no time is known',
    undefined,
    [
      ['new', 9, 'web:2'],
      ['old', 1, 'web:2'],
    ],
    'new',
  ],
  ['is none of another revision', at, [['other', 1_000, 'web:1']], undefined],
  [
    'is none that is not known where others are',
    at,
    [
      ['hidden', 1_000],
      ['other', 1_000, 'web:1'],
    ],
    undefined,
  ],
  [
    'is the only one of that time where nothing is known',
    at,
    [
      ['later', 1_060],
      ['own', 1_002],
      ['earlier', 900],
    ],
    'own',
  ],
  [
    'is none of several of that time where nothing is known',
    at,
    [
      ['one', 1_002],
      ['two', 1_001],
    ],
    undefined,
  ],
  ['is none of another time where nothing is known', at, [['later', 1_060]], undefined],
  ['is none where neither a time nor what they deploy is known', undefined, [['one', 1_000]], undefined],
  [
    'is none where ECS leaves out when another one was created',
    at,
    [
      ['untimed', 0],
      ['earlier', 995],
    ],
    undefined,
  ],
  [
    'is none where ECS leaves out what the nearest one deploys',
    at,
    [
      ['hidden', 1_000],
      ['earlier', 900, 'web:2'],
    ],
    undefined,
  ],
  ['is none where none is listed', at, [], undefined],
])('the service deployment that an update has begun %s', (_, time, listed, own) => {
  const all = listed.map(([id, seconds, taskDefinition]) => ({
    id,
    status: 'IN_PROGRESS' as const,
    createdAt: seconds * 1_000,
    taskDefinition,
  }));
  expect(begunBy(all, 'web:2', time)?.id).toBe(own);
});
