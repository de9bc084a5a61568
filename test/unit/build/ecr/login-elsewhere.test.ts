import { expect, it } from '@jest/globals';
import { loginTo } from '../../../../actions/build-and-push/src/ecr/login';
import { type EcrAnswer, ecrClient } from '../ecr-client';

const host = '444455556666.dkr.ecr.eu-west-1.amazonaws.com';
const token = Buffer.from('AWS:pass:word').toString('base64');

async function login(answer: EcrAnswer) {
  const [asked, masked]: [object[], string[]] = [[], []];
  const ecr = await ecrClient((input) => {
    asked.push(input);
    return answer;
  });
  const credentials = await loginTo(host, ecr, { mask: (text) => masked.push(text) });
  return { credentials, asked, masked };
}

it('asks for a token of the account that the host names, and masks it', async () => {
  const { credentials, asked, masked } = await login({
    authorizationData: [{ authorizationToken: token, proxyEndpoint: `https://${host}` }],
  });
  expect(credentials).toEqual({ user: 'AWS', password: 'pass:word' });
  expect(asked).toEqual([{ registryIds: ['444455556666'] }]);
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
