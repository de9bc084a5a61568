import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

interface DockerConfig {
  readonly auths?: Readonly<Record<string, object>>;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly cliPluginsExtraDirs?: readonly string[];
}

/**
 * The configuration of Docker for this run only: what the user has set, but a login to `host` stays in this file. A
 * credential store would keep it, so the store is asked for the user's other registries only. Pure.
 */
export function privateConfig(users: DockerConfig, host: string, plugins?: string): DockerConfig {
  const { credsStore, auths = {}, credHelpers = {}, ...rest } = users;
  const stored = credsStore ? Object.fromEntries(Object.keys(auths).map((name) => [name, credsStore])) : {};
  const others = <T>(record: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(record).filter(([name]) => name !== host && name !== `https://${host}`));
  return {
    ...rest,
    auths: others(auths),
    credHelpers: others({ ...stored, ...credHelpers }),
    ...(plugins !== undefined && { cliPluginsExtraDirs: [...(users.cliPluginsExtraDirs ?? []), plugins] }),
  };
}

/** Makes the private folder for `DOCKER_CONFIG`; the answer is the environment that docker is to be run with. */
export function privateDocker(
  env: Readonly<NodeJS.ProcessEnv>,
  temp: string,
  host: string,
): Readonly<NodeJS.ProcessEnv> {
  const users = env['DOCKER_CONFIG'] || join(homedir(), '.docker');
  const folder = join(temp, 'docker');
  mkdirSync(folder, { mode: 0o700, recursive: true });
  const config = privateConfig(readConfig(join(users, 'config.json')), host, join(users, 'cli-plugins'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config), { mode: 0o600 });
  // Which daemon and which builder the user has chosen is kept beside the configuration.
  if (existsSync(join(users, 'contexts')) && !existsSync(join(folder, 'contexts')))
    symlinkSync(join(users, 'contexts'), join(folder, 'contexts'));
  return { ...env, DOCKER_CONFIG: folder, BUILDX_CONFIG: env['BUILDX_CONFIG'] || join(users, 'buildx') };
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
