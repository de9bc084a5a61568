import { describe, expect, it } from '@jest/globals';
import { mayHaveLogin } from '../../../../actions/build-and-push/src/registry/session';

describe('a token service', () => {
  it.each([
    ['https://ghcr.io/token', 'https://ghcr.io'],
    ['https://auth.docker.io/token', 'https://registry-1.docker.io'],
    ['https://gitlab.com/jwt/auth', 'https://registry.gitlab.com'],
    ['https://gitlab.example.co.uk/jwt/auth', 'https://registry.example.co.uk'],
    ['https://gitlab.example.com/jwt/auth', 'https://registry.example.com:5050'],
    ['https://registry.example.com:5001/auth', 'https://registry.example.com:5000'],
    ['http://127.0.0.1:5000/token', 'http://127.0.0.1:5000'],
  ])('%s may have the login of %s', (realm, base) => {
    expect(mayHaveLogin(new URL(realm), new URL(base))).toBe(true);
  });

  it.each([
    ['https://evil.example/token', 'https://ghcr.io'],
    ['http://auth.docker.io/token', 'https://registry-1.docker.io'],
    ['https://evil.io/token', 'https://docker.io'],
    ['https://evil.co.uk/token', 'https://example.co.uk'],
    ['https://evildocker.io/token', 'https://registry-1.docker.io'],
    ['https://b.azurecr.io/oauth2/token', 'https://a.azurecr.io'],
    ['https://x.execute-api.us-east-1.amazonaws.com', 'https://1.dkr.ecr.us-east-1.amazonaws.com'],
    ['http://127.0.0.1:5001/token', 'http://127.0.0.1:5000'],
    ['https://10.0.0.2/token', 'https://10.0.0.1'],
    ['https://registry/token', 'https://auth'],
  ])('%s may not have the login of %s', (realm, base) => {
    expect(mayHaveLogin(new URL(realm), new URL(base))).toBe(false);
  });
});
