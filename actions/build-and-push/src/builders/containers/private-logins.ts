import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isLoopback } from '../../../../../shared/loopback';
import { type DockerConfig, ofOthers, readConfig } from '../command-line/docker-config';
import { authFiles } from '../logins/user-logins';

/** An environment with a private file of logins: the user's, to which the one for `host` is added. */
export function privateAuth(env: Readonly<NodeJS.ProcessEnv>, temp: string, host: string): Readonly<NodeJS.ProcessEnv> {
  const folder = join(temp, 'containers');
  mkdirSync(folder, { mode: 0o700, recursive: true });
  const file = join(folder, 'auth.json');
  const users = authFiles(env, homedir()).find((path) => existsSync(path));
  writeFileSync(file, JSON.stringify(loginsOfOthers(users ? readConfig(users) : {}, host)), { mode: 0o600 });
  return { ...env, REGISTRY_AUTH_FILE: file, ...(isLoopback(host) && plainRegistry(env, folder, host)) };
}

/**
 * Logins to other registries, with those that a credential store keeps. To Docker an empty helper means none; podman and
 * buildah would run it.
 */
export function loginsOfOthers({ auths = {}, credsStore, credHelpers = {} }: DockerConfig, host: string) {
  const stored = credsStore ? Object.fromEntries(Object.keys(auths).map((name) => [name, credsStore])) : {};
  const helpers = Object.entries({ ...stored, ...credHelpers }).filter(([, helper]) => helper !== '');
  return { auths: ofOthers(auths, host), credHelpers: ofOthers(Object.fromEntries(helpers), host) };
}

/** A registry of this machine has no certificate; base images are pulled from it all the same. */
function plainRegistry(env: Readonly<NodeJS.ProcessEnv>, folder: string, host: string): NodeJS.ProcessEnv {
  const own = join(env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'containers/registries.conf');
  const places = [env['CONTAINERS_REGISTRIES_CONF'] ?? '', own, '/etc/containers/registries.conf'];
  const users = places.find((path) => existsSync(path));
  const file = join(folder, 'registries.conf');
  const plain = `[[registry]]\nlocation = "${host}"\ninsecure = true\n`;
  writeFileSync(file, `${users ? readFileSync(users, 'utf8') : ''}\n${plain}`);
  return { CONTAINERS_REGISTRIES_CONF: file };
}
