import { regionForm, regionIn } from '../../../shared/aws/arn';
import { type Finding, mergeFindings } from '../../../shared/errors';
import { isRegistryHost, isRepositoryName, tagProblem } from '../../../shared/image/reference';
import type { HostName } from '../../../shared/manifest/definition';
import { parseInputs, type RawInputs } from '../../../shared/manifest/parse';
import { splitWords } from '../../../shared/shell-split';
import { readExports } from './builders/exporter';
import { checkOptions } from './builders/reserved-options';
import { type BuilderName, builderNames, definition, type Inputs } from './definition';
import { type ImageNames, readImageNames } from './ecr/image-names';
import { parseRegistry, type RegistryChoice } from './ecr/registry-choice';
import { namedEndpoint } from './ecr/trusted-hosts';
import { platformName } from './text/platform-name';

/** The inputs that only say in another way what others say. */
type Merged = 'region' | 'registry' | 'build-options' | 'builder' | 'push' | 'file' | 'outputs' | 'github-token';

/** The inputs, checked against each other. */
export interface Request extends Omit<Inputs, Merged> {
  /** '' where the image has no name: it is only built then. */
  readonly repository: string;
  /** '' where it is not known and not needed, as nothing is pushed. */
  readonly region: string;
  /** Which registry: by account, by host, by both, or the default one of the credentials' account. */
  readonly registry: RegistryChoice;
  /** The image is of another registry than ECR; it is only built. */
  readonly foreign: boolean;
  readonly builder: 'auto' | BuilderName;
  /** Name of a builder of buildx. */
  readonly instance?: string;
  readonly push: boolean;
  readonly exporter: readonly string[];
  /** Further words for the builder's command line. */
  readonly options: readonly string[];
}

/** Reads all inputs and checks them against each other. What is wrong in `request` stands as if it were not given. */
export function readInputs(
  raw: RawInputs,
  env: Readonly<NodeJS.ProcessEnv>,
  host: HostName = 'shell',
): { readonly request: Request; readonly findings: readonly Finding[] } {
  const { inputs, findings } = parseInputs(definition, raw, host);
  const { names: ofOutputs, ...exports } = readExports(inputs);
  const { push } = exports;
  const tags = inputs.tags ?? (ofOutputs.length > 0 ? ofOutputs : undefined);
  const names =
    host === 'codecatalyst' ? inputsAlone(inputs) : readImageNames({ ...inputs, tags, push }, namedEndpoint(env));
  // Whoever only wants to know whether it builds names no image.
  const nameless = !push && names.repository === '' && (names.tags ?? []).length === 0;
  const {
    choice,
    region = '',
    findings: ofRegistry,
  } = nameless ? { choice: {}, findings: [] } : readRegistry({ ...inputs, ...names, push }, env);
  const { options, findings: ofOptions } = readOptions(inputs['build-options']);
  const { builder, instance, findings: ofBuilder } = readBuilder(inputs.builder, host);
  const checks = [
    ...names.findings,
    ...(nameless ? checkNameless(inputs) : checkRepository(names)),
    ...ofRegistry,
    ...checkTags(names.tags ?? []),
    ...checkPlatforms(inputs.platforms ?? []),
    ...checkScan(inputs, push),
    ...exports.findings,
    ...ofBuilder,
    ...ofOptions,
    ...checkCombined(inputs),
    ...checkSsh(inputs.ssh ?? [], env),
  ];
  const request = {
    ...inputs,
    ...names,
    ...exports,
    dockerfile: inputs.dockerfile ?? inputs.file,
    ...(inputs.platforms && { platforms: inputs.platforms.map((text) => platformName(text) ?? text) }),
    region,
    registry: choice,
    builder,
    ...(instance !== undefined && { instance }),
    options,
  };
  return { request, findings: mergeFindings(findings, checks) };
}

const inputsAlone = ({ repository, registry, tags }: Inputs): ImageNames => ({
  repository,
  registry,
  tags,
  foreign: false,
  findings: [],
});

/** A word that is none of the action's builders is the name of one of buildx, as in docker/build-push-action. */
function readBuilder(
  given: string,
  host: HostName,
): { builder: Request['builder']; instance?: string; findings: Finding[] } {
  const builder = (['auto', ...builderNames] as const).find((name) => name === given);
  if (builder !== undefined) return { builder, findings: [] };
  if (host !== 'codecatalyst' && /^[a-zA-Z0-9][\w.-]*$/.test(given)) {
    return { builder: 'docker', instance: given, findings: [] };
  }
  const problem = `must be one of auto, ${builderNames.join(', ')}; got ${JSON.stringify(given)}`;
  return { builder: 'auto', findings: [{ where: 'builder', problem }] };
}

