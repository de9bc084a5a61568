import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  defaultPace,
  deployments,
  on as onStage,
  pinned,
  running,
  type Stage,
  type StageOptions,
  setStage,
} from '../scenarios/deploy-stage';
import { crash, installing } from '../scenarios/signal-at';
import { openProxy } from '../support/proxy';
import { asProcess } from './deploy-as-process';

const on = (options: StageOptions, test: (stage: Stage) => Promise<void>) =>
  onStage({ run: asProcess, ...options }, test);

describe('the bundle, as a process', () => {
  it.each<[status: number, ends: string, options: StageOptions, inputs?: Record<string, string>]>([
    [0, 'SUCCEEDED', {}],
    [0, 'SUCCEEDED', { ecs: { deployment: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 2 } } }],
    [0, 'IN_PROGRESS', {}, { ...defaultPace, 'wait-until': 'traffic-shifted' }],
    [3, 'ROLLED_BACK', { play: { failHook: { event: 'BeforeInstall' } } }],
    [1, 'STOPPED', { play: { stopBySomebody: { ms: 20_000, rollback: false } } }],
    [4, 'TIMED_OUT', { play: { neverStable: true } }, { 'wait-for-minutes': '3' }],
    [5, 'SUPERSEDED', { play: { competingAt: 20_000 } }],
  ])('ends with %s where the deployment is %s (%j)', (exit, ends, options, inputs = {}) =>
    on(options, async (stage) => {
      const { status, outputs, report } = await stage.deploy({ inputs });
      expect([status, outputs['deployment-status']]).toEqual([exit, ends]);
      expect(report).toContain(ends);
    })(),
  );

  it(
    'ends with 2 where an input is wrong, and with 0 where nothing is to be done',
    on({}, async (stage) => {
      const { status, changes, log } = await stage.deploy({ inputs: { 'wait-for-minutes': 'soon' } });
      expect([status, changes]).toEqual([2, []]);
      expect(log).toContain('Error: wait-for-minutes: ');
      stage.write('task.json', running(pinned));
      await stage.deploy();
      expect((await stage.deploy()).outputs['deployment-status']).toBe('UNCHANGED');
    }),
  );

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)('ends the waiting at %s, with the last state', (signal, exit) =>
    on({ play: { neverStable: true } }, async (stage) => {
      const { status, outputs, log } = await stage.deploy({ signal: { ...installing, name: signal } });
      expect([status, outputs['deployment-status']]).toEqual([exit, 'IN_PROGRESS']);
      expect(log).toContain(`interrupted by ${signal}: deployment d-`);
    })(),
  );

  it(
    'picks its deployment up after a crash',
    on({ play: { slowInstall: 600_000 } }, async (stage) => {
      expect((await stage.deploy({ signal: crash(installing) })).status).toBe(137);
      const { status, changes } = await stage.deploy();
      expect([status, changes, deployments(stage)]).toEqual([0, [], ['user Succeeded']]);
    }),
  );

  it(
    'reaches AWS through a proxy',
    on({}, async (stage) => {
      const proxy = await openProxy();
      try {
        const { port } = new URL((await stage.aws.listen(0, ['aws.example'])).endpoint);
        const env = { AWS_ENDPOINT_URL: `http://aws.example:${port}`, HTTP_PROXY: proxy.url };
        const { status, log } = await stage.deploy({ env });
        expect([status, proxy.asked.length > 0]).toEqual([0, true]);
        expect(log).not.toMatch(/hidden(@|%40)word/);
      } finally {
        await proxy.close();
      }
    }),
  );
});

describe('the report', () => {
  const withoutSource = async (stage: Stage, temp: string) => {
    mkdirSync(temp);
    const onOutput = (output: string) => {
      if (output.includes('Watching')) rmSync(stage.folder, { recursive: true, force: true });
    };
    return stage.deploy({ env: { TMPDIR: temp }, onOutput });
  };

  it('is written to the folder for temporary files where the source folder cannot be written', async () => {
    const stage = await setStage({ run: asProcess });
    const temp = `${stage.folder}-temp`;
    try {
      const { status, outputs, report } = await withoutSource(stage, temp);
      expect(status).toBe(0);
      expect(outputs['report']).toMatch(new RegExp(`^${join(temp, 'deployment-report-d-')}\\w+\\.html$`));
      expect(report).toBe(readFileSync(outputs['report']!, 'utf8'));
    } finally {
      mkdirSync(stage.folder, { recursive: true });
      rmSync(temp, { recursive: true, force: true });
      await stage.clear();
    }
  });
});
