import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { privateConfig, readConfig } from '../docker/config';

/** Where podman and buildah look for logins, in their order. Source: containers-auth.json(5). Pure. */
export function authFiles(env: Readonly<NodeJS.ProcessEnv>, home: string): string[] {
  return [
    ...(env['REGISTRY_AUTH_FILE'] ? [env['REGISTRY_AUTH_FILE']] : []),
    ...(env['XDG_RUNTIME_DIR'] ? [join(env['XDG_RUNTIME_DIR'], 'containers/auth.json')] : []),
    join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'containers/auth.json'),
    join(env['DOCKER_CONFIG'] || join(home, '.docker'), 'config.json'),
  ];
}

/** An environment with a private file of logins: the user's, to which the one for `host` is added. */
export function privateAuth(env: Readonly<NodeJS.ProcessEnv>, temp: string, host: string): Readonly<NodeJS.ProcessEnv> {
  const folder = join(temp, 'containers');
  const file = join(folder, 'auth.json');
  mkdirSync(folder, { mode: 0o700, recursive: true });
  const users = authFiles(env, homedir()).find((path) => existsSync(path));
  const { auths, credHelpers } = privateConfig(users ? readConfig(users) : {}, host);
  if (!existsSync(file)) writeFileSync(file, JSON.stringify({ auths, credHelpers }), { mode: 0o600 });
  return { ...env, REGISTRY_AUTH_FILE: file };
}
