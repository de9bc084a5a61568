import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { migrate } from '../local/migrate/migrate';
import { names, openWorkflowScene, project, type WorkflowScene, workflowFile } from '../support/workflow-scene';

let scene: WorkflowScene;
beforeEach(async () => {
  scene = await openWorkflowScene();
});
afterEach(() => scene.close());

const workflow = (name: string) => workflowFile(`.codecatalyst/workflows/${name}.yaml`);
const tutorial = { application: names.application, group: names.group } as const;
const ended = ({ actions }: Awaited<ReturnType<WorkflowScene['run']>>) =>
  actions.map(({ id, status }) => `${id} ${status}`);
const statusOf = ({ actions }: Awaited<ReturnType<WorkflowScene['run']>>, id: string) =>
  actions.find((action) => action.id === id)?.outputs['deployment-status'];
const deployments = () => scene.aws.compute.state.deployments.map(({ creator, status }) => `${creator} ${status}`);

/** Which revision of a service takes the production traffic. */
function serving({ serviceArn, productionListenerArn }: { serviceArn: string; productionListenerArn: string }) {
  const [first] = scene.aws.compute.traffic(productionListenerArn).filter(({ weight }) => weight > 0);
  const { fleets = [] } = scene.aws.compute.state.services.get(serviceArn) ?? {};
  const fleet = fleets.find(({ targetGroupArn }) => targetGroupArn === first?.targetGroupArn);
  return fleet?.definition.containerDefinitions?.[0]?.image;
}

/** A service under the ECS controller that pauses at test traffic for an hour, and is rolled back then. */
const seedPausing = () => {
  const pause = {
    targetType: 'PAUSE' as const,
    lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT' as const],
    timeoutConfiguration: { timeoutInMinutes: 60, action: 'ROLLBACK' as const },
  };
  return scene.aws.compute.seedEcsService({
    deployment: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 1, lifecycleHooks: [pause] },
  });
};

/** How the service deployments of a service ended, but for that with which it was seeded. */
const serviceDeployments = ({ serviceArn }: { serviceArn: string }) =>
  scene.aws.compute.state.services
    .get(serviceArn)
    ?.serviceDeployments.slice(0, -1)
    .map(({ status }) => status);

const digest = () => [...scene.aws.ecr.repository(names.repository).images.keys()][0];

