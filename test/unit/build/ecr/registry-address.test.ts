import { describe, expect, it } from '@jest/globals';
import { registryAddress } from '../../../../actions/build-and-push/src/ecr/login';

const own = 'https://111122223333.dkr.ecr.us-west-2.amazonaws.com';
const other = 'https://444455556666.dkr.ecr.us-west-2.amazonaws.com';

describe('registryAddress', () => {
  it.each([
    ['the default registry', own, {}, own],
    ['one whose address ECR gave', other, { account: '444455556666' }, other],
    ['one of another account, ECR giving its own', own, { account: '444455556666' }, other],
    ['in China', `${own}.cn`, { account: '444455556666' }, `${other}.cn`],
    [
      'by host',
      own,
      { account: '444455556666', host: '444455556666.dkr-ecr.us-west-2.on.aws' },
      'https://444455556666.dkr-ecr.us-west-2.on.aws',
    ],
    ['on this machine', 'http://127.0.0.1:5000', { account: '444455556666' }, 'http://127.0.0.1:5000'],
    ['by a host on this machine', own, { host: '127.0.0.1:5000' }, 'http://127.0.0.1:5000'],
  ])('%s', (_, endpoint, choice, address) => {
    expect(registryAddress(new URL(endpoint), choice).origin).toBe(address);
  });
});
