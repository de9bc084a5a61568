import { describe, expect, it } from '@jest/globals';
import { compete, ecsOf } from './deploy-ecs-stage';
import {
  application,
  container,
  type Deployed,
  deployments,
  family,
  group,
  on,
  pinned,
  running,
  type Stage,
  type StageOptions,
  serviceOf,
  serviceUnder,
  taskDefinition,
} from './deploy-stage';

/** The same service under each controller, what a run says when its deployment has begun, and somebody else's deployment. */
const controllers: readonly [string, StageOptions, string, (stage: Stage) => unknown][] = [
  [
    'CODE_DEPLOY',
    serviceUnder.CODE_DEPLOY,
    'Created deployment',
    ({ aws }) => aws.compute.startCompetingDeployment(application, group),
  ],
  ['ECS', serviceUnder.ECS, 'Started deployment', compete],
  ['ECS, rolling', serviceUnder.rolling, 'Started deployment', compete],
];

/** What was deployed after what was seeded, in the order of creation. */
const deployed = (stage: Stage): string[] =>
  serviceOf(stage).controller === 'CODE_DEPLOY'
    ? deployments(stage).map((one) => one.replace('user Succeeded', 'SUCCESSFUL'))
    : serviceOf(stage)
        .serviceDeployments.slice(0, -1)
        .map(({ status }) => status);

/** A second run of the same content, begun when the first one says something; both to their ends. */
async function both(stage: Stage, at: string, inputs: Readonly<Record<string, string>> = {}): Promise<Deployed[]> {
  let second: Promise<Deployed> | undefined;
  const onOutput = (output: string) => {
    if (output.includes(at)) second ??= stage.deploy({ inputs });
  };
  const first = await stage.deploy({ inputs, onOutput });
  return [first, await (second ?? stage.deploy({ inputs }))];
}

const revisions = ({ aws }: Stage) =>
  aws.compute.state.taskDefinitions.filter(({ definition }) => definition.family === family).length;

describe.each(controllers)('two runs of the same content under %s', (_, options, begun, somebody) => {
  const moments = ['Reading service', 'Plan for service', 'Registered', begun, 'Watching', 'succeeded'];
  const actions = (moment: string) => (moment === begun ? ['wait', 'stop', 'fail', 'continue'] : ['wait', 'stop']);

  it.each(moments.flatMap((moment) => actions(moment).map((action) => [moment, action])))(
    'make one deployment where the second begins at "%s" of the first (if-deploying: %s)',
    (moment, action) =>
      on(options, async (stage) => {
        stage.write('task.json', running(pinned));
        const ends = await both(stage, moment!, { 'if-deploying': action! });
        expect(ends.map(({ status }) => status)).toEqual([0, 0]);
        expect(deployed(stage)).toEqual(['SUCCESSFUL']);
        expect(new Set(ends.map(({ outputs }) => outputs['task-definition-arn'])).size).toBe(1);
      })(),
  );

  it.each(['Reading service', 'is active', 'has ended', begun])(
    'make one behind somebody else\'s, where the second begins at "%s" of the first',
    (moment) =>
      on(options, async (stage) => {
        await somebody(stage);
        const ends = await both(stage, moment);
        expect(ends.map(({ status }) => status)).toEqual([0, 0]);
        expect(deployed(stage)).toEqual(['SUCCESSFUL', 'SUCCESSFUL']);
        expect(revisions(stage)).toBeLessThanOrEqual(3);
        expect(new Set(ends.map(({ outputs }) => outputs['task-definition-arn'])).size).toBe(1);
      })(),
  );

  it.each(['wait', 'stop', 'continue'])(
    'make one where its deployment ends while the second reads (if-deploying: %s)',
    (action) =>
      on(options, async (stage) => {
        await stage.deploy({ inputs: { 'wait-until': 'none' } });
        const end = () => deployed(stage)[0] === 'SUCCESSFUL';
        const inputs = { 'if-deploying': action };
        const onOutput = (output: string) => {
          // The time of AWS goes on until the deployment has ended, between the plan and the start.
          if (output.includes('Plan for service') && !end()) void stage.aws.clock.advanceUnless(end, 3_600_000);
        };
        const { status, changes, outputs } = await stage.deploy({ inputs, onOutput });
        expect([status, changes, deployed(stage)]).toEqual([0, [], ['SUCCESSFUL']]);
        expect(outputs['task-definition-arn']).toMatch(/:2$/);
      })(),
  );
});

