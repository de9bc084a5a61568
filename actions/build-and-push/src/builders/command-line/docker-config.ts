import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export interface DockerConfig {
  readonly auths?: Readonly<Record<string, object>>;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly cliPluginsExtraDirs?: readonly string[];
}

/**
 * The configuration of Docker for this run only: what the user has set, but a login to `host` stays in this file. A
 * credential store would keep it, and Docker looks for one by itself; an empty helper for the host keeps it from both.
 */
export function privateConfig(users: DockerConfig, host: string, plugins?: string): DockerConfig {
  const { auths = {}, credHelpers = {}, ...rest } = users;
  return {
    ...rest,
    auths: ofOthers(auths, host),
    credHelpers: { ...ofOthers(credHelpers, host), [host]: '' },
    ...(plugins !== undefined && { cliPluginsExtraDirs: [...(users.cliPluginsExtraDirs ?? []), plugins] }),
  };
}

/** What is kept for other registries than this one, and other than its repositories. */
export const ofOthers = <T>(record: Readonly<Record<string, T>>, host: string): Record<string, T> =>
  Object.fromEntries(
    Object.entries(record).filter(([name]) => !`${name.replace(/^https:\/\//, '')}/`.startsWith(`${host}/`)),
  );

/** Makes the private folder for `DOCKER_CONFIG`; the answer is the environment that docker is to be run with. */
export function privateDocker(
  env: Readonly<NodeJS.ProcessEnv>,
  temp: string,
  host: string,
): Readonly<NodeJS.ProcessEnv> {
  const users = resolve(env['DOCKER_CONFIG'] || join(homedir(), '.docker'));
  const folder = join(temp, 'docker');
  mkdirSync(folder, { mode: 0o700, recursive: true });
  const config = privateConfig(readConfig(join(users, 'config.json')), host, join(users, 'cli-plugins'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config), { mode: 0o600 });
  // The daemon and the builder that the user has chosen are kept next to the configuration.
  if (existsSync(join(users, 'contexts')) && !existsSync(join(folder, 'contexts')))
    symlinkSync(join(users, 'contexts'), join(folder, 'contexts'));
  const ownPlaces = {
    BUILDX_CONFIG: env['BUILDX_CONFIG'] || join(users, 'buildx'),
    // Certificates for a daemon behind TLS are looked for next to the configuration too.
    DOCKER_CERT_PATH: env['DOCKER_CERT_PATH'] || users,
  };
  return { ...env, ...ownPlaces, DOCKER_CONFIG: folder };
}

/** A configuration file; empty where there is none. */
export function readConfig(file: string): DockerConfig {
  if (!existsSync(file)) return {};
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as DockerConfig;
  } catch {
    // Docker itself says what is wrong with its file.
    return {};
  }
}
