import { type Arn, parseArn, partitionOf, regionForm, regionIn } from '../../../shared/aws/arn';
import { credentialLife } from '../../../shared/aws/credential-life';
import type { Clock } from '../../../shared/clock';
import { type Finding, mergeFindings } from '../../../shared/errors';
import type { Host } from '../../../shared/host/host';
import { parseInputs, type RawInputs } from '../../../shared/manifest/parse';
import { attemptsOf, compatibleProblems, withCompatible } from './compatible-inputs';
import { definition, type Inputs } from './definition';
import { type PreDeployCommand, parsePreDeployCommand, parseTrafficShift, type TrafficShift } from './input-forms';
import { type RunTask, runTaskIn } from './run-task-inputs';

/** What is asked for: the inputs, read and checked against each other. */
export interface Request {
  readonly inputs: Inputs;
  readonly region: string;
  /** Names, taken from ARNs where those were given. */
  readonly cluster: string;
  readonly service: string;
  /** How the traffic is asked to move. */
  readonly shift: TrafficShift | undefined;
  /** The command that a task of its own runs before the deployment. */
  readonly preDeploy: PreDeployCommand | undefined;
  readonly runTask: RunTask | undefined;
  /** Milliseconds for which the whole run may wait. */
  readonly waitFor: number;
  /** Milliseconds for which the credentials last from the start; undefined where they do not expire, or are renewed. */
  readonly credentialLife: number | undefined;
  /** Attempts for a request to AWS; undefined leaves those that are usual. */
  readonly attempts: number | undefined;
}

/** What the inputs are read from. */
export interface Given {
  readonly raw: RawInputs;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly host: Host['name'];
  readonly clock: Pick<Clock, 'now'>;
}

/** CodeCatalyst ends an action after 60 minutes; five of them are left for the report and a rollback's start. */
const defaultWaitMinutes = (host: Host['name']) => (host === 'codecatalyst' ? 55 : 360);

/** GitHub ends a job after 360 minutes; ten of them are left, as above. Elsewhere two days are longer than any host runs. */
const mostWaitMinutes = (host: Host['name']) => (host === 'github' ? 350 : 2880);

/** Reads all inputs and checks them against each other. `request` is of use only where there are no findings. */
export function readInputs({ raw, env, host, clock }: Given): {
  readonly request: Request;
  readonly findings: readonly Finding[];
} {
  const parsed = parseInputs(definition, raw, host);
  const inputs = withCompatible(parsed.inputs);
  const place = readPlace(inputs, env);
  const { region = '', names } = place;
  const request = {
    inputs,
    region,
    cluster: names.cluster,
    service: names.service,
    shift: parseTrafficShift(inputs['traffic-shift'] ?? ''),
    preDeploy: preDeployIn(inputs),
    runTask: runTaskIn(inputs),
    waitFor: Math.min(inputs['wait-for-minutes'] ?? defaultWaitMinutes(host), mostWaitMinutes(host)) * 60_000,
    credentialLife: credentialLife(env, clock.now()),
    attempts: attemptsOf(inputs),
  };
  return { request, findings: mergeFindings(parsed.findings, problemsOf(inputs, place)) };
}

/** Where the service is, by all that was given. */
function readPlace(inputs: Inputs, env: Given['env']) {
  const cluster = readReference(inputs.cluster, 'cluster');
  const service = readReference(inputs.service, 'service');
  const arns = arnsOf(inputs, { cluster, service });
  const region = inputs.region ?? arns[0]?.arn.region ?? regionIn(env);
  return { cluster, service, arns, region, names: namesOf(cluster, service) };
}

const problemsOf = (inputs: Inputs, { cluster, service, arns, region, names }: ReturnType<typeof readPlace>) => [
  ...problemOf('cluster', cluster),
  ...(inputs['register-only'] && inputs.service === '' ? [] : problemOf('service', service)),
  ...problemsOfRegion(region),
  ...contradictions(arns, inputs.region),
  ...problemsOfNames(inputs),
  ...problemsOfShift(inputs),
  ...problemsOfPreDeploy(inputs),
  ...crossedInputs(inputs),
  ...compatibleProblems(inputs),
  ...names.problems,
];

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

/** CodeDeploy accepts only names here, where other services accept ARNs too. */
function problemsOfNames(inputs: Inputs): Finding[] {
  const names = ['codedeploy-application', 'codedeploy-deployment-group', 'codedeploy-deployment-config'] as const;
  const arns = names.filter((name) => inputs[name]?.startsWith('arn:'));
  return arns.map((where) => ({ where, problem: `must be a name, not an ARN, got ${JSON.stringify(inputs[where])}` }));
}

function problemsOfShift({ 'traffic-shift': given }: Inputs): Finding[] {
  if (given === undefined || parseTrafficShift(given)) return [];
  const problem = `must be of the form 10% 5m (canary) or 10% every 3m (linear), got ${JSON.stringify(given)}`;
  return [{ where: 'traffic-shift', problem }];
}

function preDeployIn({ 'pre-deploy-command': given }: Inputs): PreDeployCommand | undefined {
  const parsed = given === undefined ? undefined : parsePreDeployCommand(given);
  return parsed && 'command' in parsed ? parsed : undefined;
}

function problemsOfPreDeploy({ 'pre-deploy-command': given }: Inputs): Finding[] {
  const parsed = given === undefined ? undefined : parsePreDeployCommand(given);
  return parsed && 'problem' in parsed ? [{ where: 'pre-deploy-command', problem: parsed.problem }] : [];
}

/** Inputs that no service could honour together, under any controller. */
function crossedInputs(inputs: Inputs): Finding[] {
  const { strategy, 'traffic-shift': given } = inputs;
  const shift = parseTrafficShift(given ?? '');
  const findings: Finding[] = [];
  if (shift && inputs['codedeploy-deployment-config'] !== undefined) {
    const problem = 'cannot be combined with codedeploy-deployment-config; set only one of them';
    findings.push({ where: 'traffic-shift', problem });
  }
  if (shift && strategy !== undefined && shift.kind !== strategy) {
    const next = `set strategy: ${shift.kind}, or another form`;
    const problem = `${JSON.stringify(given)} is the form of ${shift.kind}, but strategy is ${strategy}; ${next}`;
    findings.push({ where: 'traffic-shift', problem });
  }
  const alarms = (inputs['rollback-on'] ?? []).filter((word) => word.startsWith('alarm:'));
  if (alarms.includes('alarm:off') && alarms.length > 1) {
    findings.push({
      where: 'rollback-on',
      problem: `alarm:off cannot be combined with ${alarms.find((word) => word !== 'alarm:off')}`,
    });
  }
  if (strategy === 'rolling' && inputs['wait-until'] === 'test-traffic') {
    const problem = 'test-traffic never comes: a rolling deployment has no test traffic';
    findings.push({ where: 'wait-until', problem });
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
