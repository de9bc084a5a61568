/** `auto` fits the life of the credentials, and their end after the traffic has moved is no failure. */

import { describe, expect, it } from '@jest/globals';
import { on, type Stage } from './deploy-stage';

const env = { AWS_SESSION_TOKEN: 'a-token-that-is-long-enough' };

/** The credentials are no longer accepted so many minutes from now. */
function expire({ aws }: Stage, minutes: number): void {
  const effect = { kind: 'error', code: 'ExpiredTokenException', message: 'The security token is expired' } as const;
  aws.clock.after(minutes * 60_000, () => {
    aws.faults.add({ on: '*', times: 'always', effect });
  });
}

describe('auto', () => {
  it.each([
    ['fifty minutes', {}, 'the credentials last 50 minutes'],
    ['their end', { AWS_CREDENTIAL_EXPIRATION: '2026-01-05T09:30:00Z' }, 'the credentials last 30 minutes'],
  ])('waits for the traffic only where the termination wait goes beyond %s', (_, more, told) =>
    on({ seed: { terminationWait: 60 } }, async (stage) => {
      const { status, outputs, log } = await stage.deploy({ env: { ...env, ...more } });
      expect([status, outputs['deployment-status']]).toEqual([0, 'IN_PROGRESS']);
      expect(log).toContain(`traffic-shifted (auto: the configured waits take 60 minutes, ${told}`);
    })(),
  );

  it(
    'ends as traffic-shifted when they expire after that',
    on({ seed: { terminationWait: 6 } }, async (stage) => {
      expire(stage, 4);
      const { status, outputs, log, report } = await stage.deploy({ env });
      expect([status, outputs['deployment-status']]).toEqual([0, 'IN_PROGRESS']);
      expect(log).toMatch(/Warning: The credentials have expired after all traffic had moved/);
      expect(log).toMatch(/Warning: Whether the new tasks answer is not known/);
      expect(log).toMatch(/has reached traffic-shifted and keeps running in AWS/);
      expect(report).not.toBe('');
    }),
  );

  it(
    'fails when they expire before',
    on({ play: { slowInstall: 600_000 } }, async (stage) => {
      expire(stage, 4);
      const { status, log } = await stage.deploy({ env });
      expect(status).toBe(1);
      expect(log).toMatch(/cannot watch deployment d-\w+ .*the credentials have expired/);
    }),
  );
});

it(
  'a wait for the end that was asked for is not given up',
  on({ seed: { terminationWait: 6 } }, async (stage) => {
    expire(stage, 4);
    const { status } = await stage.deploy({ env, inputs: { 'wait-until': 'completed' } });
    expect(status).toBe(1);
  }),
);

it(
  'a success is one although they expire before the last look',
  on({}, async (stage) => {
    const effect = { kind: 'error', code: 'ExpiredTokenException', message: 'The security token is expired' } as const;
    stage.aws.faults.add({ on: 'elasticloadbalancing:*', times: 'always', effect });
    const { status, log } = await stage.deploy({ env });
    expect(status).toBe(0);
    expect(log).toMatch(/Whether the new tasks answer is not known: .*the credentials have expired/);
  }),
);

it(
  'the link to the console stands at the start and at the end',
  on({}, async (stage) => {
    const { log, outputs } = await stage.deploy();
    const link = `Console: https://console.aws.amazon.com/codesuite/codedeploy/deployments/${outputs['deployment-id']}?region=us-west-2`;
    expect(log.split(link)).toHaveLength(3);
    expect(log.indexOf(link)).toBeLessThan(log.indexOf('+0:0'));
  }),
);
