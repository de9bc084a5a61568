/** An ARN in its parts. `resource` is all that follows the account. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** Reads an ARN; undefined where the text is none. */
export function parseArn(text: string): Arn | undefined {
  const [head, partition, service, region, account, ...rest] = text.split(':');
  if (head !== 'arn' || !partition || !service || region === undefined || account === undefined) return undefined;
  const resource = rest.join(':');
  return resource === '' ? undefined : { partition, service, region, account, resource };
}

/** Partitions by how the names of their regions begin; all others are in `aws`. Source: AWS's endpoint rule sets. */
const partitions: readonly (readonly [prefix: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['eusc-', 'aws-eusc'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
];

/** The partition that a region belongs to. */
export const partitionOf = (region: string): string =>
  partitions.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';

const consoles: Readonly<Record<string, string>> = {
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
  'aws-eusc': 'console.amazonaws-eusc.eu',
};

/** Host of the console in the region's partition; those of the isolated partitions are not public. */
export const consoleHost = (region: string): string => consoles[partitionOf(region)] ?? 'console.aws.amazon.com';

/** `us-west-2`, `us-gov-east-1`, `ap-southeast-3`, `eusc-de-east-1`. */
export const regionForm = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;

/** The region that the environment names; empty is as unset. */
export const regionIn = (env: Readonly<NodeJS.ProcessEnv>): string | undefined =>
  env['AWS_REGION']?.trim() || env['AWS_DEFAULT_REGION']?.trim() || undefined;

/** How the hosts of ECR end, by partition: plain and FIPS, and dual-stack. Source: AWS's endpoint rule sets, ECR's "Service endpoints". */
const ecrDomains: Readonly<Record<string, { readonly plain: string; readonly dualStack?: string }>> = {
  aws: { plain: 'amazonaws.com', dualStack: 'on.aws' },
  'aws-cn': { plain: 'amazonaws.com.cn', dualStack: 'on.amazonwebservices.com.cn' },
  'aws-us-gov': { plain: 'amazonaws.com', dualStack: 'on.aws' },
  'aws-eusc': { plain: 'amazonaws.eu', dualStack: 'on.amazonwebservices.eu' },
  'aws-iso': { plain: 'c2s.ic.gov' },
  'aws-iso-b': { plain: 'sc2s.sgov.gov' },
  'aws-iso-e': { plain: 'cloud.adc-e.uk' },
  'aws-iso-f': { plain: 'csp.hci.ic.gov' },
};

/** The longest name that a host can have (RFC 1035). */
const longestHost = 253;

/** A registry host of ECR in its parts; undefined for any other host, including those that others rent from AWS. */
export interface EcrHost {
  /** Twelve digits; hosts of VPC endpoints need not name it. */
  readonly account?: string;
  readonly region: string;
}

/** Reads a registry host of ECR, endpoints in a VPC included. Case does not matter; a port or a trailing dot is none of ECR's. */
export function readEcrHost(host: string): EcrHost | undefined {
  if (host.length > longestHost) return undefined;
  const name = host.toLowerCase();
  const [, account, form, region = '', vpc, domain] =
    /^(?:(\d{12})\.)?((?:vpce-(?!svc-)[a-z0-9-]+\.)?dkr[.-]ecr(?:-fips)?)\.([a-z0-9-]+)(\.vpce)?\.([a-z0-9.-]+)$/.exec(
      name,
    ) ?? [];
  const domains = ecrDomains[partitionOf(region)]!;
  if (form === undefined || !regionForm.test(region)) return undefined;
  const isVpc = form.startsWith('vpce-');
  const isFit = form.includes('dkr.ecr') ? domain === domains.plain : domain === domains.dualStack && !isVpc;
  // The name of an endpoint says whose it is; all others say the account.
  if (!isFit || isVpc !== (vpc !== undefined) || (!isVpc && account === undefined)) return undefined;
  return { region, ...(account !== undefined && { account }) };
}

/** Account and region of a registry host of ECR; undefined where it does not name both. */
export function parseEcrHost(host: string): { readonly account: string; readonly region: string } | undefined {
  const { account, region } = readEcrHost(host) ?? {};
  return account && region ? { account, region } : undefined;
}

/** Whether the host belongs to AWS, whatever the service, and so may be rented by anybody. */
export const isAwsHost = (host: string): boolean =>
  /(?:^|\.)(?:amazonaws\.(?:com(?:\.cn)?|eu)|on\.aws|api\.aws|amazonwebservices\.(?:com(?:\.cn)?|eu)|c2s\.ic\.gov|sc2s\.sgov\.gov|adc-e\.uk|hci\.ic\.gov)$/i.test(
    host,
  );
