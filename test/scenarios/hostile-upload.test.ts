import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Asked, type HostileServer, openServer, type Reply } from '../support/hostile-registry';
import { expectRefused, type HostileScene, openHostileScene } from './hostile-scene';

let scene: HostileScene;
beforeEach(async () => {
  scene = await openHostileScene();
});
afterEach(() => scene.close());

/** A registry that takes everything but what `first` answers. */
async function openTarget(first: (request: Asked) => Reply | undefined): Promise<HostileServer> {
  const manifests = new Map<string, string>();
  return scene.keep(
    await openServer((request) => {
      const own = first(request);
      if (own) return own;
      const { method, path, headers, body } = request;
      if (method === 'POST') return { status: 202, headers: { location: `http://${headers.host}/v2/up/1` } };
      if (method === 'PUT') {
        if (path.includes('/manifests/')) manifests.set(path, body.toString());
        return { status: 201 };
      }
      const stored = manifests.get(path);
      return stored && method === 'GET' ? { status: 200, body: stored } : { status: stored ? 200 : 404 };
    }),
  );
}

const push = (target: HostileServer) => scene.run({ registry: target.host, tags: 'v1' });
const authorized = ({ asked }: HostileServer) =>
  asked.filter(({ headers }) => headers.authorization !== undefined).length;
const methods = ({ asked }: HostileServer) => asked.map(({ method }) => method);

describe('the address of an upload', () => {
  it.each([
    ['none', undefined, 'it begins an upload without an address'],
    ['an empty one', '', 'it begins an upload without an address'],
    ['one that is none', 'http://[', 'which is not an address'],
    ['one of a port that is none', 'https://a:99999/', 'which is not an address'],
    ['one in clear text', 'http://example.com/x', 'http://example.com, which is not encrypted'],
    ['a file', 'file:///etc/passwd', 'which is not encrypted'],
    ['the metadata of the machine', 'https://169.254.169.254/x', 'which has a link-local address'],
    ['an address of IPv6 for it', 'https://[fd00:ec2::254]/x', 'which has a link-local address'],
    ['a private address', 'https://10.0.0.1/x', 'which has a private address'],
    ['a private address as a number', 'https://0x0a000001/x', 'which has a private address'],
  ])('%s is one clear line', async (_, location, reason) => {
    const headers: Record<string, string> = location === undefined ? {} : { location };
    const target = await openTarget(({ method }) => (method === 'POST' ? { status: 202, headers } : undefined));
    const line = new RegExp(`^Error: cannot push to ${target.host}/team/app: .*${reason}.*; check the`);
    expectRefused(scene, await push(target), line);
    expect(methods(target).filter((method) => method === 'PUT')).toEqual([]);
  });

  it('on another host gets the bytes and no login', async () => {
    const storage = scene.keep(await openServer(() => ({ status: 201 })));
    const headers = { location: `http://${storage.host}/put?sig=1` };
    const target = await openTarget(({ method }) => (method === 'POST' ? { status: 202, headers } : undefined));
    const { status, errors } = await push(target);
    expect([status, errors]).toEqual([0, []]);
    expect(storage.asked.length).toBeGreaterThan(0);
    expect([authorized(storage), authorized(target)]).toEqual([0, target.asked.length]);
  });
});

describe('a registry that asks for tokens', () => {
  const challenge = (realm: string): Reply => ({
    status: 401,
    headers: { 'www-authenticate': `Bearer realm="${realm}",service="s"` },
  });

  it('elsewhere does not get the login sent there', async () => {
    const tokens = scene.keep(await openServer(() => ({ status: 200, body: '{"token":"t1"}' })));
    const target = await openTarget(({ headers }) =>
      headers.authorization === 'Bearer t1' ? undefined : challenge(`http://${tokens.host}/token`),
    );
    const { status, errors } = await push(target);
    expect([status, errors]).toEqual([0, []]);
    expect([tokens.asked.length > 0, authorized(tokens)]).toEqual([true, 0]);
  });

  it.each([
    ['in clear text', 'http://example.com/token', 'which is not encrypted'],
    ['of the machine', 'https://169.254.169.254/latest', 'which has a link-local address'],
    ['of the machine as a number', 'https://2852039166/latest', 'which has a link-local address'],
    ['of a private network', 'https://192.168.1.1/', 'which has a private address'],
    ['of no address', 'hello', 'which is not an address'],
    ['of an endless address', `https://example.com/${'x'.repeat(3_000)}`, 'which is not an address'],
  ])('%s is one clear line', async (_, realm, reason) => {
    const target = await openTarget(() => challenge(realm));
    expectRefused(scene, await push(target), new RegExp(`^Error: cannot push to .*${reason}; `));
  });

  it.each([
    ['nothing', '{}'],
    ['null', 'null'],
    ['a text', 'hello'],
    ['a number', '{"token":5}'],
    ['two lines', '{"token":"a\\r\\nx: y"}'],
    ['an endless token', JSON.stringify({ token: 'x'.repeat(70_000) })],
    ['an endless answer', JSON.stringify({ x: 'x'.repeat(300_000), token: 't' })],
  ])('and gives %s is one clear line', async (_, body) => {
    const tokens = scene.keep(await openServer(() => ({ status: 200, body })));
    const target = await openTarget(() => challenge(`http://${tokens.host}/token`));
    expectRefused(scene, await push(target), /^Error: cannot push to .*(returns no usable token|is larger than)/);
    // One for each layer that is looked up at the same time; none again.
    expect(tokens.asked.length).toBeLessThanOrEqual(3);
  });
});

it('a redirect takes no login to another host, and none that is not encrypted is followed', async () => {
  const storage = scene.keep(await openServer(() => ({ status: 404 })));
  const target = await openTarget(({ method, path }) =>
    method === 'HEAD' && path.includes('/blobs/')
      ? { status: 307, headers: { location: `http://${storage.host}/blob` } }
      : undefined,
  );
  expect((await push(target)).status).toBe(0);
  expect([storage.asked.length > 0, authorized(storage)]).toEqual([true, 0]);
});

it('a redirect in circles ends', async () => {
  const target = await openTarget(({ method, path }) =>
    method === 'HEAD' ? { status: 307, headers: { location: path } } : undefined,
  );
  expectRefused(scene, await push(target), /^Error: cannot push to .*it was sent on 5 times; /);
  expect(target.asked.length).toBeLessThan(20);
});
