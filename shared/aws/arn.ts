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
  env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || undefined;

/** A registry of ECR, in any partition, with FIPS and dual-stack endpoints. */
const ecrHost =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.(?:com(?:\.cn)?|eu)|on\.(?:aws|amazonwebservices\.(?:com\.cn|eu)))$/;

/** Account and region of a registry host of ECR; undefined where it is none. */
export function parseEcrHost(host: string): { readonly account: string; readonly region: string } | undefined {
  const [, account, region] = ecrHost.exec(host) ?? [];
  return account && region ? { account, region } : undefined;
}
