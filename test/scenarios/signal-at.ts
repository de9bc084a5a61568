import type { EmbeddedAws } from '../local/aws/embedded';
import type { CallMoment } from '../local/aws/moments';
import type { Killable } from '../support/process';

/** A signal, SIGTERM unless told otherwise, that a run gets at a call. */
export interface SignalAt extends CallMoment {
  readonly name?: NodeJS.Signals;
}

/** Has the embedded AWS send a run a signal at a call. What a run prints comes too late to tell when one is due. */
export const atCall =
  ({ moments }: Pick<EmbeddedAws, 'moments'>, { name = 'SIGTERM', ...moment }: SignalAt) =>
  (run: Killable): void => {
    moments.at(moment, () => run.kill(name));
  };

/** The revision is registered, and the run has not heard of it yet. */
export const registering: SignalAt = { call: 'ecs:RegisterTaskDefinition', when: 'took effect' };

/** A deployment of CodeDeploy is watched, and its tasks start. */
export const installing: SignalAt = { call: 'codedeploy:BatchGetDeploymentTargets', nth: 3 };

/** A deployment of ECS is watched, and its tasks start. */
export const rollingOut: SignalAt = { call: 'ecs:DescribeServiceDeployments', nth: 3 };

/** The service is read, and nothing is decided. */
export const reading: SignalAt = { call: 'ecs:DescribeServices' };

/** As a process that crashes. */
export const crash = (moment: SignalAt): SignalAt => ({ ...moment, name: 'SIGKILL' });
