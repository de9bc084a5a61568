import { parseArn } from '../../../../shared/aws/arn';
import type { Finding } from '../../../../shared/errors';
import { cut } from '../../../../shared/excerpt';
import type { Request } from '../inputs';
import { shortId } from '../text';
import { memberOf } from './appspec';
import type { AppSpecPlan } from './codedeploy-checks';
import { type CurrentState, desiredTaskDefinition, foundIn } from './current-state';

/** Checks the service itself. */
export function checkService({ service: result }: CurrentState, { service: name }: Request): Finding[] {
  const where = 'service';
  if ('missing' in result)
    return [{ where: result.missing.startsWith('there is no cluster') ? 'cluster' : where, problem: result.missing }];
  const service = foundIn(result);
  if (!service) return [];
  if (service.status !== 'ACTIVE')
    return [{ where, problem: `${name} is ${service.status}; only an ACTIVE one can be deployed to` }];
  const controller: string = service.deploymentController?.type ?? 'ECS';
  if (controller === 'CODE_DEPLOY' || controller === 'ECS') return [];
  const why =
    controller === 'EXTERNAL'
      ? 'its own tool creates its task sets, so deploy with that'
      : 'this version cannot deploy to it; look for a newer version, or change the controller of the service';
  return [{ where, problem: `${name} is under the ${cut(controller, 60)} controller: ${why}` }];
}

/** Checks what is to be deployed: the file or revision, and its images. */
export function checkDesired({ desired, images }: Pick<CurrentState, 'desired' | 'images'>): Finding[] {
  const where = 'task-definition';
  const findings: Finding[] = [];
  if (desired.kind === 'file') findings.push(...desired.errors);
  if (desired.kind === 'revision' && 'missing' in desired.result) {
    findings.push({ where, problem: desired.result.missing });
  } else if (desired.kind === 'revision') {
    findings.push(...checkRevision(foundIn(desired.result)?.taskDefinition.status, desired.name));
  }
  for (const { inEcr } of images) if ('missing' in inEcr) findings.push({ where, problem: inEcr.missing });
  return findings;
}

const checkRevision = (status: string | undefined, name: string): Finding[] =>
  status === undefined || status === 'ACTIVE'
    ? []
    : [{ where: 'task-definition', problem: `${name} is ${status}; only an ACTIVE revision can be deployed` }];

/**
 * Checks that the tasks can run where the service runs, unless the AppSpec says where instead. ECS refuses those that are not for
 * Fargate on Fargate. The other way round it does not: a task definition that requires Fargate has EC2 among its `compatibilities`
 * too, unless something in it is for Fargate alone.
 */
export function checkCompatibility({ desired: from, service: result }: CurrentState, appSpec?: AppSpecPlan): Finding[] {
  const desired = desiredTaskDefinition(from)?.requiresCompatibilities;
  const service = foundIn(result);
  if (appSpec?.kind === 'file' && memberOf(appSpec.appSpec.properties, 'CapacityProviderStrategy')) return [];
  const launchType = service?.taskSets?.find(({ status }) => status === 'PRIMARY')?.launchType ?? service?.launchType;
  if (launchType !== 'FARGATE' || !desired || desired.length === 0 || desired.includes(launchType)) return [];
  const problem = `requires ${desired.join(', ')}, but the service runs on ${launchType}; add it to requiresCompatibilities`;
  return [{ where: 'task-definition', problem }];
}

/** Checks that no other deployment is on its way where that is refused. `own` are those of an earlier run. */
export function checkActive({ inputs }: Request, others: readonly string[]): Finding[] {
  if (inputs['if-deploying'] !== 'fail' || others.length === 0) return [];
  return [
    {
      where: 'if-deploying',
      problem: `deployment ${others.map(shortId).join(', ')} is active, and fail was asked for`,
    },
  ];
}

/**
 * Checks that what AWS answered is of the account that was asked for: names are sent to the account of the credentials,
 * which may have a service of the same name.
 */
export function checkAccount({ service: result, desired }: CurrentState, { inputs }: Request): Finding[] {
  const account = parseArn(foundIn(result)?.serviceArn ?? '')?.account;
  const findings: Finding[] = [];
  const check = (where: string, given: string, owner: string) => {
    const its = parseArn(given)?.account;
    if (account && its && account !== its) {
      findings.push({ where, problem: `is of account ${its}, but ${owner} of account ${account}` });
    }
  };
  check('cluster', inputs.cluster, 'the credentials are');
  check('service', inputs.service, 'the credentials are');
  if (desired.kind === 'revision') check('task-definition', desired.name, 'the service is');
  return findings;
}
