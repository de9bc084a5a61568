import { describe, expect, it } from '@jest/globals';
import { findRegistry } from '../../../../actions/build-and-push/src/ecr/login';
import { explainAwsError } from '../../../../shared/aws/errors';
import { ecrClient } from '../ecr-client';

const token = Buffer.from('AWS:pass:word').toString('base64');

type Choice = Parameters<typeof findRegistry>[1];
const onThisMachine = { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' };

/** Logs in where ECR names this address, and notes what the log was told to hide. */
async function login(proxyEndpoint: string, env: NodeJS.ProcessEnv = {}, choice: Choice = {}) {
  const masked: string[] = [];
  const ecr = await ecrClient(() => ({ authorizationData: [{ authorizationToken: token, proxyEndpoint }] }));
  const registry = await findRegistry(ecr, choice, env, { mask: (text) => masked.push(text) });
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
  ])('goes to %s where the environment names an endpoint', async (endpoint, host) => {
    expect((await login(endpoint, onThisMachine)).registry).toMatchObject({ host, base: new URL(endpoint) });
  });

  it.each([
    'http://registry.example.com',
    'http://10.0.0.2:5000',
    'http://127.0.0.1.example.com',
    'http://localhost.io',
  ])('does not go to %s', async (endpoint) => {
    await expect(login(endpoint, onThisMachine)).rejects.toThrow(
      `cannot log in to ${new URL(endpoint).host}: its address is not encrypted; only https is used`,
    );
  });

  it.each([
    ['https://registry.example.com', {}],
    ['http://127.0.0.1:5000', {}],
    ['https://abc123.execute-api.us-east-1.amazonaws.com', {}],
    ['https://abc123.execute-api.us-east-1.amazonaws.com', onThisMachine],
    ['https://evil.example', { AWS_ENDPOINT_URL_ECR: 'https://vpce-1.api.ecr.us-west-2.vpce.amazonaws.com' }],
    ['https://evil.example', { AWS_ENDPOINT_URL: 'none' }],
    ['https://evil.example', { ...onThisMachine, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }],
  ])('does not go to %s, which is no registry of ECR, with %j', async (endpoint, env) => {
    await expect(login(endpoint, env)).rejects.toThrow(`cannot log in to ${new URL(endpoint).host}: AWS answers that`);
  });

  it.each(['https://169.254.169.254', 'https://[fd00:ec2::254]', 'https://10.0.0.1'])(
    'does not go to %s, where the endpoint is not',
    async (endpoint) => {
      await expect(login(endpoint, onThisMachine)).rejects.toThrow(/^cannot log in to \S+: it has a \S+ address/);
    },
  );

  it.each(['nonsense', 'https://', 'data:text/plain,x', '\u0000'])('says that %j is no address', async (endpoint) => {
    await expect(login(endpoint)).rejects.toThrow(
      /^cannot log in to ECR: ECR names the registry ".*", which is not an addr/,
    );
  });

  const address = 'https://111122223333.dkr.ecr.us-west-2.amazonaws.com';
  const encoded = (text: string) => Buffer.from(text).toString('base64');
  it.each<[string, object]>([
    ['no login', { authorizationData: [] }],
    ['nothing', {}],
    ['no list', { authorizationData: 'AWS' }],
    ['an empty login', { authorizationData: [null] }],
    ['no address', { authorizationData: [{ authorizationToken: token }] }],
    ['an address of another type', { authorizationData: [{ authorizationToken: token, proxyEndpoint: 5 }] }],
    ['no password', { authorizationData: [{ authorizationToken: 'QVdT', proxyEndpoint: address }] }],
    ['a number', { authorizationData: [{ authorizationToken: 5, proxyEndpoint: address }] }],
    ...['AWS:a\r\nX: y', 'AWS:\u0000', 'A\nS:pass', ':pass', `AWS:${'x'.repeat(20_000)}`].map(
      (login): [string, object] => [
        JSON.stringify(login.slice(0, 20)),
        { authorizationData: [{ authorizationToken: encoded(login), proxyEndpoint: address }] },
      ],
    ),
  ])('fails with one line where ECR gives %s', async (_, answer) => {
    const ecr = await ecrClient(() => answer);
    const told = findRegistry(ecr, {}, {}, { mask() {} }).catch((error) => {
      throw explainAwsError(error) ?? error;
    });
    // What is not of the API's own shape is found with every call; the rest, where the login is used.
    await expect(told).rejects.toThrow(
      /^cannot (log in to ECR: its answer holds no token|call ecr:GetAuthorizationToken: AWS returned an answer that cannot be used: authorizationData\S* is not of its type; check)/,
    );
  });
});
