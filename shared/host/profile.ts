import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

type Env = Readonly<NodeJS.ProcessEnv>;

/** What the configuration of the AWS CLI adds to the environment. */
export interface Profile {
  /** The environment, with the region of the profile where it has none itself. */
  readonly env: NodeJS.ProcessEnv;
  /** The profile that has the credentials, where AWS_DEFAULT_PROFILE names it, which the SDK does not read. */
  readonly credentials: { readonly profile?: string };
  /** What is wrong with the name of the profile, where something is. */
  readonly warning?: string;
}

/**
 * The profile as the AWS CLI finds it: AWS_PROFILE, else AWS_DEFAULT_PROFILE, else `default`, in AWS_CONFIG_FILE, else
 * `~/.aws/config`, and in the file of credentials. Keys in the environment come before those of AWS_DEFAULT_PROFILE. A file that
 * cannot be read is the same as an empty one.
 */
export function readProfile(env: Env): Profile {
  const hasKeys = env['AWS_ACCESS_KEY_ID'] && env['AWS_SECRET_ACCESS_KEY'];
  const ofCli = (!env['AWS_PROFILE'] && !hasKeys && env['AWS_DEFAULT_PROFILE']) || undefined;
  const credentials = ofCli === undefined ? {} : { profile: ofCli };
  const variable = env['AWS_PROFILE'] ? 'AWS_PROFILE' : 'AWS_DEFAULT_PROFILE';
  const hasRegion = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'];
  if (hasRegion && !env[variable]) return { env, credentials };
  const found = findProfile(env[variable] || 'default', env);
  if (!found && env[variable]) {
    const name = JSON.stringify(env[variable]);
    return { env, credentials, warning: `no file of the AWS CLI has the profile ${name} that ${variable} names` };
  }
  const region = hasRegion ? undefined : found?.region;
  return { env: region === undefined ? env : { ...env, AWS_REGION: region }, credentials };
}

/** A profile that is in one of the two files, and its region where it has one there. */
function findProfile(name: string, env: Env): { readonly region?: string } | undefined {
  const home = env['HOME'] || env['USERPROFILE'];
  const config = env['AWS_CONFIG_FILE'] || (home && join(home, '.aws/config'));
  const credentials = env['AWS_SHARED_CREDENTIALS_FILE'] || (home && join(home, '.aws/credentials'));
  const first = findSection(read(config), name === 'default' ? ['default', 'profile default'] : [`profile ${name}`]);
  if (first?.region !== undefined) return first;
  return findSection(read(credentials), [name]) ?? first;
}

function read(path: string | undefined): string {
  try {
    // A pipe can be read only once, and that is left to the SDK.
    return path && statSync(path).isFile() ? readFileSync(path, 'utf8') : '';
  } catch {
    return '';
  }
}

/**
 * The sections of these names in a file of the AWS CLI, and the region that they set: the last one where there are several.
 * Settings that are indented belong to another one.
 */
export function findSection(text: string, names: readonly string[]): { readonly region?: string } | undefined {
  let found: { readonly region?: string } | undefined;
  let isOwn = false;
  for (const line of text.split(/\r?\n/)) {
    const [, section] = /^\s*\[\s*([^\]]*?)\s*\]/.exec(line) ?? [];
    if (section !== undefined) isOwn = names.includes(section.replace(/\s+/g, ' ').replace(/["']/g, ''));
    const [, region] = /^region\s*=\s*([\w-]+)\s*(?:[#;].*)?$/.exec(line) ?? [];
    if (isOwn) found = region === undefined ? { ...found } : { region };
  }
  return found;
}
