import { credentialLife } from '../../../shared/aws/credential-life';
import type { Clock } from '../../../shared/clock';
import { type Finding, mergeFindings } from '../../../shared/errors';
import type { Host } from '../../../shared/host/host';
import { parseInputs, type RawInputs } from '../../../shared/manifest/parse';
import { attemptsOf, compatibleProblems, withCompatible } from './compatible-inputs';
import { definition, type Inputs } from './definition';
import { type PreDeployCommand, parsePreDeployCommand, parseTrafficShift, type TrafficShift } from './input-forms';
import { readPlace } from './place';
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
  const request = {
    inputs,
    region: place.region,
    cluster: place.cluster,
    service: place.service,
    shift: parseTrafficShift(inputs['traffic-shift'] ?? ''),
    preDeploy: preDeployIn(inputs),
    runTask: runTaskIn(inputs),
    waitFor: Math.min(inputs['wait-for-minutes'] ?? defaultWaitMinutes(host), mostWaitMinutes(host)) * 60_000,
    credentialLife: credentialLife(env, clock.now()),
    attempts: attemptsOf(inputs),
  };
  return { request, findings: mergeFindings(parsed.findings, [...place.findings, ...problemsOf(inputs)]) };
}

const problemsOf = (inputs: Inputs): Finding[] => [
  ...problemsOfNames(inputs),
  ...problemsOfShift(inputs),
  ...problemsOfPreDeploy(inputs),
  ...crossedInputs(inputs),
  ...compatibleProblems(inputs),
];

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
