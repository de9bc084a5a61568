import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  closePace,
  container,
  deny,
  on,
  type Stage,
  type StageOptions,
  serviceOf,
  serviceUnder,
  taskDefinition,
} from './deploy-stage';

const image = '123456789012.dkr.ecr.us-west-2.amazonaws.com/web:latest';

/** The same service under each controller. */
const controllers: readonly [string, StageOptions, string][] = [
  ['CODE_DEPLOY', serviceUnder.CODE_DEPLOY, 'CreateDeployment'],
  ['ECS', serviceUnder.ECS, 'UpdateService'],
  ['ECS, rolling', serviceUnder.rolling, 'UpdateService'],
];

/** Pushes another image to the tag. */
function push({ aws }: Stage, content: string): string {
  if (!aws.ecr.repositories.has('web')) aws.ecr.createRepository('web');
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  return aws.ecr.putImage('web', { tags: ['latest'], digest }).digest;
}

/** Lets the tag name an image that is there already. */
function tag({ aws }: Stage, content: string): string {
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  aws.ecr.repositories.get('web')?.tags.set('latest', digest);
  return digest;
}

const running = (stage: Stage) =>
  new Set(
    stage.aws.compute.state.tasks
      .filter((task) => task.fleet.service === serviceOf(stage) && task.desiredStatus === 'RUNNING')
      .map(({ containers }) => containers[0]?.imageDigest),
  );

