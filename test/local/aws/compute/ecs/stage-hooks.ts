import type {
  DeploymentLifecycleHook,
  DeploymentLifecycleHookDetail,
  DeploymentLifecycleHookStage,
} from '@aws-sdk/client-ecs';
import type { Course } from '../course';
import { minutes } from '../timing';
import type { World } from '../world';
import type { ServiceDeploymentRecord } from './record';
import { fail } from './service-deployment-end';

/** Stages without hooks are BAKE_TIME, CLEAN_UP and SCALE_UP. */
type AnyStage = DeploymentLifecycleHookStage | 'SCALE_UP' | 'BAKE_TIME' | 'CLEAN_UP';

/** Runs the hooks of a stage one after the other; a failed one rolls the deployment back. */
export async function runHooks(world: World, record: ServiceDeploymentRecord, stage: AnyStage): Promise<void> {
  record.hooks.length = 0;
  const hooks = (record.configuration.lifecycleHooks ?? []).filter((hook) =>
    hook.lifecycleStages?.some((one) => one === stage),
  );
  for (const hook of hooks) await runHook(world, record, stage, hook);
  if (hooks.length === 0 && fails(world, stage)) await runHook(world, record, stage, { targetType: 'AWS_LAMBDA' });
}

async function runHook(
  world: World,
  record: ServiceDeploymentRecord,
  stage: AnyStage,
  hook: DeploymentLifecycleHook,
): Promise<void> {
  const detail = addDetail(world, record, hook);
  const isPause = hook.targetType === 'PAUSE';
  const { course } = record;
  const succeeded = await (isPause ? pause(course, hook, detail) : invoke(world, course, stage));
  if (detail.status === 'IN_PROGRESS') detail.status = succeeded ? 'SUCCEEDED' : 'FAILED';
  if (!succeeded) failAtHook(world, record, stage, hook);
  // A deployment that failed has ended this course: it goes no further than this.
  await course.wait(0);
}

const fails = (world: World, stage: AnyStage): boolean => world.scenario.failHook?.event === stage;

function addDetail(
  world: World,
  record: ServiceDeploymentRecord,
  hook: DeploymentLifecycleHook,
): DeploymentLifecycleHookDetail {
  const isPause = hook.targetType === 'PAUSE';
  const { timeoutInMinutes = 1440, action = 'ROLLBACK' } = hook.timeoutConfiguration ?? {};
  const detail: DeploymentLifecycleHookDetail = {
    hookId: world.ids.hex(16),
    targetType: hook.targetType ?? 'AWS_LAMBDA',
    ...(isPause ? {} : { targetArn: hook.hookTargetArn }),
    status: isPause ? 'AWAITING_ACTION' : 'IN_PROGRESS',
    expiresAt: new Date(world.clock.now() + minutes(timeoutInMinutes)),
    timeoutAction: action,
  };
  record.hooks.push(detail);
  return detail;
}

async function invoke(world: World, course: Course, stage: AnyStage): Promise<boolean> {
  await course.wait(world.timing.hook);
  return !fails(world, stage);
}

/** A PAUSE hook waits for ContinueServiceDeployment, and performs its timeout action when nobody continues. */
async function pause(
  course: Course,
  hook: DeploymentLifecycleHook,
  detail: DeploymentLifecycleHookDetail,
): Promise<boolean> {
  const { timeoutInMinutes = 1440, action = 'ROLLBACK' } = hook.timeoutConfiguration ?? {};
  const answered = await course.until(() => detail.status !== 'AWAITING_ACTION', minutes(timeoutInMinutes));
  if (!answered) detail.status = 'TIMED_OUT';
  return answered ? detail.status !== 'FAILED' : action === 'CONTINUE';
}

function failAtHook(
  world: World,
  record: ServiceDeploymentRecord,
  stage: AnyStage,
  hook: DeploymentLifecycleHook,
): void {
  const detail = world.scenario.failHook?.diagnostics?.message;
  const name = hook.hookTargetArn ?? (hook.targetType === 'PAUSE' ? 'PAUSE' : 'hook');
  const reason = `Service deployment rolled back because the lifecycle hook ${name} at stage ${stage} failed`;
  fail(world, record, {
    reason: `${reason}${detail ? `: ${detail}` : '.'}`,
    rollback: true,
    rolloutReason: `ECS deployment lifecycle hook failed at stage ${stage}.`,
  });
}
