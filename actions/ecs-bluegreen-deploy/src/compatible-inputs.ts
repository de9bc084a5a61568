import type { Finding } from '../../../shared/errors';
import type { Inputs } from './definition';
import { volumeProblems } from './ebs-volume';
import { runTaskProblems } from './run-task';

/**
 * The inputs with those of aws-actions/amazon-ecs-deploy-task-definition in the words of this action. What was set here
 * itself wins, as far as it can be told from a manifest's default. Pure.
 */
export function withCompatible(inputs: Inputs): Inputs {
  const { 'wait-until': until, 'wait-for-service-stability': waits, 'wait-max-delay-seconds': longest } = inputs;
  return {
    ...inputs,
    'wait-until': until === 'auto' && waits === false ? 'none' : until,
    'poll-interval-seconds': Math.min(inputs['poll-interval-seconds'], longest ?? Number.POSITIVE_INFINITY),
  };
}

/** Fewer than usual would only fail sooner. */
const usualAttempts = 6;

/** Attempts for a request, where more than usual are asked for. Pure. */
export const attemptsOf = ({ 'max-retries': asked = 0 }: Inputs): number | undefined =>
  asked > usualAttempts ? asked : undefined;

/** What is wrong with these inputs, or with their company. Pure. */
export function compatibleProblems(inputs: Inputs): Finding[] {
  const findings = volumeProblems({
    where: 'service-managed-ebs-volume',
    name: inputs['service-managed-ebs-volume-name'],
    settings: inputs['service-managed-ebs-volume'],
  });
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
