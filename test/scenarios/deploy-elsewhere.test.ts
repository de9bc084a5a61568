import { describe, expect, it } from '@jest/globals';
import { before, ecsOf, onService, serviceDeployments, strategies } from './deploy-ecs-stage';
import { closePace, on, pinned, running, type Stage, serviceOf, serviceUnder } from './deploy-stage';

const names = { cluster: 'EcsCluster', service: 'EcsService' };

/** What somebody does to the service in the console while a deployment runs. */
const deeds: Readonly<Record<'deletes it' | 'has deleted it' | 'scales it to none', (stage: Stage) => unknown>> = {
  'deletes it': (stage) => Object.assign(serviceOf(stage), { status: 'DRAINING', desiredCount: 0 }),
  'has deleted it': ({ aws, seeded }) => aws.compute.state.services.delete(seeded.serviceArn),
  'scales it to none': (stage) => ecsOf(stage).updateService({ ...names, desiredCount: 0 }),
};

const watching = {
  CODE_DEPLOY: 'codedeploy:GetDeployment',
  ECS: 'ecs:DescribeServiceDeployments',
  rolling: 'ecs:DescribeServiceDeployments',
} as const;

describe('a service that somebody', () => {
  it.each<[deed: keyof typeof deeds, under: keyof typeof serviceUnder, status: number, ends: string, says: RegExp]>([
    ['deletes it', 'CODE_DEPLOY', 1, 'UNHEALTHY', /but the service is gone: service EcsService is DRAINING; create it/],
    ['has deleted it', 'CODE_DEPLOY', 1, 'UNHEALTHY', /but the service is gone: there is no service EcsService in/],
    ['scales it to none', 'CODE_DEPLOY', 0, 'SUCCEEDED', /but wants 0 tasks, so nothing runs/],
    ['deletes it', 'ECS', 1, 'UNHEALTHY', /but the service is gone: service EcsService is DRAINING/],
    ['has deleted it', 'ECS', 1, 'FAILED', /of \S+:2: there is no service EcsService in .* deleted in the meantime/],
    ['deletes it', 'rolling', 1, 'UNHEALTHY', /but the service is gone: service EcsService is DRAINING/],
  ])('%s is no success under %s', (deed, under, status, ends, says) =>
    on(serviceUnder[under], async (stage) => {
      stage.aws.moments.at({ call: watching[under], nth: 3 }, () => void deeds[deed](stage));
      const ended = await stage.deploy({ inputs: closePace });
      expect([ended.status, ended.outputs['deployment-status']]).toEqual([status, ends]);
      expect(ended.log).toMatch(says);
    })(),
  );
});

describe('what is watched and is not there any more', () => {
  const error = (code: string) => ({ kind: 'error', code, message: `${code}: not found` }) as const;

  it(
    'is a deployment whose application was deleted',
    on(serviceUnder.CODE_DEPLOY, async (stage) => {
      const effect = error('DeploymentDoesNotExistException');
      stage.aws.faults.add({ on: watching.CODE_DEPLOY, after: 2, times: 'always', effect });
      const { status, log, outputs } = await stage.deploy({ inputs: closePace });
      expect([status, outputs['deployment-status']]).toEqual([1, 'FAILED']);
      expect(log).toMatch(
        /of \S+:2: CodeDeploy does not have it any more, as its application was deleted; check the traffic/,
      );
      expect(log).not.toContain('keeps running');
    }),
  );

  it.each(['ClusterNotFoundException', 'ServiceNotFoundException'])('is a service deployment (%s)', (code) =>
    on(serviceUnder.ECS, async (stage) => {
      stage.aws.faults.add({ on: watching.ECS, after: 2, times: 'always', effect: error(code) });
      stage.aws.moments.at({ call: watching.ECS, nth: 3 }, () => void deeds['has deleted it'](stage));
      const { status, log, outputs } = await stage.deploy({ inputs: closePace });
      expect([status, outputs['deployment-status']]).toEqual([1, 'FAILED']);
      expect(log).toMatch(/of \S+:2: there is no service EcsService in .* deleted in the meantime/);
    })(),
  );
});

it(
  'a service that is missing in one answer is read again',
  on(serviceUnder.CODE_DEPLOY, async (stage) => {
    const { aws } = stage;
    const body = '{"services":[],"failures":[{"reason":"MISSING"}]}';
    const isOver = () => aws.compute.state.deployments[0]?.status === 'Succeeded';
    const answer = () => void aws.faults.add({ on: 'ecs:DescribeServices', effect: { kind: 'garble', body } });
    aws.moments.at({ call: 'codedeploy:GetDeployment', if: isOver }, answer);
    const { status, log } = await stage.deploy();
    expect(log).toContain('there is no service EcsService in cluster EcsCluster in us-west-2; looking again');
    expect(log).toContain('Service EcsService runs CdkEcsInfraStackTaskDef:2');
    expect(status).toBe(0);
  }),
);

/** Somebody's deployment of another revision, as ECS shows it once it is over. */
function moveOn(stage: Stage): void {
  const primary = serviceOf(stage).fleets.find((fleet) => fleet.status === 'PRIMARY')!;
  const { definition } = stage.aws.compute.state.taskDefinitions.at(-1)!;
  Object.assign(primary, { definition });
}

describe('a service that has moved on by the last look', () => {
  const other = running('public.ecr.aws/nginx/nginx:1.29');

  it(
    'is not said to run what was deployed',
    onService(strategies[0], { ecs: { image: pinned } }, async (stage) => {
      const isOver = () => serviceDeployments(stage)[0]?.startsWith('SUCCESSFUL') ?? false;
      const { taskDefinition: next } = await ecsOf(stage).registerTaskDefinition(running());
      await ecsOf(stage).registerTaskDefinition(other);
      stage.aws.moments.at({ call: 'ecs:DescribeServices', if: isOver }, () => moveOn(stage));
      const { status, log } = await stage.deploy({ inputs: { 'task-definition': next!.taskDefinitionArn! } });
      expect(log).toContain('succeeded, but the service has moved on to another deployment since.');
      expect(log).not.toContain('Service EcsService runs');
      expect(status).toBe(0);
    }),
  );

  it(
    'is read again where it was to be left alone',
    onService(strategies[0], { ecs: { image: pinned } }, async (stage) => {
      await ecsOf(stage).registerTaskDefinition(other);
      stage.aws.moments.at({ call: 'ecs:DescribeServices', nth: 2 }, () => moveOn(stage));
      const { status, log, changes } = await stage.deploy({ inputs: { 'task-definition': before } });
      expect(log).not.toContain('runs CdkEcsInfraStackTaskDef:1 already');
      expect([status, changes]).toEqual([0, ['UpdateService']]);
    }),
  );
});
