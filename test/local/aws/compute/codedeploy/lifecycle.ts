import { drainFleet } from '../ecs/fleets';
import { shiftTraffic } from '../elb-traffic';
import { type HookEvent, hookEvents, type LifecycleEventName, lifecycleEvents } from '../scenario';
import { minutes } from '../timing';
import { dateOf, type World } from '../world';
import { trafficSteps } from './configs';
import { byAlarm, type Ending, endDeployment, setStatus } from './ending';
import { install } from './install';
import { alarmsOf, type DeploymentRecord, type LifecycleEventRecord } from './record';
import { productionListener, testListener } from './routes';

/** Starts a deployment: its lifecycle events one after the other, the waits between them, and its end. */
export function startDeployment(world: World, deployment: DeploymentRecord): void {
  setStatus(world, deployment, 'Created');
  void deployment.course.run(() => runDeployment(world, deployment));
}

async function runDeployment(world: World, deployment: DeploymentRecord): Promise<void> {
  await deployment.course.wait(world.timing.queue);
  deployment.startTime = dateOf(world);
  setStatus(world, deployment, 'InProgress');
  const alarm = alarmsOf(deployment).find((name) => world.state.alarms.get(name)?.state === 'ALARM');
  if (alarm) return endDeployment(world, deployment, byAlarm(alarm));
  for (const name of lifecycleEvents) {
    if (name === 'BeforeAllowTraffic' && !(await waitUntilReady(world, deployment))) return;
    const ending = await runEvent(world, deployment, name);
    if (ending) return endDeployment(world, deployment, ending);
  }
  await terminateBlue(world, deployment);
  succeed(world, deployment);
}

async function runEvent(
  world: World,
  deployment: DeploymentRecord,
  name: LifecycleEventName,
): Promise<Ending | undefined> {
  const event = deployment.events.find((one) => one.name === name) as LifecycleEventRecord;
  if (isSkipped(deployment, name)) return void setEvent(world, deployment, event, 'Skipped');
  setEvent(world, deployment, event, 'InProgress');
  const ending = await actOf(name)(world, deployment, event);
  setEvent(world, deployment, event, ending ? 'Failed' : 'Succeeded');
  if (!ending) await deployment.course.wait(world.timing.step);
  return ending;
}

/** Without a test listener there is no test traffic, and nothing after it. */
const isSkipped = (deployment: DeploymentRecord, name: LifecycleEventName): boolean =>
  (name === 'AllowTestTraffic' || name === 'AfterAllowTestTraffic') && !testListener(deployment);

type Act = (world: World, deployment: DeploymentRecord, event: LifecycleEventRecord) => Promise<Ending | undefined>;

function actOf(name: LifecycleEventName): Act {
  if (name === 'Install') return install;
  if (name === 'AllowTestTraffic') return allowTestTraffic;
  return name === 'AllowTraffic' ? allowTraffic : runHook;
}

/** Records where a lifecycle event stands. */
function setEvent(
  world: World,
  deployment: DeploymentRecord,
  event: LifecycleEventRecord,
  status: LifecycleEventRecord['status'],
): void {
  event.status = status;
  if (status === 'InProgress') event.startTime = dateOf(world);
  else event.endTime = dateOf(world);
  deployment.updatedAt = dateOf(world);
  world.emit({ type: 'lifecycle', at: world.clock.now(), id: deployment.id, event: event.name, status });
}

/** The event's Lambda function, where the AppSpec names one. */
async function runHook(
  world: World,
  deployment: DeploymentRecord,
  event: LifecycleEventRecord,
): Promise<Ending | undefined> {
  const name = hookEvents.find((hook): hook is HookEvent => hook === event.name);
  const lambda = name && deployment.appSpec.hooks[name];
  const failure = world.scenario.failHook?.event === event.name ? world.scenario.failHook : undefined;
  if (!lambda && !failure) return undefined;
  await deployment.course.wait(world.timing.hook);
  if (!failure) return undefined;
  event.diagnostics = {
    errorCode: 'ScriptFailed',
    scriptName: lambda ?? '',
    message: `The hook function for ${event.name} reported the status Failed`,
    logTail: '',
    ...failure.diagnostics,
  };
  const message = `The deployment failed because the lifecycle event hook for ${event.name} failed`;
  return { status: 'Failed', trigger: 'DEPLOYMENT_FAILURE', error: { code: 'HOOK_EXECUTION_FAILURE', message } };
}

