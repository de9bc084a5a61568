import { parseEcrHost, regionForm, regionIn } from '../../../shared/aws/arn';
import type { Finding } from '../../../shared/errors';
import { isRegistryHost, isRepositoryName, tagProblem } from '../../../shared/image/reference';
import { isLoopback } from '../../../shared/loopback';
import { parseInputs, type RawInputs } from '../../../shared/manifest/parse';
import { definition, type Inputs } from './definition';

/** The inputs, checked against each other. */
export interface Request extends Omit<Inputs, 'region' | 'registry'> {
  readonly region: string;
  /** Which registry: by account, by host, by both, or the default one of the credentials' account. */
  readonly registry: RegistryChoice;
}

export interface RegistryChoice {
  /** Twelve digits. */
  readonly account?: string;
  readonly host?: string;
}

/**
 * Reads all inputs and checks them against each other.
 *
 * @param beside what is wrong with what they name on this machine, to be told together with the rest
 * @throws InputError
 */
export function readInputs(
  raw: RawInputs,
  env: Readonly<NodeJS.ProcessEnv>,
  beside: (inputs: Inputs) => readonly Finding[] = () => [],
): Request {
  const fromEnvironment = regionIn(env);
  const inputs = parseInputs(definition, raw, (all) => [
    ...checkRepository(all.repository),
    ...readRegistry(all, fromEnvironment).findings,
    ...checkTags(all.tags ?? []),
    ...checkPlatforms(all.platforms ?? []),
    ...checkScan(all),
    ...beside(all),
  ]);
  const { choice, region } = readRegistry(inputs, fromEnvironment);
  return { ...inputs, region: region!, registry: choice };
}

function checkRepository(name: string): Finding[] {
  const problem = (text: string) => [{ where: 'repository', problem: `${text}, got ${JSON.stringify(name)}` }];
  const [first = '', ...rest] = name.split('/');
  if (rest.length > 0 && /[.:]/.test(first) && isRegistryHost(first)) {
    return problem('must be the name only; give the host as registry');
  }
  if (/[:@]/.test(name)) return problem('must be the name only; give the tag as tags');
  if (name.length < 2 || name.length > 256) return problem('must have 2 to 256 characters');
  const rule = 'must be lower-case letters and digits, divided by "/", ".", "_", "__" or "-"';
  return isRepositoryName(name) ? [] : problem(rule);
}

function checkTags(tags: readonly string[]): Finding[] {
  return tags.flatMap((tag) => {
    const rule = tagProblem(tag);
    return rule ? [{ where: 'tags', problem: `${JSON.stringify(tag)} ${rule}` }] : [];
  });
}

/** `os/architecture` or `os/architecture/variant`, as builders take it. */
const platformForm = /^[a-z0-9]+\/[a-z0-9_]+(?:\/[a-z0-9.]+)?$/;

function checkPlatforms(platforms: readonly string[]): Finding[] {
  const wrong = platforms.filter((platform) => !platformForm.test(platform));
  const rule = 'must be such as linux/amd64 or linux/arm/v7';
  return wrong.map((platform) => ({ where: 'platforms', problem: `${rule}, got ${JSON.stringify(platform)}` }));
}

function checkScan({ push, 'scan-severity': severity }: Inputs): Finding[] {
  const problem = `needs push: ECR scans only what was pushed; leave it out or be none, got ${JSON.stringify(severity)}`;
  return push || severity === 'none' ? [] : [{ where: 'scan-severity', problem }];
}

function readRegistry({ registry, region: given }: Inputs, fromEnvironment: string | undefined) {
  const findings: Finding[] = [];
  const { choice, region: ofHost, problem } = parseRegistry(registry);
  if (problem) findings.push({ where: 'registry', problem });
  if (given && ofHost && given !== ofHost) {
    findings.push({ where: 'region', problem: `is ${given}, but the registry is in ${ofHost}` });
  }
  const region = given ?? ofHost ?? fromEnvironment;
  if (region === undefined) findings.push({ where: 'region', problem: 'was not given, and AWS_REGION is not set' });
  else if (!regionForm.test(region)) {
    findings.push({ where: 'region', problem: `must be a region such as us-west-2, got ${JSON.stringify(region)}` });
  }
  return { choice, region, findings };
}

/** Hosts of AWS that parseEcrHost does not know: endpoints in a VPC, and isolated partitions. */
const awsHost = /(?:\.amazonaws\.com(?:\.cn)?|\.on\.aws|\.ic\.gov|\.sgov\.gov|\.adc-e\.uk|\.hci\.ic\.gov)$/;

function parseRegistry(text: string | undefined): { choice: RegistryChoice; region?: string; problem?: string } {
  if (text === undefined) return { choice: {} };
  if (/^\d{12}$/.test(text)) return { choice: { account: text } };
  const host = text.replace(/^https?:\/\//, '').replace(/\/$/, '');
  const ofEcr = parseEcrHost(host);
  if (ofEcr) return { choice: { account: ofEcr.account, host }, region: ofEcr.region };
  if (isLoopback(host) || awsHost.test(host)) return { choice: { host } };
  if (/[.:]/.test(host) && isRegistryHost(host)) {
    // It would be sent the password of ECR.
    return { choice: {}, problem: `must be a private registry of Amazon ECR, got ${JSON.stringify(text)}` };
  }
  return { choice: {}, problem: `must be an account id of 12 digits or a registry host, got ${JSON.stringify(text)}` };
}
