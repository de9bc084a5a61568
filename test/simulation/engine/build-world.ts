import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import type { Scenario, Seeded } from '../../local/aws/compute';
import type { OneOffTask } from '../../local/aws/compute/scenario';
import { createEmbeddedAws, type EmbeddedAws } from '../../local/aws/embedded';
import { imageOf } from '../oracle/images';
import type { EcsSpec, TroubleSpec, WorldSpec } from '../spec';

export const names = {
  cluster: 'EcsCluster',
  service: 'EcsService',
  application: 'tutorial-bluegreen-app',
  group: 'tutorial-bluegreen-dg',
  alarm: 'too-many-errors',
};

/** The service of a spec on an embedded AWS of its own, nothing deployed yet. */
export async function buildWorld(spec: WorldSpec): Promise<{ aws: EmbeddedAws; seeded: Seeded }> {
  const aws = createEmbeddedAws();
  aws.ecr.createRepository('web');
  pushImages(aws, 1);
  const { desiredCount, testListener, alarm } = spec;
  const common = { image: imageOf.running, desiredCount, testListener, alarms: alarm?.isWatched ? [names.alarm] : [] };
  const { codeDeploy } = spec;
  const seeded = await (spec.controller === 'ECS'
    ? aws.compute.seedEcsService({ ...common, deployment: deploymentOf(spec.ecs) })
    : aws.compute.seedTutorial({
        ...common,
        deploymentConfig: codeDeploy.config,
        ...(codeDeploy.readyWait !== undefined && { readyWait: codeDeploy.readyWait }),
        ...(codeDeploy.terminationWait !== undefined && { terminationWait: codeDeploy.terminationWait }),
        keepBlue: codeDeploy.keepBlue,
        rollbackOn: codeDeploy.rollbackOn,
      }));
  aws.compute.play({ ...scenarioOf(spec.trouble, spec.controller), oneOffTask: oneOffTasks[spec.oneOff] });
  return { aws, seeded };
}

/** Pushes an image to each tag. @param round another one gives other images */
export function pushImages(aws: EmbeddedAws, round: number): void {
  for (const [place, image] of Object.values(imageOf).entries()) {
    const digest = `sha256:${`${round}${place}`.padStart(64, 'a')}`;
    aws.ecr.putImage('web', { tags: [tagOf(image)], digest });
  }
}

const tagOf = (image: string) => image.replace(/^.*:/, '');

function deploymentOf({
  strategy,
  bakeMinutes,
  stepMinutes,
  stepPercent,
  breaker,
  pause,
}: EcsSpec): DeploymentConfiguration {
  const isShifting = strategy !== 'ROLLING';
  return {
    strategy,
    ...(isShifting && { bakeTimeInMinutes: bakeMinutes }),
    ...(strategy === 'CANARY' && {
      canaryConfiguration: { canaryPercent: stepPercent, canaryBakeTimeInMinutes: stepMinutes },
    }),
    ...(strategy === 'LINEAR' && { linearConfiguration: { stepPercent, stepBakeTimeInMinutes: stepMinutes } }),
    ...(breaker !== 'none' && { deploymentCircuitBreaker: { enable: true, rollback: breaker === 'rolls-back' } }),
    ...(isShifting &&
      pause && {
        lifecycleHooks: [
          {
            targetType: 'PAUSE',
            lifecycleStages: [pause.stage],
            timeoutConfiguration: { timeoutInMinutes: pause.minutes, action: 'ROLLBACK' },
          },
        ],
      }),
  };
}

const oneOffTasks: Readonly<Record<WorldSpec['oneOff'], OneOffTask>> = {
  works: {},
  fails: { exitCode: 3, logLines: ['migration 12 failed'] },
  'never-ends': { neverEnds: true },
  'cannot-start': { cannotStart: 'ResourceInitializationError: unable to pull secrets' },
  'takes-long': { afterMs: 150_000 },
};

function scenarioOf({ kind, at, rollbackFails }: TroubleSpec, controller: WorldSpec['controller']): Scenario {
  const more = rollbackFails ? { rollbackFails: true } : {};
  switch (kind) {
    case 'none':
      return more;
    case 'crash':
      return { ...more, crashTasks: { exitCode: 1, logLines: ['Error: cannot find module'] } };
    case 'crash-later':
      return { ...more, crashTasks: { exitCode: 137, afterMs: at } };
    case 'pull':
      return { ...more, imagePullError: 'ref pull has been retried 5 time(s): not found' };
    case 'unhealthy':
      return { ...more, unhealthyTargets: { reason: 'Target.ResponseCodeMismatch', description: 'codes: [500]' } };
    case 'unanswered':
      return { ...more, unchecked: { state: 'unhealthy', reason: 'Target.Timeout', description: 'Request timed out' } };
    case 'answers-late':
      return { ...more, unchecked: { state: 'initial', reason: 'Elb.InitialHealthChecking', healthyAfter: at } };
    case 'answers-partly':
      return { ...more, unchecked: { state: 'unhealthy', reason: 'Target.Timeout', tasks: 1 } };
    case 'never-stable':
      return { ...more, neverStable: true };
    case 'slow':
      return { ...more, slowInstall: at };
    case 'hook':
      return { ...more, failHook: { event: controller === 'ECS' ? 'POST_SCALE_UP' : 'AfterInstall' } };
    case 'stop':
      return { ...more, stopBySomebody: { ms: at, rollback: false } };
    case 'replace':
      return { ...more, competingAt: at };
  }
}
