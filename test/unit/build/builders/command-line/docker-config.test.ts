import { describe, expect, it } from '@jest/globals';
import { privateConfig } from '../../../../../actions/build-and-push/src/builders/command-line/docker-config';

const host = '111122223333.dkr.ecr.us-west-2.amazonaws.com';

describe('privateConfig', () => {
  it('keeps what the user has set and adds their plugins', () => {
    expect(
      privateConfig({ proxies: { default: {} }, cliPluginsExtraDirs: ['/a'] } as object, host, '/home/me/plugins'),
    ).toEqual({
      proxies: { default: {} },
      auths: {},
      credHelpers: { [host]: '' },
      cliPluginsExtraDirs: ['/a', '/home/me/plugins'],
    });
  });

  it('never lets a credential store or helper keep the login, nor one that Docker finds on its own', () => {
    const users = {
      credsStore: 'desktop',
      auths: { 'docker.io': {}, [host]: {} },
      credHelpers: { [host]: 'ecr-login', 'ghcr.io': 'x' },
    };
    expect(privateConfig(users, host, '/p')).toEqual({
      auths: { 'docker.io': {} },
      credsStore: 'desktop',
      credHelpers: { 'ghcr.io': 'x', [host]: '' },
      cliPluginsExtraDirs: ['/p'],
    });
  });
});
