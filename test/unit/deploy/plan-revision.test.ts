import { expect, it } from '@jest/globals';
import type { Revision } from '../../../actions/ecs-bluegreen-deploy/src/plan/current-state';
import { planRevision } from '../../../actions/ecs-bluegreen-deploy/src/plan/plan-revision';

const request = { family: 'web', containerDefinitions: [{ name: 'app', image: 'app:2' }] };

/** A revision with the desired content, or with another one. */
const revision = (number: number, image = 'app:2'): Revision => ({
  arn: `web:${number}`,
  taskDefinition: { family: 'web', status: 'ACTIVE', containerDefinitions: [{ name: 'app', image }] },
  tags: [],
});
const other = (number: number) => revision(number, 'app:1');

interface Known {
  readonly running: Revision;
  readonly latest: Revision;
  readonly underWay?: Revision;
  readonly registered?: string;
}

it.each<[string, Known, string | undefined]>([
  ['the running one', { running: revision(2), latest: revision(2) }, 'web:2'],
  ['the running one rather than the latest', { running: revision(2), latest: revision(4) }, 'web:2'],
  ['the latest where another one runs', { running: other(1), latest: revision(4) }, 'web:4'],
  ['the one on its way', { running: other(1), latest: revision(4), underWay: revision(3) }, 'web:3'],
  ['the one that this run has registered', { running: other(1), latest: other(5), registered: 'web:4' }, 'web:4'],
  ['the one registered, which runs', { running: revision(4), latest: other(5), registered: 'web:4' }, 'web:4'],
  [
    'the one that another run has deployed',
    { running: revision(2), latest: revision(4), registered: 'web:4' },
    'web:2',
  ],
  [
    'the one that another run deploys',
    { running: other(1), latest: revision(4), underWay: revision(3), registered: 'web:4' },
    'web:3',
  ],
  ['a new one where none is identical', { running: other(1), latest: other(5) }, undefined],
])('the revision that is deployed is %s', (_, { running, latest, underWay, registered }, arn) => {
  const state = {
    desired: { kind: 'file' as const, name: 'task.json', request, errors: [], notices: [] },
    latest: { found: latest },
    running: { found: running },
    underWay: underWay ? [underWay] : [],
  };
  const plan = planRevision(state, { registered, ended: undefined });
  expect(plan.kind === 'deploy' ? plan.arn : undefined).toBe(arn);
});