/** What two inputs cannot both say. */
function checkCombined(inputs: Inputs): Finding[] {
  const { dockerfile, file, cache } = inputs;
  const findings: Finding[] = [];
  if (dockerfile !== undefined && file !== undefined && dockerfile !== file) {
    findings.push({ where: 'file', problem: 'cannot be combined with dockerfile, which means the same' });
  }
  for (const where of ['cache-from', 'cache-to'] as const) {
    if (cache !== 'none' && inputs[where]) {
      findings.push({ where, problem: `cannot be combined with cache: ${cache}; leave one of them out` });
    }
  }
  return findings;
}

/** An agent without a key is that of the environment, which builders look for only after they have begun. */
function checkSsh(agents: readonly string[], env: Readonly<NodeJS.ProcessEnv>): Finding[] {
  const isWithout = agents.some((agent) => !agent.includes('=')) && !env['SSH_AUTH_SOCK'];
  const problem = 'needs an agent, but SSH_AUTH_SOCK is not set; start one first, or specify ID=PATH of a key';
  return isWithout ? [{ where: 'ssh', problem }] : [];
}

function checkRepository({ repository: name, foreign }: ImageNames): Finding[] {
  const problem = (text: string) => [{ where: 'repository', problem: `${text}, got ${JSON.stringify(name)}` }];
  if (name === '') {
    const way = 'set it, or put the full name of the image in tags, such as HOST/team/app:v1';
    return [{ where: 'repository', problem: `is required but not set; ${way}` }];
  }
  const [first = '', ...rest] = name.split('/');
  if (rest.length > 0 && /[.:]/.test(first) && isRegistryHost(first)) {
    return problem('must be the name only; put the host in registry');
  }
  if (/[:@]/.test(name)) return problem('must be the name only; put the tag in tags');
  if (!foreign && (name.length < 2 || name.length > 256)) return problem('must have 2 to 256 characters');
  const rule = 'must be lower-case letters and digits, divided by "/", ".", "_", "__" or "-"';
  return isRepositoryName(name) ? [] : problem(rule);
}

function checkNameless({ cache }: Inputs): Finding[] {
  const problem = 'registry needs a repository to keep it in; set repository, or leave cache out';
  return cache === 'registry' ? [{ where: 'cache', problem }] : [];
}

function checkTags(tags: readonly string[]): Finding[] {
  return tags.flatMap((tag) => {
    const rule = tagProblem(tag);
    return rule ? [{ where: 'tags', problem: `${JSON.stringify(tag)} ${rule}` }] : [];
  });
}

function checkPlatforms(platforms: readonly string[]): Finding[] {
  const wrong = platforms.filter((platform) => platformName(platform) === undefined);
  const rule = 'must be a platform such as linux/amd64 or linux/arm/v7';
  return wrong.map((platform) => ({ where: 'platforms', problem: `${rule}, got ${JSON.stringify(platform)}` }));
}

function checkScan({ 'scan-severity': severity }: Inputs, push: boolean): Finding[] {
  const problem = `needs push: ECR scans only what was pushed; leave it out, or set it to none, got ${JSON.stringify(severity)}`;
  return push || severity === 'none' ? [] : [{ where: 'scan-severity', problem }];
}

function readOptions(given = ''): { options: readonly string[]; findings: readonly Finding[] } {
  const split = splitWords(given);
  if ('words' in split) return { options: split.words, findings: checkOptions(split.words) };
  return { options: [], findings: [{ where: 'build-options', problem: split.problem }] };
}

interface RegistryInputs extends Pick<ImageNames, 'registry' | 'foreign'> {
  readonly region: string | undefined;
  readonly push: boolean;
}

function readRegistry(
  { registry, region: given, foreign, push }: RegistryInputs,
  env: Readonly<NodeJS.ProcessEnv>,
): { choice: RegistryChoice; region?: string; findings: Finding[] } {
  // Nothing of ECR is asked for then.
  if (foreign && registry !== undefined) return { choice: { host: registry }, findings: [] };
  const findings: Finding[] = [];
  const { choice, region: ofHost, problem } = parseRegistry(registry, namedEndpoint(env));
  if (problem) findings.push({ where: 'registry', problem });
  if (given && ofHost && given !== ofHost) {
    findings.push({ where: 'region', problem: `is ${given}, but the registry is in ${ofHost}` });
  }
  const region = given ?? ofHost ?? regionIn(env);
  if (region === undefined && choice.host !== undefined && !push) return { choice, findings };
  if (region === undefined) findings.push({ where: 'region', problem: 'is not set, and AWS_REGION is not set either' });
  else if (!regionForm.test(region)) {
    findings.push({ where: 'region', problem: `must be a region such as us-west-2, got ${JSON.stringify(region)}` });
  }
  return { choice, ...(region !== undefined && { region }), findings };
}
