import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The environment with the region of the profile where it names none itself, as the AWS CLI finds it: AWS_PROFILE, else
 * `default`, in AWS_CONFIG_FILE, else `~/.aws/config`, else in the file of credentials. What cannot be read tells nothing.
 */
export function withProfileRegion(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (env['AWS_REGION'] || env['AWS_DEFAULT_REGION']) return env;
  const home = env['HOME'] || env['USERPROFILE'];
  const profile = env['AWS_PROFILE'] || 'default';
  const config = env['AWS_CONFIG_FILE'] || (home && join(home, '.aws/config'));
  const credentials = env['AWS_SHARED_CREDENTIALS_FILE'] || (home && join(home, '.aws/credentials'));
  const region =
    regionOf(read(config), profile === 'default' ? ['default', 'profile default'] : [`profile ${profile}`]) ??
    regionOf(read(credentials), [profile]);
  return region === undefined ? env : { ...env, AWS_REGION: region };
}

function read(path: string | undefined): string {
  try {
    return path ? readFileSync(path, 'utf8') : '';
  } catch {
    return '';
  }
}

/** The region in one of these sections of a file of the AWS CLI. Settings that are indented belong to another one. Pure. */
export function regionOf(text: string, sections: readonly string[]): string | undefined {
  let isOwn = false;
  for (const line of text.split(/\r?\n/)) {
    const [, section] = /^\s*\[\s*([^\]]*?)\s*\]/.exec(line) ?? [];
    if (section !== undefined) isOwn = sections.includes(section.replace(/\s+/g, ' ').replace(/["']/g, ''));
    const [, region] = /^region\s*=\s*([\w-]+)\s*(?:[#;].*)?$/.exec(line) ?? [];
    if (isOwn && region !== undefined) return region;
  }
  return undefined;
}
