import { type Arn, parseArn, partitionOf, regionForm, regionIn } from '../../../shared/aws/arn';
import type { Finding } from '../../../shared/errors';
import type { Inputs } from './definition';

/** Where a service is: its region and names. They are of use only where there are no findings. */
export interface Place {
  readonly region: string;
  readonly cluster: string;
  readonly service: string;
  readonly findings: readonly Finding[];
}

/** Where the service is, by all that was given, and what is wrong or contradictory in it. */
export function readPlace(inputs: Inputs, env: Readonly<NodeJS.ProcessEnv>): Place {
  const cluster = readReference(inputs.cluster, 'cluster');
  const service = readReference(inputs.service, 'service');
  const arns = arnsOf(inputs, { cluster, service });
  const region = inputs.region ?? arns[0]?.arn.region ?? regionIn(env);
  const names = namesOf(cluster, service);
  const findings = [
    ...problemOf('cluster', cluster),
    ...(inputs['register-only'] && inputs.service === '' ? [] : problemOf('service', service)),
    ...problemsOfRegion(region),
    ...contradictions(arns, inputs.region),
    ...names.problems,
  ];
  return { region: region ?? '', cluster: names.cluster, service: names.service, findings };
}

/** A cluster or service as it was given: a name, an ARN, or neither. */
type Reference =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'arn'; readonly arn: Arn; readonly cluster?: string; readonly name: string }
  | { readonly kind: 'wrong'; readonly problem: string };

const nameForm = /^[A-Za-z0-9_-]{1,255}$/;

function readReference(given: string, kind: 'cluster' | 'service'): Reference {
  if (nameForm.test(given)) return { kind: 'name', name: given };
  const arn = parseArn(given);
  const [type, ...names] = arn?.resource.split('/') ?? [];
  const fits = arn?.service === 'ecs' && type === kind && names.every((name) => nameForm.test(name));
  // The ARN of a service names its cluster too, except in the short form of before 2018.
  if (arn && fits && names.length === 1) return { kind: 'arn', arn, name: names[0]! };
  if (arn && fits && names.length === 2 && kind === 'service') {
    return { kind: 'arn', arn, cluster: names[0]!, name: names[1]! };
  }
  return { kind: 'wrong', problem: `must be the name or the ARN of a ${kind}, got ${JSON.stringify(given)}` };
}

const problemOf = (where: string, reference: Reference): Finding[] =>
  reference.kind === 'wrong' ? [{ where, problem: reference.problem }] : [];

function problemsOfRegion(region: string | undefined): Finding[] {
  if (region === undefined) {
    return [{ where: 'region', problem: 'is not known; set it or AWS_REGION, or use the ARN of the cluster' }];
  }
  if (regionForm.test(region)) return [];
  return [{ where: 'region', problem: `must be a region such as us-west-2, got ${JSON.stringify(region)}` }];
}

interface GivenArn {
  readonly where: string;
  readonly arn: Arn;
}

function arnsOf(inputs: Inputs, { cluster, service }: { cluster: Reference; service: Reference }): GivenArn[] {
  const task = parseArn(inputs['task-definition']);
  return [
    ...(cluster.kind === 'arn' ? [{ where: 'cluster', arn: cluster.arn }] : []),
    ...(service.kind === 'arn' ? [{ where: 'service', arn: service.arn }] : []),
    ...(task?.service === 'ecs' ? [{ where: 'task-definition', arn: task }] : []),
  ];
}

/** Region, account and partition must be the same wherever they are given. */
function contradictions(arns: readonly GivenArn[], region: string | undefined): Finding[] {
  const findings: Finding[] = [];
  const [first, ...others] = arns;
  for (const { where, arn } of region === undefined ? others : arns) {
    const expected = region ?? first!.arn.region;
    if (arn.region === expected) continue;
    const told = region === undefined ? `${first!.where} is in ${expected}` : `region says ${expected}`;
    findings.push({ where, problem: `is in ${arn.region}, but ${told}` });
  }
  for (const { where, arn } of arns) {
    if (arn.partition === partitionOf(arn.region)) continue;
    findings.push({
      where,
      problem: `is in partition ${arn.partition}, but ${arn.region} is in ${partitionOf(arn.region)}`,
    });
  }
  for (const { where, arn } of others) {
    if (arn.account === first!.arn.account) continue;
    const told = `${first!.where} is of account ${first!.arn.account}`;
    findings.push({ where, problem: `is of account ${arn.account}, but ${told}` });
  }
  return findings;
}

function namesOf(cluster: Reference, service: Reference) {
  const name = cluster.kind === 'wrong' ? '' : cluster.name;
  const serviceName = service.kind === 'wrong' ? '' : service.name;
  const told = service.kind === 'arn' ? service.cluster : undefined;
  // A manifest's default looks as if the user had set it, so the cluster of the ARN wins over `default`.
  const isDefault = cluster.kind === 'name' && name === 'default';
  const differs = told !== undefined && told !== name && !isDefault && cluster.kind !== 'wrong';
  const problems: Finding[] = differs
    ? [{ where: 'service', problem: `is in cluster ${told}, but cluster says ${name}` }]
    : [];
  return { cluster: told ?? name, service: serviceName, problems };
}
