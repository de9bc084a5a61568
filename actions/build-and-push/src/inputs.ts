import { regionForm, regionIn } from '../../../shared/aws/arn';
import { type Finding, mergeFindings } from '../../../shared/errors';
import { isRegistryHost, isRepositoryName, tagProblem } from '../../../shared/image/reference';
import { parseInputs, type RawInputs } from '../../../shared/manifest/parse';
import { splitWords } from '../../../shared/shell-split';
import { checkOptions } from './builders/reserved-options';
import { definition, type Inputs } from './definition';
import { parseRegistry, type RegistryChoice } from './ecr/registry-choice';
import { namedEndpoint } from './ecr/trusted-hosts';

/** The inputs, checked against each other. */
export interface Request extends Omit<Inputs, 'region' | 'registry' | 'build-options'> {
  readonly region: string;
  /** Which registry: by account, by host, by both, or the default one of the credentials' account. */
  readonly registry: RegistryChoice;
  /** Further words for the builder's command line. */
  readonly options: readonly string[];
}

/** Reads all inputs and checks them against each other. What is wrong in `request` stands as if it were not given. */
export function readInputs(
  raw: RawInputs,
  env: Readonly<NodeJS.ProcessEnv>,
): { readonly request: Request; readonly findings: readonly Finding[] } {
  const { inputs, findings } = parseInputs(definition, raw);
  const { choice, region = '', findings: ofRegistry } = readRegistry(inputs, env);
  const { options, findings: ofOptions } = readOptions(inputs['build-options']);
  const checks = [
    ...checkRepository(inputs.repository),
    ...ofRegistry,
    ...checkTags(inputs.tags ?? []),
    ...checkPlatforms(inputs.platforms ?? []),
    ...checkScan(inputs),
    ...ofOptions,
  ];
  return { request: { ...inputs, region, registry: choice, options }, findings: mergeFindings(findings, checks) };
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

function readOptions(given = ''): { options: readonly string[]; findings: readonly Finding[] } {
  const split = splitWords(given);
  if ('words' in split) return { options: split.words, findings: checkOptions(split.words) };
  return { options: [], findings: [{ where: 'build-options', problem: split.problem }] };
}

function readRegistry({ registry, region: given }: Inputs, env: Readonly<NodeJS.ProcessEnv>) {
  const findings: Finding[] = [];
  const { choice, region: ofHost, problem } = parseRegistry(registry, namedEndpoint(env));
  if (problem) findings.push({ where: 'registry', problem });
  if (given && ofHost && given !== ofHost) {
    findings.push({ where: 'region', problem: `is ${given}, but the registry is in ${ofHost}` });
  }
  const region = given ?? ofHost ?? regionIn(env);
  if (region === undefined) findings.push({ where: 'region', problem: 'was not given, and AWS_REGION is not set' });
  else if (!regionForm.test(region)) {
    findings.push({ where: 'region', problem: `must be a region such as us-west-2, got ${JSON.stringify(region)}` });
  }
  return { choice, region, findings };
}
