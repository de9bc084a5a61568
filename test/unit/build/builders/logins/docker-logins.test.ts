import { describe, expect, it } from '@jest/globals';
import { loginPlaces } from '../../../../../actions/build-and-push/src/builders/logins/docker-logins';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const auth = (text: string) => ({ auth: base64(text) });
const written = (user: string, password: string) => ({ kind: 'written', login: { user, password } });
const helper = (name: string, server: string, isNamed = true) => ({
  kind: 'helper',
  program: `docker-credential-${name}`,
  server,
  isNamed,
});
const hub = 'registry-1.docker.io';

describe('the places of a login', () => {
  it.each<[string, string, string, unknown, unknown[]]>([
    ['a host', 'ghcr.io', 'a', { auths: { 'ghcr.io': auth('me:pass') } }, [written('me', 'pass')]],
    ['a host with a port', 'r:5000', 'a', { auths: { 'r:5000': auth('me:p:a:s') } }, [written('me', 'p:a:s')]],
    ['a scheme', 'ghcr.io', 'a', { auths: { 'https://ghcr.io/': auth('me:pass') } }, [written('me', 'pass')]],
    ['a version', 'ghcr.io', 'a', { auths: { 'https://ghcr.io/v2/': auth('me:pass') } }, [written('me', 'pass')]],
    ['Docker Hub', hub, 'a', { auths: { 'https://index.docker.io/v1/': auth('me:pass') } }, [written('me', 'pass')]],
    ['Docker Hub by name', hub, 'a', { auths: { 'docker.io': auth('me:pass') } }, [written('me', 'pass')]],
    ['user and password', 'r', 'a', { auths: { r: { username: 'me', password: 'pass' } } }, [written('me', 'pass')]],
    ['zeros at the end', 'r', 'a', { auths: { r: auth('me:pass\0\0') } }, [written('me', 'pass')]],
    [
      'an identity token',
      'r',
      'a',
      { auths: { r: { auth: base64('00000000:'), identitytoken: 't' } } },
      [{ kind: 'written', login: { identityToken: 't' } }],
    ],
    [
      'a registry token',
      'r',
      'a',
      { auths: { r: { registrytoken: 't' } } },
      [{ kind: 'written', login: { registryToken: 't' } }],
    ],
    [
      'paths, the longest first',
      'r.io',
      'team/app',
      {
        auths: { 'r.io': auth('a:1'), 'r.io/team': auth('b:2'), 'r.io/te': auth('c:3'), 'r.io/team/app': auth('d:4') },
      },
      [written('d', '4'), written('b', '2'), written('a', '1')],
    ],
    ['another host', 'ghcr.io', 'a', { auths: { 'xghcr.io': auth('a:1'), 'ghcr.io.evil.com': auth('b:2') } }, []],
    ['another port', 'r:5000', 'a', { auths: { 'r:5001': auth('a:1'), r: auth('a:1') } }, []],
    ['a helper', 'r', 'a', { credHelpers: { r: 'pass' } }, [helper('pass', 'r')]],
    [
      'a helper of Docker Hub',
      hub,
      'a',
      { credHelpers: { 'docker.io': 'x' } },
      [helper('x', 'https://index.docker.io/v1/')],
    ],
    ['a store', hub, 'a', { credsStore: 'desktop' }, [helper('desktop', 'https://index.docker.io/v1/', false)]],
    ['a store of a known login', 'r', 'a', { credsStore: 'x', auths: { r: {} } }, [helper('x', 'r')]],
    [
      'a helper before the file, and no store',
      'r',
      'a',
      { credsStore: 'x', credHelpers: { r: 'y' }, auths: { r: auth('me:pass') } },
      [helper('y', 'r'), written('me', 'pass')],
    ],
    [
      'an empty helper, which is none',
      'r',
      'a',
      { credsStore: 'x', credHelpers: { r: '' }, auths: { r: auth('me:pass') } },
      [written('me', 'pass')],
    ],
    ...[null, [], 'x', 1, { auths: [] }, { auths: { r: null } }, { auths: { r: { auth: 1 } } }].map(
      (config): [string, string, string, unknown, unknown[]] => [JSON.stringify(config), 'r', 'a', config, []],
    ),
  ])('%s', (_, host, repository, config, places) => {
    expect(loginPlaces(config, host, repository)).toEqual(places);
  });

  it.each<[unknown, RegExp]>([
    [{ auths: { r: { auth: 'bm9jb2xvbg==' } } }, /the auth of r is not user:password in base64/],
    [{ credsStore: '../evil' }, /not the name of a program/],
    [{ credHelpers: { r: 7 } }, /not the name of a program/],
  ])('%j is a problem', (config, problem) => {
    expect(loginPlaces(config, 'r', 'a')).toEqual([{ kind: 'problem', problem: expect.stringMatching(problem) }]);
  });
});
