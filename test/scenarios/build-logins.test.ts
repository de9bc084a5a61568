import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Asked,
  type HostileServer,
  imageOf,
  layerOf,
  openHostileRegistry,
  type Reply,
} from '../support/hostile-registry';
import { expectRefused, type HostileScene, openHostileScene } from './hostile-scene';

const password = 'hunter2-of-the-registry';
const basic = `Basic ${Buffer.from(`me:${password}`).toString('base64')}`;
const auth = basic.slice('Basic '.length);

let scene: HostileScene;
beforeEach(async () => {
  scene = await openHostileScene();
});
afterEach(() => scene.close());

/** A registry with the image `base:1`; `first` answers before it. */
async function registry(first: (request: Asked) => Reply | undefined): Promise<HostileServer> {
  const image = imageOf([await layerOf({ a: 'a' })]);
  return scene.keep(await openHostileRegistry({ '1': image }, first));
}

const wanting =
  (accepted: string, challenge = 'Basic realm="r"') =>
  ({ headers }: Asked): Reply | undefined =>
    headers.authorization === accepted ? undefined : { status: 401, headers: { 'www-authenticate': challenge } };

const folder = () => join(scene.source, '..', 'docker');

/** Builds FROM a registry with this configuration of Docker, and helpers as shell scripts. */
function build({ host }: HostileServer, config: unknown, helpers: Record<string, string> = {}) {
  mkdirSync(folder(), { recursive: true });
  writeFileSync(join(folder(), 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));
  for (const [name, script] of Object.entries(helpers)) {
    writeFileSync(join(folder(), `docker-credential-${name}`), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder(), `docker-credential-${name}`), 0o755);
  }
  const env = { DOCKER_CONFIG: folder(), PATH: `${folder()}:${process.env['PATH']}`, XDG_RUNTIME_DIR: folder() };
  return scene.build(`${host}/base:1`, undefined, { env });
}

const secretsOf = (output: string) => [password, auth].filter((secret) => output.includes(secret));

describe('a base image of a registry with a login', () => {
  const answer = `read server; echo "$server" > "$DOCKER_CONFIG/asked"; echo '{"Username":"me","Secret":"${password}"}'`;

  it.each<[string, (host: string) => unknown]>([
    ['written by docker login', (host) => ({ auths: { [host]: { auth } } })],
    ['under an address', (host) => ({ auths: { [`https://${host}/v1/`]: { auth } } })],
    ['for a part of it', (host) => ({ auths: { [host]: {}, [`${host}/base`]: { auth } } })],
    ['in a store', () => ({ credsStore: 'kept' })],
    ['in the store of a registry', (host) => ({ credHelpers: { [host]: 'kept' }, credsStore: 'none' })],
  ])('is read with the login that is %s', async (_, config) => {
    const server = await registry(wanting(basic));
    const { status, errors, output } = await build(server, config(server.host), { kept: answer });
    expect([status, errors, secretsOf(output)]).toEqual([0, [], []]);
  });

  it.each([
    ['under its name', (host: string) => ({ auths: { 'other.example': { auth }, [`${host}0`]: { auth } } })],
    ['for another part of it', (host: string) => ({ auths: { [`${host}/other`]: { auth } } })],
  ])('is asked without a login that is not %s', async (_, config) => {
    const server = await registry(() => undefined);
    const { status } = await build(server, config(server.host));
    expect([status, server.asked.some(({ headers }) => headers.authorization)]).toEqual([0, false]);
  });

  it('is read with a token that an identity token is good for', async () => {
    const server = await registry((request) => {
      if (!request.path.startsWith('/token'))
        return wanting('Bearer short', `Bearer realm="http://${server.host}/token",service="s",scope="x"`)(request);
      const sent = Object.fromEntries(new URLSearchParams(request.body.toString()));
      const isRight = sent['grant_type'] === 'refresh_token' && sent['refresh_token'] === password;
      return isRight ? { status: 200, body: '{"access_token":"short"}' } : { status: 401 };
    });
    const { status, errors, output } = await build(server, {
      auths: { [server.host]: { auth: 'MDA6', identitytoken: password } },
    });
    expect([status, errors, secretsOf(output)]).toEqual([0, [], []]);
  });

  it('shows the login to no other host: not to the storage, and not to a token service elsewhere', async () => {
    const elsewhere = scene.keep(
      await registry(({ path }) => (path.startsWith('/token') ? { status: 401 } : undefined)),
    );
    const storing = await registry((request) => {
      if (!request.path.includes('/blobs/')) return wanting(basic)(request);
      return { status: 307, headers: { location: `http://${elsewhere.host}${request.path}` } };
    });
    expect((await build(storing, { auths: { [storing.host]: { auth } } })).status).toBe(0);
    const asking = await registry(wanting('Bearer x', `Bearer realm="http://${elsewhere.host}/token"`));
    const refused = await build(asking, { auths: { [asking.host]: { auth } } });
    expect(refused.errors).toEqual([expect.stringContaining('the login is not sent to 127.0.0.1')]);
    expect(elsewhere.asked.length).toBeGreaterThan(1);
    expect(elsewhere.asked.filter(({ headers }) => headers.authorization)).toEqual([]);
    expect(secretsOf(refused.output)).toEqual([]);
  });

  it.each<[string, unknown, Record<string, string>, RegExp]>([
    ['is missing', { credHelpers: { HOST: 'absent' } }, {}, /docker-credential-absent is not installed/],
    [
      'fails',
      { credHelpers: { HOST: 'bad' } },
      { bad: 'echo broken >&2; exit 3' },
      /bad failed with status 3 \(broken\)/,
    ],
    ['says nothing', { credHelpers: { HOST: 'bad' } }, { bad: 'exit 0' }, /docker-credential-bad returned no login/],
    [
      'says nonsense',
      { credHelpers: { HOST: 'bad' } },
      { bad: 'echo "{{["' },
      /docker-credential-bad returned no login/,
    ],
    ['is a path', { credHelpers: { HOST: '../bad' } }, {}, /not the name of a program/],
    ['stands in a broken file', '{', {}, /config\.json is not JSON/],
  ])('is read without a login whose helper %s, and told where that is refused', async (_, config, helpers, problem) => {
    const textFor = (host: string) =>
      typeof config === 'string' ? config : JSON.stringify(config).replaceAll('HOST', host);
    const open = await registry(() => undefined);
    const read = await build(open, textFor(open.host), helpers);
    expect([read.status, read.output]).toEqual([0, expect.stringMatching(problem)]);
    const closed = await registry(wanting(basic));
    const refused = await build(closed, textFor(closed.host), helpers);
    expect([refused.status, refused.errors]).toEqual([2, [expect.stringMatching(problem)]]);
  });

  it('is read without a login that is not accepted any more', async () => {
    const server = await registry(({ headers }) => (headers.authorization ? { status: 401 } : undefined));
    const { status, output } = await build(server, { auths: { [server.host]: { auth } } });
    expect([status, output]).toEqual([0, expect.stringContaining('the login of docker login was not accepted')]);
  });

  it('is refused in one line without a login', async () => {
    const server = await registry(wanting(basic));
    const result = await build(server, {});
    expectRefused(scene, result, /does not allow reading .*base:1 \(status 401\); check its name, and log in to that/);
  });
});