describe.each(controllers)('a tag under %s', (_, options, change) => {
  const withTag = (test: (stage: Stage, first: string) => Promise<void>) =>
    on(options, async (stage) => {
      const first = push(stage, 'one');
      stage.write('task.json', taskDefinition({ containerDefinitions: [container({ image })] }));
      expect((await stage.deploy()).status).toBe(0);
      await test(stage, first);
    });

  it(
    'that has not moved is not deployed again',
    withTag(async (stage) => {
      const { status, changes, outputs } = await stage.deploy();
      expect([status, changes, outputs['deployment-status']]).toEqual([0, [], 'UNCHANGED']);
    }),
  );

  it(
    'that has moved is deployed, and the plan shows both digests',
    withTag(async (stage, first) => {
      const second = push(stage, 'two');
      const dry = await stage.deploy({ inputs: { 'dry-run': 'true' } });
      expect(dry.log).toContain(
        `MyContainer: web:latest is ${second} in ECR, but the tasks run ${first}; so it is deployed again`,
      );
      const { status, changes, outputs } = await stage.deploy();
      expect([status, changes, outputs['deployment-status']]).toEqual([0, [change], 'SUCCEEDED']);
      await stage.aws.clock.advance(60_000);
      expect(running(stage)).toEqual(new Set([second]));
      expect((await stage.deploy()).changes).toEqual([]);
    }),
  );

  it(
    'that has moved while its deployment runs is deployed after it',
    withTag(async (stage) => {
      const second = push(stage, 'two');
      const signal = { call: '*:*', if: () => running(stage).has(second), nth: 10, name: 'SIGKILL' } as const;
      expect((await stage.deploy({ signal, inputs: closePace })).status).toBe(137);
      const third = push(stage, 'three');
      const { status, changes } = await stage.deploy();
      expect([status, changes]).toEqual([0, [change]]);
      await stage.aws.clock.advance(60_000);
      expect(running(stage)).toEqual(new Set([third]));
    }),
  );

  it.each([
    ['a new image', (stage: Stage) => push(stage, 'three')],
    ['an image that was there before', (stage: Stage) => tag(stage, 'old')],
  ])('that has moved to %s before a task of its deployment runs is deployed after it', (which, move) =>
    withTag(async (stage) => {
      push(stage, 'old');
      push(stage, 'two');
      const begun = () => stage.aws.calls.filter(({ operation }) => operation === change)[1];
      const isOld = () => (begun()?.at ?? Number.POSITIVE_INFINITY) < stage.aws.clock.now();
      const signal = { call: '*:*', if: isOld, name: 'SIGKILL' } as const;
      expect((await stage.deploy({ signal, inputs: closePace })).status).toBe(137);
      const third = move(stage);
      const { status, changes, log } = await stage.deploy();
      expect([status, changes]).toEqual([0, [change]]);
      // ECS tells what it has begun to deploy before a task of it runs; under CodeDeploy, only what was pushed since shows it.
      const isHidden = change === 'CreateDeployment' && which !== 'a new image';
      const how = isHidden
        ? /is active already: watching it[\s\S]*was started before the tag moved .*: deploying again/
        : /is active: waiting until it has ended[\s\S]*(Updated service|Created deployment)/;
      expect(log).toMatch(how);
      await stage.aws.clock.advance(60_000);
      expect(running(stage)).toEqual(new Set([third]));
    })(),
  );

  it(
    'that has moved to a new image is not left to a deployment that began before, even where nothing is waited for',
    withTag(async (stage) => {
      push(stage, 'two');
      const quick = { 'wait-until': 'none', 'if-deploying': 'stop' };
      expect((await stage.deploy({ inputs: quick })).changes).toEqual([change]);
      await stage.aws.clock.advance(1_000);
      const third = push(stage, 'three');
      const { status, changes } = await stage.deploy({ inputs: quick });
      expect([status, changes.at(-1)]).toEqual([0, change]);
      await stage.aws.clock.advance(600_000);
      expect(running(stage)).toEqual(new Set([third]));
    }),
  );

  it(
    'that has moved and whose deployment is under way is deployed once, whatever is done about active deployments',
    withTag(async (stage) => {
      push(stage, 'two');
      expect((await stage.deploy({ inputs: { 'wait-until': 'none' } })).changes).toEqual([change]);
      const { status, changes } = await stage.deploy({ inputs: { 'if-deploying': 'stop' } });
      expect([status, changes]).toEqual([0, []]);
    }),
  );

  it.each([
    ['ecr:DescribeImages', /the role may not call ecr:DescribeImages; so it is deployed again/],
    ['ecs:DescribeTasks', /in ECR, but what the tasks run is not known: the role may not call ecs:DescribeTasks/],
  ])('whose digest %s would tell is deployed without it', (call, said) =>
    withTag(async (stage) => {
      for (const on of call.startsWith('ecs') ? [call, 'ecs:DescribeServiceRevisions'] : [call]) {
        deny(stage, on);
      }
      const { status, log, outputs } = await stage.deploy();
      expect([status, outputs['deployment-status']]).toEqual([0, 'SUCCEEDED']);
      expect(log).toMatch(said);
    })(),
  );

  it(
    'of another registry is deployed, as its digest is not known',
    on(options, async (stage) => {
      await stage.deploy();
      const { status, log, changes } = await stage.deploy();
      expect([status, changes]).toEqual([0, [change]]);
      expect(log).toMatch(/image +MyContainer: nginx:1.28: it is not in Amazon ECR/);
    }),
  );
});

it(
  'the digests of the service revision do where the role may not see the tasks',
  on({ ecs: {} }, async (stage) => {
    push(stage, 'one');
    stage.write('task.json', taskDefinition({ containerDefinitions: [container({ image })] }));
    await stage.deploy();
    deny(stage, 'ecs:ListTasks');
    expect((await stage.deploy()).outputs['deployment-status']).toBe('UNCHANGED');
    push(stage, 'two');
    expect((await stage.deploy()).outputs['deployment-status']).toBe('SUCCEEDED');
  }),
);

it(
  'a tag that has moved is deployed once where the tasks with the old image are kept',
  on({ seed: { keepBlue: true } }, async (stage) => {
    push(stage, 'one');
    stage.write('task.json', taskDefinition({ containerDefinitions: [container({ image })] }));
    await stage.deploy();
    push(stage, 'two');
    expect((await stage.deploy()).changes).toEqual(['CreateDeployment']);
    expect(running(stage).size).toBe(2);
    const { changes, outputs } = await stage.deploy();
    expect([changes, outputs['deployment-status']]).toEqual([[], 'UNCHANGED']);
  }),
);