it.each(controllers)('a deployment that ends between two reads of a plan is not made again (%s)', (_, options) =>
  on(options, async (stage) => {
    const { aws } = stage;
    stage.write('task.json', running(pinned));
    await stage.deploy({ inputs: { 'wait-until': 'none' } });
    // The service is read while it is on its way, and its deployments when it is over.
    const isByCodeDeploy = serviceOf(stage).controller === 'CODE_DEPLOY';
    const on = isByCodeDeploy ? 'codedeploy:GetDeploymentGroup' : 'ecs:ListServiceDeployments';
    aws.faults.add({ on, times: 5, effect: { kind: 'hang', ms: 60_000 } });
    const { status, changes, outputs } = await stage.deploy();
    expect([status, changes, deployed(stage)]).toEqual([0, [], ['SUCCESSFUL']]);
    expect(outputs['task-definition-arn']).toMatch(/:2$/);
  })(),
);

it.each(['rolling', 'ECS'] as const)('of two that are forced at once, a run watches its own (%s)', (kind) =>
  on(serviceUnder[kind], async (stage) => {
    const { aws } = stage;
    const request = { cluster: 'EcsCluster', service: 'EcsService', forceNewDeployment: true };
    // The other one is there too before ECS lists the own one.
    aws.faults.add({
      on: 'ecs:ListServiceDeployments',
      since: 'ecs:UpdateService',
      effect: { kind: 'hang', ms: 2_000 },
    });
    aws.moments.at({ call: 'ecs:UpdateService', when: 'took effect' }, () => {
      aws.clock.after(500, () => void ecsOf(stage).updateService({ ...request, taskDefinition: `${family}:2` }));
    });
    const { status, outputs } = await stage.deploy({ inputs: { 'force-new-deployment': 'true' } });
    const [other, own] = serviceOf(stage).serviceDeployments;
    expect([status, outputs['deployment-id'], outputs['deployment-status']]).toEqual([5, own?.arn, 'SUPERSEDED']);
    expect(other?.target.revision.taskDefinition).toBe(own?.target.revision.taskDefinition);
  })(),
);

it('a revision that two runs registered at once is the first of the two for both, and for the runs that follow', () =>
  on({}, async (stage) => {
    const ends = await Promise.all([stage.deploy(), stage.deploy(), stage.deploy()]);
    expect(ends.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect(new Set(ends.map(({ outputs }) => outputs['task-definition-arn'])).size).toBe(1);
    expect(deployments(stage)).toEqual(['user Succeeded']);
    expect(ends[0]?.outputs['task-definition-arn']).toMatch(/:2$/);
    const again = await stage.deploy({ inputs: { 'force-new-deployment': 'true' } });
    expect(again.outputs['task-definition-arn']).toMatch(/:2$/);
  })());

it('what speaks against a deployment after a wait keeps it from beginning', () =>
  on({}, async (stage) => {
    stage.aws.compute.startCompetingDeployment(application, group);
    stage.aws.ecr.putImage('web', { tags: ['1'] });
    const image = '123456789012.dkr.ecr.us-west-2.amazonaws.com/web:1';
    stage.write('task.json', taskDefinition({ containerDefinitions: [container({ image })] }));
    const onOutput = (output: string) => {
      if (output.includes('is active')) stage.aws.ecr.repositories.delete('web');
    };
    const { status, changes, log } = await stage.deploy({ onOutput });
    expect([status, changes]).toEqual([2, []]);
    expect(log).toContain('the registry of account 123456789012 has no repository web');
  })());
