import { expect, it } from '@jest/globals';
import { keepStep, mostSteps } from '../../../actions/ecs-bluegreen-deploy/src/execute/follower';
import type { RunStep } from '../../../actions/ecs-bluegreen-deploy/src/watch/model';
import { credentialLife } from '../../../shared/aws/credential-life';

it('a crash loop of any length keeps a bounded number of steps, and all that do not belong to it', () => {
  const steps: RunStep[] = [];
  for (let at = 0; at < 20_000; at++) {
    keepStep(steps, { at, events: [{ type: 'service', message: 'has started 2 tasks', count: 1 }] });
    keepStep(steps, { at, events: [{ type: 'heartbeat', doing: 'Install' }] });
    if (at === 10_000) keepStep(steps, { at, events: [{ type: 'status', status: 'InProgress' }] });
  }
  expect(steps).toHaveLength(mostSteps);
  expect([steps[0]?.at, steps.at(-1)?.at]).toEqual([0, 19_999]);
  expect(steps.filter(({ events }) => events.some(({ type }) => type === 'status'))).toHaveLength(1);
  expect([...steps].sort((a, b) => a.at - b.at)).toEqual(steps);
});

it.each([
  [{}, undefined],
  [{ AWS_CREDENTIAL_EXPIRATION: '1970-01-01T00:30:00Z' }, undefined],
  [{ AWS_SESSION_TOKEN: 't' }, 50],
  [{ AWS_SESSION_TOKEN: 't', AWS_CREDENTIAL_EXPIRATION: '1970-01-01T00:30:00Z' }, 20],
  [{ AWS_SESSION_TOKEN: 't', AWS_CREDENTIAL_EXPIRATION: '1970-01-01T00:05:00Z' }, 0],
  [{ AWS_SESSION_TOKEN: 't', AWS_CREDENTIAL_EXPIRATION: 'soon' }, 50],
])('the credentials of %j last %p minutes', (env, minutes) => {
  expect(credentialLife(env, 10 * 60_000)).toBe(minutes === undefined ? undefined : minutes * 60_000);
});
