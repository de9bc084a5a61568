import type { Finding } from '../../../shared/errors';
import type { Inputs } from './definition';
import { runTaskProblems } from './run-task-inputs';
import { serviceVolume, volumeProblems } from './volume-inputs';

/**
 * The inputs with those of aws-actions/amazon-ecs-deploy-task-definition in the words of this action. What was set here
 * itself wins, as far as it can be told from a manifest's default.
 */
export function withCompatible(inputs: Inputs): Inputs {
  const { 'wait-until': until, 'wait-for-service-stability': waits, 'wait-max-delay-seconds': longest } = inputs;
  return {
    ...inputs,
    'wait-until': until === 'auto' && waits === false ? 'none' : until,
    // 0 asks for nothing, as in the peer; faster than once a second nothing is polled.
    'poll-interval-seconds': longest
      ? Math.min(inputs['poll-interval-seconds'], Math.max(longest, 1))
      : inputs['poll-interval-seconds'],
  };
}

/** Fewer than usual would only fail sooner. */
const usualAttempts = 6;

/** Attempts for a request, where more than usual are asked for. */
export const attemptsOf = ({ 'max-retries': asked = 0 }: Inputs): number | undefined =>
  asked > usualAttempts ? asked : undefined;

/** What is wrong with these inputs, each by itself and in combination. */
export function compatibleProblems(inputs: Inputs): Finding[] {
  const findings = volumeProblems(serviceVolume(inputs));
  if (inputs['register-only'] && inputs.service !== '') {
    const problem = 'cannot be combined with service, which would not be deployed; leave one of them out';
    findings.push({ where: 'register-only', problem });
  }
  if (inputs['register-only'] && inputs['if-deploying'] === 'rollback') {
    const problem = 'cannot be combined with if-deploying: rollback, which registers nothing; leave one of them out';
    findings.push({ where: 'register-only', problem });
  }
  if (inputs['register-only'] && inputs['pre-deploy-command'] !== undefined) {
    const problem = 'cannot be combined with register-only, as nothing is deployed after it; use run-task';
    findings.push({ where: 'pre-deploy-command', problem });
  }
  return [...findings, ...runTaskProblems(inputs)];
}
