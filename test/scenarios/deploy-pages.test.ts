/** A page of a list may be empty although others follow: only a list without a token is at its end. */

import { expect, it } from '@jest/globals';
import { compete } from './deploy-ecs-stage';
import { application, container, group, on, type Stage, taskDefinition } from './deploy-stage';
import { rewritingAws } from './rewriting-aws';

/** The members of answers that hold a list. */
const listOf: Readonly<Record<string, string>> = {
  ListDeployments: 'deployments',
  ListServiceDeployments: 'serviceDeployments',
  ListTasks: 'taskArns',
  DescribePullThroughCacheRules: 'pullThroughCacheRules',
};

/** Deploys with an AWS whose lists begin with an empty page. */
async function deployPaged(stage: Stage, inputs: Readonly<Record<string, string>>) {
  const { endpoint } = await stage.aws.listen();
  const pages = new Map<string, number>();
  const middle = await rewritingAws(endpoint, (call, answer, asked) => {
    const list = listOf[call];
    if (list === undefined || asked.includes('"0"')) return answer;
    pages.set(call, (pages.get(call) ?? 0) + 1);
    return { ...answer, [list]: [], nextToken: '0' };
  });
  try {
    const deployed = await stage.deploy({ inputs, env: { AWS_ENDPOINT_URL: middle.endpoint } });
    return { ...deployed, pages };
  } finally {
    await middle.close();
  }
}

it(
  'an active service deployment is not overlooked',
  on({ ecs: {} }, async (stage) => {
    await compete(stage);
    const { status, changes, pages } = await deployPaged(stage, { 'if-deploying': 'fail' });
    expect([status, changes]).toEqual([2, []]);
    expect(pages.get('ListServiceDeployments')).toBe(1);
  }),
);

it(
  'an active deployment of CodeDeploy is not overlooked',
  on({}, async (stage) => {
    stage.aws.compute.startCompetingDeployment(application, group);
    const { status, changes } = await deployPaged(stage, { 'if-deploying': 'fail' });
    expect([status, changes]).toEqual([2, []]);
  }),
);

it(
  'a migration that still runs is not started again',
  on({ play: { oneOffTask: { afterMs: 120_000 } } }, async (stage) => {
    const inputs = { 'pre-deploy-command': 'MyContainer: migrate' };
    const signal = { call: 'ecs:DescribeTasks', nth: 2, name: 'SIGKILL' } as const;
    expect((await stage.deploy({ inputs, signal })).changes).toContain('RunTask');
    const { status, changes, log } = await deployPaged(stage, inputs);
    expect([status, changes]).toEqual([0, ['CreateDeployment']]);
    expect(log).toMatch(/Task \S+ of an earlier run is working on pre-deploy-command/);
  }),
);

it(
  'tasks that run the image of a tag are seen',
  on({}, async (stage) => {
    const image = '123456789012.dkr.ecr.us-west-2.amazonaws.com/web:latest';
    stage.aws.ecr.createRepository('web');
    stage.aws.ecr.putImage('web', { tags: ['latest'], digest: `sha256:${'1'.repeat(64)}` });
    stage.write('task.json', taskDefinition({ containerDefinitions: [container({ image })] }));
    await stage.deploy();
    const { outputs, pages } = await deployPaged(stage, {});
    expect(outputs['deployment-status']).toBe('UNCHANGED');
    expect(pages.get('ListTasks')).toBe(1);
  }),
);

it(
  'a rule that fetches an image is not overlooked',
  on({}, async (stage) => {
    const image = '123456789012.dkr.ecr.us-west-2.amazonaws.com/hub/library/nginx:1.28';
    stage.aws.ecr.cachePrefixes.push('hub');
    stage.write('task.json', taskDefinition({ containerDefinitions: [container({ image })] }));
    const { status, log, pages } = await deployPaged(stage, { 'dry-run': 'true' });
    expect(status).toBe(0);
    expect(log).toContain('the pull through cache rule hub fetches what is missing');
    expect(pages.get('DescribePullThroughCacheRules')).toBe(1);
  }),
);

const watched = { seed: { alarms: ['errors'] } };

/** What DescribeAlarms is asked for. */
interface Asked {
  readonly AlarmTypes?: readonly string[];
  readonly NextToken?: string;
}

/** Gives an alarm of one kind to those who ask for that kind, on the second page. */
const alarmsOn = (kind: 'MetricAlarm' | 'CompositeAlarm' | 'LogAlarm') =>
  on(watched, async (stage) => {
    stage.aws.compute.raiseAlarm('errors');
    const { endpoint } = await stage.aws.listen();
    const alarm = { AlarmName: 'errors', StateValue: 'ALARM' };
    const middle = await rewritingAws(endpoint, (call, answer, asked) => {
      if (call !== 'DescribeAlarms') return answer;
      const { AlarmTypes = ['MetricAlarm'], NextToken } = JSON.parse(asked) as Asked;
      const lists = { MetricAlarms: [], CompositeAlarms: [] };
      if (NextToken === undefined) return { ...lists, NextToken: '1' };
      return AlarmTypes.includes(kind) ? { ...lists, [`${kind}s`]: [alarm] } : lists;
    });
    const env = { AWS_ENDPOINT_URL: middle.endpoint };
    const { status, log } = await stage.deploy({ inputs: { 'dry-run': 'true' }, env });
    await middle.close();
    expect([status, log]).toEqual([0, expect.stringContaining('alarm errors is in ALARM now')]);
    // The usual kinds are asked for together, what a region may not know only where something is missing.
    expect(middle.calls.get('DescribeAlarms')).toBe(kind === 'LogAlarm' ? 4 : 2);
  })();

it.each(['MetricAlarm', 'CompositeAlarm', 'LogAlarm'] as const)('an alarm that is on is not overlooked: %s', alarmsOn);

it(
  'pages of alarms that never end do not hold a run up',
  on(watched, async (stage) => {
    const { endpoint } = await stage.aws.listen();
    let page = 0;
    const middle = await rewritingAws(endpoint, (call, answer) => {
      if (call !== 'DescribeAlarms') return answer;
      page += 1;
      return { MetricAlarms: [], CompositeAlarms: [], NextToken: `${page}` };
    });
    await stage.deploy({ inputs: { 'dry-run': 'true' }, env: { AWS_ENDPOINT_URL: middle.endpoint } });
    await middle.close();
    expect(page).toBeGreaterThan(2);
    expect(page).toBeLessThanOrEqual(40);
  }),
);
