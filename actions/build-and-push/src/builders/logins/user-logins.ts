import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Login } from '../../registry/auth';
import { readSourceFile } from '../../source/source-file';
import type { Effects } from '../builder';
import { askHelper } from './credential-helper';
import { type LoginPlace, loginPlaces } from './docker-logins';

/** What is needed to find a login of the user. */
export type LoginEffects = Pick<Effects, 'env' | 'clock' | 'signal' | 'log'>;

/** The login that was found, and what went wrong on the way to it. */
export interface FoundLogin {
  readonly login?: Login;
  readonly problems: readonly string[];
}

/** Docker reads no limit; the largest real configurations have some ten kilobytes. */
const largestFile = 4 * 1024 * 1024;

/**
 * The login that `docker login` or `podman login` has left for a repository, in the first of their files that has one. What
 * is secret in it is masked from here on. What cannot be read counts as missing, with a problem.
 */
export async function findLogin(host: string, repository: string, effects: LoginEffects): Promise<FoundLogin> {
  const problems: string[] = [];
  for (const file of filesOf(effects.env)) {
    const { places, problem } = placesIn(file, host, repository);
    if (problem) problems.push(problem);
    for (const place of places) {
      const answer = await loginAt(place, effects);
      if ('problem' in answer) problems.push(`${answer.problem}, in ${file}`);
      else if (answer.login) return { login: masked(answer.login, effects), problems };
    }
  }
  return { problems };
}

function filesOf(env: Effects['env']): string[] {
  const files = authFiles(env, env['HOME'] || homedir());
  return [...new Set(files)].filter((file) => existsSync(file));
}

function placesIn(file: string, host: string, repository: string): { places: LoginPlace[]; problem?: string } {
  const read = readSourceFile(file, largestFile);
  if ('problem' in read) return { places: [], problem: `${file} ${read.problem}` };
  try {
    return { places: loginPlaces(JSON.parse(read.text), host, repository) };
  } catch {
    return { places: [], problem: `${file} is not JSON` };
  }
}

async function loginAt(place: LoginPlace, effects: LoginEffects) {
  if (place.kind === 'written') return { login: place.login };
  if (place.kind === 'problem') return { problem: place.problem };
  const answer = await askHelper(place, effects);
  // A store is asked for every registry; where it was never told of this one, its failure means nothing.
  return 'problem' in answer && !place.isNamed ? {} : answer;
}

function masked(login: Login, { log }: LoginEffects): Login {
  for (const secret of secretsIn(login)) log.mask(secret);
  return login;
}

function secretsIn(login: Login): string[] {
  if ('identityToken' in login) return [login.identityToken];
  if ('registryToken' in login) return [login.registryToken];
  return [login.password, Buffer.from(`${login.user}:${login.password}`).toString('base64')];
}

/** Where podman and buildah look for logins, in their order. Source: containers-auth.json(5). */
export function authFiles(env: Readonly<NodeJS.ProcessEnv>, home: string): string[] {
  return [
    ...(env['REGISTRY_AUTH_FILE'] ? [env['REGISTRY_AUTH_FILE']] : []),
    env['XDG_RUNTIME_DIR']
      ? join(env['XDG_RUNTIME_DIR'], 'containers/auth.json')
      : `/run/containers/${process.getuid?.() ?? 0}/auth.json`,
    join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'containers/auth.json'),
    join(env['DOCKER_CONFIG'] || join(home, '.docker'), 'config.json'),
  ];
}
