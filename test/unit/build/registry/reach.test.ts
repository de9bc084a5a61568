import { describe, expect, it } from '@jest/globals';
import { type Reach, reachFrom } from '../../../../actions/build-and-push/src/registry/reach';

/** A resolver that knows these addresses for every name. */
const knowing = (...addresses: string[]) =>
  ((_: string, __: unknown, callback: (...answer: unknown[]) => void) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as never;

const resolve = (reach: Reach, hostname: string, all = true): Promise<unknown> =>
  new Promise((done, fail) => {
    const answered = (error: Error | null, found: unknown) => (error ? fail(error) : done(found));
    reach.lookup(hostname, { all } as never, answered as never);
  });

const ecr = new URL('https://111122223333.dkr.ecr.us-west-2.amazonaws.com');

describe('storage of AWS', () => {
  it.each([
    'prod-us-west-2-starport-layer-bucket.s3.us-west-2.amazonaws.com',
    'bucket.s3.dualstack.us-west-2.amazonaws.com',
    'bucket.s3-us-west-2.amazonaws.com',
    'bucket.s3-fips.us-gov-west-1.amazonaws.com',
    's3.us-west-2.amazonaws.com',
    'bucket.s3.cn-north-1.amazonaws.com.cn',
    'bucket.vpce-0a-1b.s3.us-west-2.vpce.amazonaws.com',
  ])('%s may have a private address, but no other', async (hostname) => {
    expect(await resolve(reachFrom(ecr, knowing('10.0.0.1')), hostname)).toEqual([{ address: '10.0.0.1', family: 4 }]);
    for (const address of ['127.0.0.1', '169.254.169.254']) {
      await expect(resolve(reachFrom(ecr, knowing(address)), hostname)).rejects.toThrow('sent the request on');
    }
  });

  it.each([
    'internal-lb-1.us-west-2.elb.amazonaws.com',
    's3.my-lb.us-west-2.elb.amazonaws.com',
    's3.us-west-2.amazonaws.com.example.com',
    'ec2-10-0-0-1.us-west-2.compute.amazonaws.com',
    'registry.example.com',
  ])('%s is none', async (hostname) => {
    await expect(resolve(reachFrom(ecr, knowing('10.0.0.1')), hostname)).rejects.toThrow('has a private address');
  });
});

it('of the addresses of a name only those that may be reached are given', async () => {
  const reach = reachFrom(ecr, knowing('10.0.0.1', '8.8.8.8'));
  expect(await resolve(reach, 'example.com')).toEqual([{ address: '8.8.8.8', family: 4 }]);
  expect(await resolve(reach, 'example.com', false)).toBe('8.8.8.8');
});

it('a registry at a private address may send on to others, once it has answered from there', async () => {
  const reach = reachFrom(ecr, knowing('10.0.0.1', '8.8.8.8'));
  const other = new URL('https://10.0.0.9/token');
  await resolve(reach, ecr.hostname);
  reach.answered(ecr.hostname, '8.8.8.8');
  // It was only named: its name server may name any address.
  expect(() => reach.check(other)).toThrow('has a private address');
  reach.answered('evil.example.com', '10.0.0.1');
  reach.answered(ecr.hostname, '10.0.0.7');
  expect(() => reach.check(other)).toThrow('has a private address');
  reach.answered(ecr.hostname, '10.0.0.1');
  expect(() => reach.check(other)).not.toThrow();
  expect(() => reach.check(new URL('https://127.0.0.1/'))).toThrow('has a loopback address');
});

it.each([
  ['https://10.0.0.1', 'https://10.0.0.2', true],
  ['https://10.0.0.1', 'http://10.0.0.2', false],
  ['https://10.0.0.1', 'https://127.0.0.1', false],
  ['http://127.0.0.1:5000', 'http://127.0.0.1:80', true],
  ['http://localhost:5000', 'http://[::1]:80', true],
  ['http://127.0.0.1:5000', 'https://localhost', true],
  ['http://127.0.0.1:5000', 'http://10.0.0.1', false],
  ['http://127.0.0.1:5000', 'http://example.com', false],
  ['http://127.0.0.1:5000', 'https://10.0.0.1', false],
  ['https://localhost:5000', 'http://127.0.0.1', false],
  ['https://registry.example.com', 'https://registry.example.com:8443', true],
  ['https://registry.example.com', 'https://example.com', true],
  ['https://registry.example.com', 'ftp://example.com', false],
  ['https://registry.example.com', 'data:text/plain,x', false],
  ['http://127.0.0.1:5000', 'https://169.254.169.254', false],
  ['https://169.254.1.1', 'https://169.254.169.254', false],
])('%s may send on to %s: %s', (base, to, may) => {
  const check = () => reachFrom(new URL(base)).check(new URL(to));
  if (may) expect(check).not.toThrow();
  else expect(check).toThrow(/^the registry sent the request on to /);
});
