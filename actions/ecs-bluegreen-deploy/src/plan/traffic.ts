import type { DeploymentConfigInfo, DeploymentGroupInfo } from '@aws-sdk/client-codedeploy';

/** How the production traffic moves, and what is waited for on the way. Minutes throughout. */
export interface TrafficPlan {
  /** Name of the deployment configuration or strategy; undefined where the group has none. */
  readonly config: string | undefined;
  /** Percent on green, and the minute at which it is reached; none where tasks replace each other one by one; undefined
   * where the configuration could not be read. */
  readonly steps: readonly { readonly percent: number; readonly minute: number }[] | undefined;
  /** How long the deployment waits in Ready for somebody to continue it. */
  readonly readyWait: number;
  /** How long the old tasks stay after the traffic has moved. */
  readonly terminationWait: number;
}

/** The traffic steps and waits of a group with a deployment configuration. */
export function trafficPlan(
  group: DeploymentGroupInfo,
  config: DeploymentConfigInfo | undefined,
  name: string | undefined,
): TrafficPlan {
  const { deploymentReadyOption: ready, terminateBlueInstancesOnDeploymentSuccess: blue } =
    group.blueGreenDeploymentConfiguration ?? {};
  return {
    config: name,
    steps: config ? stepsOf(config) : predefinedSteps(name),
    // The wait only holds for STOP_DEPLOYMENT; with CONTINUE_DEPLOYMENT the traffic moves at once.
    readyWait: ready?.actionOnTimeout === 'STOP_DEPLOYMENT' ? (ready.waitTimeInMinutes ?? 0) : 0,
    terminationWait: blue?.action === 'KEEP_ALIVE' ? 0 : (blue?.terminationWaitTimeInMinutes ?? 0),
  };
}

function stepsOf({ trafficRoutingConfig: routing }: DeploymentConfigInfo): TrafficPlan['steps'] {
  const { timeBasedCanary: canary, timeBasedLinear: linear } = routing ?? {};
  if (routing?.type === 'TimeBasedCanary' && canary) {
    return canarySteps(canary.canaryPercentage ?? 100, canary.canaryInterval ?? 0);
  }
  if (routing?.type === 'TimeBasedLinear' && linear) {
    return linearSteps(linear.linearPercentage ?? 100, linear.linearInterval ?? 0);
  }
  return allAtOnce;
}

const allAtOnce = [{ percent: 100, minute: 0 }];

/** A first step, and the rest after this many minutes. */
export const canarySteps = (percent: number, interval: number) => [
  { percent, minute: 0 },
  { percent: 100, minute: interval },
];

/** The smallest step that AWS takes is 1% (CodeDeploy), and 3% (ECS). */
const leastStep = 1;

/** Equal steps with this many minutes between them; undefined for steps of a size that AWS does not have. */
export function linearSteps(percent: number, interval: number): TrafficPlan['steps'] {
  if (percent < leastStep) return undefined;
  const count = Math.ceil(100 / percent);
  return Array.from({ length: count }, (_, at) => ({
    percent: Math.min(100, (at + 1) * percent),
    minute: at * interval,
  }));
}

const predefined =
  /^CodeDeployDefault\.ECS(?:(AllAtOnce)|Canary(\d+)Percent(\d+)Minutes|Linear(\d+)PercentEvery(\d+)Minutes)$/;

/** The predefined configurations say in their names what they do, so a role that may not read them loses nothing. */
function predefinedSteps(name: string | undefined): TrafficPlan['steps'] {
  const [, atOnce, canary, after, linear, every] = predefined.exec(name ?? '') ?? [];
  if (atOnce) return allAtOnce;
  if (canary) return canarySteps(Number(canary), Number(after));
  return linear ? linearSteps(Number(linear), Number(every)) : undefined;
}

/** Minutes that the configured waits take at least; what starting the tasks and the hooks take comes on top. */
export const expectedMinutes = ({ steps, readyWait, terminationWait }: TrafficPlan): number =>
  readyWait + (steps?.[steps.length - 1]?.minute ?? 0) + terminationWait;
