import { join } from 'node:path';

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
