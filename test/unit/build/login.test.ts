import { describe, expect, it } from '@jest/globals';
import { findRegistry } from '../../../actions/build-and-push/src/ecr';
import { ecrClient } from './ecr-client';

const token = Buffer.from('AWS:pass:word').toString('base64');

/** Logs in where ECR names this address, and notes what the log was told to hide. */
async function login(proxyEndpoint: string, choice: Parameters<typeof findRegistry>[1] = {}) {
  const masked: string[] = [];
  const ecr = await ecrClient(() => ({ authorizationData: [{ authorizationToken: token, proxyEndpoint }] }));
  const registry = await findRegistry(ecr, choice, { mask: (text) => masked.push(text) });
  return { registry, masked };
}

describe('the login', () => {
  it('hides the password and the token that holds it', async () => {
    const { registry, masked } = await login('https://111122223333.dkr.ecr.us-west-2.amazonaws.com');
    expect(registry.credentials).toEqual({ user: 'AWS', password: 'pass:word' });
    expect(masked.sort()).toEqual(['pass:word', token].sort());
  });

  it.each([
    ['http://127.0.0.1:5000', '127.0.0.1:5000'],
    ['http://localhost:5000', 'localhost:5000'],
    ['http://[::1]:5000', '[::1]:5000'],
    ['https://registry.example.com', 'registry.example.com'],
  ])('goes to %s', async (endpoint, host) => {
    expect((await login(endpoint)).registry).toMatchObject({ host, base: new URL(endpoint) });
  });

  it.each([
    'http://registry.example.com',
    'http://10.0.0.2:5000',
    'http://127.0.0.1.example.com',
    'http://localhost.io',
  ])('does not go to %s', async (endpoint) => {
    await expect(login(endpoint)).rejects.toThrow(
      `cannot log in to ${new URL(endpoint).host}: its address is not encrypted; only https is used`,
    );
  });

  it.each([
    ['no login', { authorizationData: [] }],
    ['no address', { authorizationData: [{ authorizationToken: token }] }],
    ['no password', { authorizationData: [{ authorizationToken: 'QVdT', proxyEndpoint: 'https://example.com' }] }],
  ])('fails with one line where ECR gives %s', async (_, answer) => {
    const ecr = await ecrClient(() => answer);
    await expect(findRegistry(ecr, {}, { mask() {} })).rejects.toThrow(
      'cannot log in to ECR: its answer holds no token',
    );
  });
});