describe.each(controllers)('under %s', (_, options, change) => {
  const crashing = (test: (stage: Stage) => Promise<void>) =>
    on(options, async (stage) => {
      push(stage, 'one');
      stage.write('task.json', taskDefinition({ containerDefinitions: [container({ image })] }));
      await test(stage);
      stage.aws.compute.play({});
    });
  const crash = async (stage: Stage) => {
    expect((await stage.deploy({ inputs: { 'wait-until': 'none' } })).changes).toContain(change);
    stage.aws.compute.play({ crashTasks: {} });
    await stage.aws.clock.advance(120_000);
    stage.aws.compute.play({});
  };
  const mend = async (stage: Stage) => {
    const mended = push(stage, 'mended');
    const inputs = { 'if-deploying': 'stop', 'wait-until': 'none' };
    expect((await stage.deploy({ inputs })).changes).toEqual([expect.stringMatching(/^Stop.*Deployment$/), change]);
    await stage.aws.clock.advance(60_000);
    expect(running(stage)).toContain(mended);
  };

  it(
    'a deployment whose tasks crash is not taken for that of the image that was pushed to mend it',
    crashing(async (stage) => {
      await crash(stage);
      await mend(stage);
    }),
  );

  it(
    'the same where the revision runs already, with an image from before',
    crashing(async (stage) => {
      expect((await stage.deploy()).status).toBe(0);
      push(stage, 'two');
      await crash(stage);
      await mend(stage);
    }),
  );

  it(
    'a deployment whose tasks crash is watched where the tag has not moved',
    crashing(async (stage) => {
      await crash(stage);
      const { changes, log } = await stage.deploy({ inputs: { 'if-deploying': 'stop' } });
      expect(changes).toEqual([]);
      expect(log).toContain('of this very revision is active already: watching it');
    }),
  );
});

it.each([
  [2, 4, /the time that it has \(1 minute\) was over before it could begin/],
  [
    'always' as const,
    0,
    /Whether the tags of the images have moved meanwhile is not known: .*ecr:DescribeImages failed: no answer/,
  ],
])('a tag that has moved is not deployed after the deadline, for which %s reads hung (exit %s)', (times, exit, said) =>
  on(serviceUnder.CODE_DEPLOY, async (stage) => {
    push(stage, 'old');
    push(stage, 'one');
    stage.write('task.json', taskDefinition({ containerDefinitions: [container({ image })] }));
    expect((await stage.deploy({ inputs: { 'wait-until': 'none' } })).status).toBe(0);
    await stage.aws.clock.advance(4_000);
    const moved = tag(stage, 'old');
    stage.aws.faults.add({ on: 'ecr:DescribeImages', after: 1, times, effect: { kind: 'hang' } });
    const { status, log, changes } = await stage.deploy({ inputs: { 'wait-for-minutes': '1' } });
    expect([status, changes]).toEqual([exit, []]);
    expect(log).toMatch(said);
    expect(running(stage).has(moved)).toBe(false);
  })(),
);

it.each(controllers)('under %s, the plan says why a deployment of this very revision is not enough', (_, options) =>
  on(options, async (stage) => {
    const first = push(stage, 'one');
    stage.write('task.json', taskDefinition({ containerDefinitions: [container({ image })] }));
    expect((await stage.deploy({ inputs: { 'wait-until': 'none' } })).status).toBe(0);
    await stage.aws.clock.advance(4_000);
    const second = push(stage, 'two');
    const { log, changes } = await stage.deploy({ inputs: { 'dry-run': 'true' } });
    expect(log).toMatch(
      new RegExp(
        `image +MyContainer: web:latest is ${second} in ECR, (but the tasks run ${first}|and was pushed after the deployment had begun)`,
      ),
    );
    expect(log).toMatch(/active +\S+, which deploys this very revision with an older image, is waited for first/);
    expect(changes).toEqual([]);
  })(),
);
