import { expect, it } from '@jest/globals';
import { loginTo } from '../../../../actions/build-and-push/src/ecr/login';
import type { Context } from '../../../../shared/host/action';
import { type EcrAnswer, ecrClient } from '../ecr-client';

const host = '444455556666.dkr.ecr.eu-west-1.amazonaws.com';
const token = Buffer.from('AWS:pass:word').toString('base64');

async function login(answer: EcrAnswer) {
  const [asked, masked, regions]: [object[], string[], string[]] = [[], [], []];
  const ecr = () =>
    ecrClient((input) => {
      asked.push(input);
      return answer;
    });
  const log = { mask: (text: string) => void masked.push(text) };
  const aws = (region: string) => {
    regions.push(region);
    return { ecr };
  };
  const credentials = await loginTo(host, { aws, log, signal: new AbortController().signal } as unknown as Context);
  return { credentials, asked, masked, regions };
}

it('asks for a token of the account and in the region that the host names, and masks it', async () => {
  const { credentials, asked, masked, regions } = await login({
    authorizationData: [{ authorizationToken: token, proxyEndpoint: `https://${host}` }],
  });
  expect(credentials).toEqual({ user: 'AWS', password: 'pass:word' });
  expect([regions, asked]).toEqual([['eu-west-1'], [{ registryIds: ['444455556666'] }]]);
  expect(masked.sort()).toEqual(['pass:word', token].sort());
});

it('names the registry and the permission where the role is refused', async () => {
  await expect(login({ refuse: 'AccessDeniedException' })).rejects.toThrow(
    new RegExp(`cannot log in to ${host}, from which a base image comes: .*ecr:GetAuthorizationToken`),
  );
});

it('says that an answer holds no token', async () => {
  await expect(login({})).rejects.toThrow(
    `cannot log in to ${host}, from which a base image comes: cannot log in to ECR`,
  );
});