describe('a workflow file to copy', () => {
  it('blue-green deploys', async () => {
    const seeded = await scene.aws.compute.seedTutorial({ ...tutorial, terminationWait: 1 });
    const result = await scene.run(workflow('blue-green'));
    expect([result.status, statusOf(result, 'DeploytoAmazonECS')]).toEqual([0, 'SUCCEEDED']);
    expect(serving(seeded)).toContain(`@${digest()}`);
  });

  it('canary moves 10 % of the traffic first', async () => {
    await scene.aws.compute.seedTutorial({ ...tutorial, terminationWait: 1 });
    const result = await scene.run(workflow('canary'));
    expect([result.status, statusOf(result, 'Deploy')]).toEqual([0, 'SUCCEEDED']);
    expect(scene.aws.compute.state.deployments[0]).toHaveProperty(
      'config.deploymentConfigName',
      'CodeDeployDefault.ECSCanary10Percent5Minutes',
    );
  });

  it('ecs-native deploys without CodeDeploy', async () => {
    const seeded = await scene.aws.compute.seedEcsService({
      deployment: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 1 },
    });
    const result = await scene.run(workflow('ecs-native'));
    expect([result.status, statusOf(result, 'Deploy'), deployments()]).toEqual([0, 'SUCCEEDED', []]);
    expect(serving(seeded)).toContain(`@${digest()}`);
  });

  it('two-environments deploys the same digest to both', async () => {
    const seed = (cluster: string) =>
      scene.aws.compute.seedTutorial({ cluster, group: cluster, application: cluster, terminationWait: 1 });
    await seed('Staging');
    await seed('Production');
    const result = await scene.run(workflow('two-environments'));
    expect([result.status, result.log]).toEqual([0, expect.stringContaining('it counts as approved')]);
    expect(deployments()).toEqual(['user Succeeded', 'user Succeeded']);
    const images = scene.aws.compute.state.deployments.map(
      ({ green }) => green?.definition.containerDefinitions?.[0]?.image,
    );
    expect([new Set(images).size, images[0]]).toEqual([1, expect.stringContaining(`@${digest()}`)]);
  });

  describe.each([
    ['CodeDeploy', () => scene.aws.compute.seedTutorial({ ...tutorial, terminationWait: 1, readyWait: 30 })],
    ['ECS', () => seedPausing()],
  ])('gate under %s', (_, seed) => {
    it.each([
      ['continues', 'exit 0', 0, 'SUCCEEDED', true],
      ['rolls back', 'exit 1', 1, 'ROLLED_BACK', false],
    ])('%s where the tests say %s', async (_way, tests, status, end, isServed) => {
      const seeded = await seed();
      scene.write('smoke-test.sh', `echo "testing $1"; ${tests}\n`);
      const result = await scene.run(workflow('gate'));
      expect([result.status, statusOf(result, 'DeployToTest'), statusOf(result, 'Finish')]).toEqual([
        status,
        'IN_PROGRESS',
        end,
      ]);
      expect(ended(result).at(-1)).toBe(`Verdict ${status}`);
      expect(serving(seeded)?.includes(`@${digest()}`)).toBe(isServed);
    });
  });

  it.each([
    ['CodeDeploy', () => scene.aws.compute.seedTutorial({ ...tutorial, terminationWait: 1, readyWait: 30 })],
    ['ECS', () => seedPausing()],
  ])('gate-approval continues under %s when it was approved', async (_, seed) => {
    const seeded = await seed();
    const result = await scene.run(workflow('gate-approval'));
    expect([result.status, statusOf(result, 'DeployToTest'), statusOf(result, 'Finish')]).toEqual([
      0,
      'IN_PROGRESS',
      'SUCCEEDED',
    ]);
    expect(serving(seeded)).toContain(`@${digest()}`);
  });

  describe('gate-approval, when it was rejected,', () => {
    const reject = async () => {
      const seeded = await seedPausing();
      const before = serving(seeded);
      const result = await scene.run(workflow('gate-approval'), { rejected: ['Approve'] });
      expect([ended(result), result.notRun]).toEqual([
        ['Build 0', 'Render 0', 'DeployToTest 0', 'Approve 1'],
        ['Finish'],
      ]);
      expect(serving(seeded)).toBe(before);
      return { seeded, before };
    };

    it('is rolled back by the pause when that times out', async () => {
      const { seeded, before } = await reject();
      await scene.aws.clock.advance(65 * 60_000);
      expect([serviceDeployments(seeded), serving(seeded)]).toEqual([['ROLLBACK_SUCCESSFUL'], before]);
    });

    it('is rolled back at once by roll-back', async () => {
      const { seeded, before } = await reject();
      const result = await scene.run(workflow('roll-back'));
      expect([result.status, statusOf(result, 'RollBack')]).toEqual([0, 'ROLLED_BACK']);
      expect([serviceDeployments(seeded), serving(seeded)]).toEqual([['ROLLBACK_SUCCESSFUL'], before]);
    });
  });

  it('roll-back takes a deployment of CodeDeploy back', async () => {
    const seeded = await scene.aws.compute.seedTutorial({ ...tutorial, terminationWait: 600 });
    const before = serving(seeded);
    const first = await scene.run(workflow('blue-green'));
    expect([statusOf(first, 'DeploytoAmazonECS'), serving(seeded)]).toEqual([
      'IN_PROGRESS',
      expect.stringContaining('@'),
    ]);
    const result = await scene.run(workflow('roll-back'));
    expect([result.status, statusOf(result, 'RollBack'), serving(seeded)]).toEqual([0, 'ROLLED_BACK', before]);
  });

  it('migration runs its command before the deployment', async () => {
    await scene.aws.compute.seedTutorial({ ...tutorial, terminationWait: 1 });
    const result = await scene.run(workflow('migration'));
    expect([result.status, statusOf(result, 'Deploy')]).toEqual([0, 'SUCCEEDED']);
    const changes = scene.aws.mutations().map(({ operation }) => operation);
    expect(changes.indexOf('RunTask')).toBeGreaterThan(0);
    expect(changes.indexOf('CreateDeployment')).toBeGreaterThan(changes.indexOf('RunTask'));
  });

  it('is tested here, whatever its name', () => {
    const files = readdirSync(join(project, '.codecatalyst/workflows')).sort();
    const tested = [
      'blue-green',
      'canary',
      'ecs-native',
      'gate',
      'gate-approval',
      'migration',
      'roll-back',
      'two-environments',
    ];
    // The check of this repository itself is read in test/e2e/workflow.test.ts.
    expect(files.filter((name) => name !== 'ci.yaml')).toEqual(tested.map((name) => `${name}.yaml`).sort());
  });
});

it('the tutorial deploys once it is migrated, with nothing changed by hand but the name of the space', async () => {
  const seeded = await scene.aws.compute.seedTutorial({ ...tutorial, terminationWait: 1 });
  const text = workflowFile('test/unit/workflow/migrate/codecatalyst/tutorial.yaml');
  const migrated = migrate(text, { name: 'w.yaml', space: 'any-space' }).text;
  const result = await scene.run(migrated);
  expect([result.status, statusOf(result, 'DeploytoAmazonECS')]).toEqual([0, 'SUCCEEDED']);
  expect(serving(seeded)).toContain(`@${digest()}`);
});
