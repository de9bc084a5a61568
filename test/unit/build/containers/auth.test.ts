import { expect, it } from '@jest/globals';
import { authFiles } from '../../../../actions/build-and-push/src/containers/auth';

it('looks for logins where podman and buildah do', () => {
  const env = { REGISTRY_AUTH_FILE: '/a.json', XDG_RUNTIME_DIR: '/run/7', DOCKER_CONFIG: '/d' };
  expect(authFiles(env, '/home/me')).toEqual([
    '/a.json',
    '/run/7/containers/auth.json',
    '/home/me/.config/containers/auth.json',
    '/d/config.json',
  ]);
  expect(authFiles({}, '/home/me')).toEqual(['/home/me/.config/containers/auth.json', '/home/me/.docker/config.json']);
});
