import { expect, it } from '@jest/globals';
import { loginsOfOthers } from '../../../../../actions/build-and-push/src/builders/containers/private-logins';
import { authFiles } from '../../../../../actions/build-and-push/src/builders/logins/user-logins';

it('looks for logins where podman and buildah do', () => {
  const env = { REGISTRY_AUTH_FILE: '/a.json', XDG_RUNTIME_DIR: '/run/7', DOCKER_CONFIG: '/d' };
  expect(authFiles(env, '/home/me')).toEqual([
    '/a.json',
    '/run/7/containers/auth.json',
    '/home/me/.config/containers/auth.json',
    '/d/config.json',
  ]);
  expect(authFiles({}, '/home/me')).toEqual([
    `/run/containers/${process.getuid!()}/auth.json`,
    '/home/me/.config/containers/auth.json',
    '/home/me/.docker/config.json',
  ]);
});

it('keeps the logins to others, and none to the registry or its repositories', () => {
  const users = {
    credsStore: 'desktop',
    auths: { 'docker.io': {}, 'quay.io': {}, 'ecr.example': {}, 'ecr.example/team': {}, 'https://ecr.example': {} },
    credHelpers: { 'ghcr.io': 'x', 'quay.io': '', 'ecr.example': 'y' },
  };
  expect(loginsOfOthers(users, 'ecr.example')).toEqual({
    auths: { 'docker.io': {}, 'quay.io': {} },
    credHelpers: { 'docker.io': 'desktop', 'ghcr.io': 'x' },
  });
});