async function allowTestTraffic(world: World, deployment: DeploymentRecord): Promise<undefined> {
  await deployment.course.wait(world.timing.shift);
  const listener = testListener(deployment);
  const targetGroupArn = deployment.green?.targetGroupArn;
  if (listener && targetGroupArn) shiftTraffic(world, listener, [{ targetGroupArn, weight: 100 }]);
}

/** Moves the production traffic in the configuration's steps, then makes green the service's primary task set. */
async function allowTraffic(world: World, deployment: DeploymentRecord): Promise<undefined> {
  await deployment.course.wait(world.timing.shift);
  for (const { weight, waitMs } of trafficSteps(deployment.config)) {
    setGreenWeight(world, deployment, weight);
    if (waitMs > 0) await deployment.course.wait(waitMs);
  }
  if (deployment.blue) deployment.blue.status = 'ACTIVE';
  if (deployment.green) deployment.green.status = 'PRIMARY';
}

function setGreenWeight(world: World, { blue, green, ...deployment }: DeploymentRecord, weight: number): void {
  if (!blue?.targetGroupArn || !green?.targetGroupArn) return;
  shiftTraffic(world, productionListener(deployment), [
    { targetGroupArn: blue.targetGroupArn, weight: 100 - weight },
    { targetGroupArn: green.targetGroupArn, weight },
  ]);
}

/** READY_WAIT: with STOP_DEPLOYMENT the traffic moves only if somebody continues the deployment in time. */
async function waitUntilReady(world: World, deployment: DeploymentRecord): Promise<boolean> {
  const option = deployment.group.blueGreenDeploymentConfiguration?.deploymentReadyOption;
  if (option?.actionOnTimeout !== 'STOP_DEPLOYMENT') return true;
  deployment.awaiting = 'READY_WAIT';
  setStatus(world, deployment, 'Ready');
  const goneOn = () => deployment.awaiting !== 'READY_WAIT';
  const continued = await deployment.course.until(goneOn, minutes(option.waitTimeInMinutes));
  if (continued) setStatus(world, deployment, 'InProgress');
  else endDeployment(world, deployment, readyTimeout);
  return continued;
}

const readyTimeout: Ending = {
  status: 'Stopped',
  trigger: 'DEPLOYMENT_FAILURE',
  error: {
    code: 'TIMEOUT',
    message: 'The deployment timed out while waiting for the traffic rerouting to be started with ContinueDeployment',
  },
};

/** TERMINATION_WAIT: both task sets run on, then blue is terminated. Until then the deployment is in progress. */
async function terminateBlue(world: World, deployment: DeploymentRecord): Promise<void> {
  const option = deployment.group.blueGreenDeploymentConfiguration?.terminateBlueInstancesOnDeploymentSuccess;
  if (option?.action === 'KEEP_ALIVE') return;
  deployment.awaiting = 'TERMINATION_WAIT';
  const waitMs = minutes(option?.terminationWaitTimeInMinutes);
  await deployment.course.until(() => deployment.awaiting !== 'TERMINATION_WAIT', waitMs);
  deployment.awaiting = undefined;
  if (deployment.blue) drainFleet(world, deployment.blue);
  await deployment.course.wait(world.timing.shift);
}

function succeed(world: World, deployment: DeploymentRecord): void {
  deployment.completeTime = dateOf(world);
  if (deployment.green) deployment.green.replacement = false;
  setStatus(world, deployment, 'Succeeded');
  deployment.group.targetRevision = deployment.revision;
}
