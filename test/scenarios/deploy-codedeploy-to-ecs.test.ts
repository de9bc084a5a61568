import { describe, expect, it } from '@jest/globals';
import { on } from './deploy-stage';

const needs = (log: string) =>
  [...log.matchAll(/strategy under the ECS controller: would need ([^|\n]*)/g)].map(([, need]) => need!.trim());

describe('a strategy for a service under CODE_DEPLOY', () => {
  it(
    'is refused; a dry run says what the service would need for it',
    on({ seed: { terminationWait: 7, alarms: ['errors'] } }, async (stage) => {
      const { status, log, changes } = await stage.deploy({ inputs: { strategy: 'canary', 'dry-run': 'true' } });
      expect([status, changes]).toEqual([2, []]);
      const found = needs(log);
      expect(found.join('\n')).toMatch(/deploymentController ECS/);
      expect(found.join('\n')).toMatch(/alternateTargetGroupArn \(that of EcsService-tg2\)/);
      expect(found.join('\n')).toContain(`productionListenerRule (a rule of ${stage.seeded.productionListenerArn})`);
      expect(found.join('\n')).toContain(`testListenerRule (a rule of ${stage.seeded.testListenerArn})`);
      expect(found.join('\n')).toMatch(/bakeTimeInMinutes 7/);
      expect(found.join('\n')).toMatch(/alarms for errors/);
    }),
  );

  it(
    'does not ask for what the group does not have',
    on({ seed: { testListener: false } }, async (stage) => {
      const { log } = await stage.deploy({ inputs: { strategy: 'blue-green', 'dry-run': 'true' } });
      expect(needs(log).join('\n')).not.toMatch(/testListenerRule|bakeTime|alarms/);
      expect(needs(log).join('\n')).toContain('alternateTargetGroupArn');
    }),
  );

  it(
    'is one line without a dry run',
    on({}, async (stage) => {
      const { status, log } = await stage.deploy({ inputs: { strategy: 'canary' } });
      expect(status).toBe(2);
      expect(log).toContain('strategy: is for services under the ECS controller, but this one is under CODE_DEPLOY');
      expect(needs(log)).toEqual([]);
    }),
  );
});
