import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { expectRefused, type HostileScene, openHostileScene } from '../scenarios/hostile-scene';
import { registryCertificate } from '../support/certificate';
import {
  type Asked,
  type HostileServer,
  imageOf,
  layerOf,
  openHostileRegistry,
  openServer,
  type Reply,
  type StoredImage,
} from '../support/hostile-registry';
import { openProxy } from '../support/proxy';

let scene: HostileScene;
let image: StoredImage;
/** Node reads what it shall trust from a file. */
const trusted = mkdtempSync(join(tmpdir(), 'trusted-'));
const certificate = join(trusted, 'certificate.pem');
beforeAll(async () => {
  writeFileSync(certificate, registryCertificate.cert);
  image = imageOf([await layerOf({ a: 'a' })]);
});
beforeEach(async () => {
  scene = await openHostileScene();
});
afterEach(() => scene.close());

afterAll(() => rmSync(trusted, { recursive: true, force: true }));

const fakeDns = join(__dirname, '../support/fake-dns.cjs');

describe('a registry input that is not a registry of ECR', () => {
  it.each([
    'abc123.execute-api.us-east-1.amazonaws.com',
    'abc123.lambda-url.us-east-1.on.aws',
    'https://my-lb-1.us-east-1.elb.amazonaws.com/',
    '111122223333.dkr.ecr.us-east-1.amazonaws.com.evil.com',
    'x.vpce-svc-0123456789abcdef0.us-east-1.vpce.amazonaws.com',
    'registry.example.com',
  ])('%s is refused before the password is asked for', async (registry) => {
    const result = await scene.run({ registry, tags: 'v1' });
    expectRefused(scene, result, /^Error: registry: must be a private registry of Amazon ECR, got "/);
    expect([result.status, scene.aws.calls]).toEqual([2, []]);
  });

  it('on this machine is refused where the environment names no endpoint', async () => {
    const thief = scene.keep(await openServer(() => ({ status: 200 })));
    const env = { AWS_ENDPOINT_URL: undefined };
    const result = await scene.run({ registry: thief.host, tags: 'v1' }, { env });
    expectRefused(scene, result, /^Error: registry: is on this machine, but AWS_ENDPOINT_URL names no ECR/);
    expect([result.status, thief.asked]).toEqual([2, []]);
  });
});

describe('a registry behind a proxy', () => {
  let proxy: Awaited<ReturnType<typeof openProxy>>;
  beforeEach(async () => {
    proxy = await openProxy();
  });
  afterEach(() => proxy.close());

  /** Builds FROM a registry by name over https; every name is this machine for the proxy. */
  async function build(first: (request: Asked, port: string) => Reply | undefined) {
    let port = '';
    const registry = scene.keep(await openHostileRegistry({ evil: image }, (request) => first(request, port), true));
    port = registry.host.split(':')[1]!;
    const env = { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: certificate };
    scene.write({ Dockerfile: `FROM registry.example:${port}/x:evil\nCOPY server.js /\n` });
    const result = await scene.runBundle({ tags: 'v1' }, { env });
    return { ...result, registry };
  }
  const challenge = (realm: string): Reply => ({
    status: 401,
    headers: { 'www-authenticate': `Bearer realm="${realm}"` },
  });

  it.each([
    'http://127.0.0.1:PORT',
    'https://127.0.0.1:PORT',
    'https://a.localhost:PORT',
    'https://0x7f.1:PORT',
    'https://[::ffff:127.0.0.1]:PORT',
    'https://169.254.169.254',
  ])('sends nobody on to %s', async (address) => {
    const thief = scene.keep(await openServer(() => ({ status: 200, body: '{"token":"t"}' })));
    const there = address.replace('PORT', thief.host.split(':')[1]!);
    for (const reply of [challenge(`${there}/token`), { status: 307, headers: { location: `${there}/blob` } }]) {
      const result = await build(({ path }) => (path.includes('/manifests/') ? reply : undefined));
      expectRefused(
        scene,
        result,
        /the registry sent the request on to \S+, which (has a \S+ address|is not encrypted); /,
      );
    }
    expect([thief.asked, thief.malformed]).toEqual([[], []]);
  });

  it('may ask for tokens and keep its layers at other hosts of the same name', async () => {
    const seen: Asked[] = [];
    const result = await build((request, port) => {
      seen.push(request);
      if (request.path === '/token') return { status: 200, body: '{"access_token":"t1"}' };
      const isAuthorized = request.headers.authorization === 'Bearer t1';
      if (request.path.startsWith('/v2/') && !isAuthorized)
        return challenge(`https://auth.registry.example:${port}/token`);
      const [, digest] = /^\/v2\/.*\/blobs\/(.*)$/.exec(request.path) ?? [];
      if (digest)
        return { status: 307, headers: { location: `https://blobs.registry.example:${port}/blobs/${digest}` } };
      return undefined;
    });
    expect([result.status, result.errors]).toEqual([0, []]);
    const storage = seen.filter(({ path }) => path.startsWith('/blobs/'));
    expect(storage).toHaveLength(2);
    expect(storage.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  });
});

describe('names', () => {
  async function build(realm: string, dns: Record<string, string>) {
    let port = '';
    const registry = await openHostileRegistry(
      { evil: image },
      ({ path, headers }) => {
        if (path === '/token') return { status: 200, body: '{"token":"t1"}' };
        if (headers.authorization === 'Bearer t1') return undefined;
        return { status: 401, headers: { 'www-authenticate': `Bearer realm="https://${realm}:${port}/token"` } };
      },
      true,
    );
    port = scene.keep(registry).host.split(':')[1]!;
    const env = { FAKE_DNS: JSON.stringify(dns), NODE_EXTRA_CA_CERTS: certificate };
    const options = { env, nodeArguments: ['--require', fakeDns] };
    scene.write({ Dockerfile: `FROM registry.example:${port}/x:evil\nCOPY server.js /\n` });
    return scene.runBundle({ tags: 'v1' }, options);
  }

  it.each([
    ['169.254.169.254', 'link-local'],
    ['fd00:ec2::254', 'link-local'],
    ['::ffff:192.168.0.1', 'private'],
  ])('that resolve to %s are not connected to', async (address, kind) => {
    const result = await build('auth.registry.example', {
      'registry.example': '127.0.0.1',
      'auth.registry.example': address,
    });
    const said = new RegExp(`the registry sent the request on to auth.registry.example, which has a ${kind} address; `);
    expectRefused(scene, result, said);
  });

  it('that resolve to where the registry itself is are', async () => {
    const dns = { 'registry.example': '127.0.0.1', 'auth.registry.example': '127.0.0.1' };
    const { status, errors } = await build('auth.registry.example', dns);
    expect([status, errors]).toEqual([0, []]);
  });
});

describe('an ECR that answers something else', () => {
  const token = Buffer.from('AWS:the-password-of-ecr').toString('base64');

  /** An AWS that answers these bodies by operation, as far as anybody gets. */
  async function run(
    answers: Readonly<Record<string, unknown>>,
  ): Promise<{ aws: HostileServer; errors: readonly string[] }> {
    let own = '';
    const aws = scene.keep(
      await openServer(({ headers }) => {
        const [, operation = ''] = String(headers['x-amz-target'] ?? '').split('.');
        const login = { authorizationData: [{ authorizationToken: token, proxyEndpoint: `http://${own}` }] };
        const all: Record<string, unknown> = { GetAuthorizationToken: login, DescribeRepositories: {}, ...answers };
        const body = all[operation];
        if (body === undefined) return { status: 404 };
        const text = typeof body === 'string' ? body.replace('OWN', own) : JSON.stringify(body).replace('OWN', own);
        return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: text };
      }),
    );
    own = aws.host;
    const result = await scene.run({ tags: 'v1' }, { env: { AWS_ENDPOINT_URL: `http://${own}` } });
    expectRefused(scene, result, /^Error: cannot /);
    expect(result.output).not.toContain('the-password-of-ecr');
    return { aws, errors: result.errors };
  }

  const login = (authorizationToken: unknown, proxyEndpoint: unknown = 'http://OWN') => ({
    GetAuthorizationToken: { authorizationData: [{ authorizationToken, proxyEndpoint }] },
  });
  const reached = ({ asked }: HostileServer) => asked.filter(({ path }) => path.startsWith('/v2/')).length;

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['a login of another type', { GetAuthorizationToken: { authorizationData: 'x' } }],
    ['a document that is null', { GetAuthorizationToken: 'null' }],
    ['a document that is none', { GetAuthorizationToken: '<html>' }],
    ['a token that is a number', login(5)],
    ['a password of two lines', login(Buffer.from('AWS:a\r\nx: y').toString('base64'))],
    ['an address that is none', login(token, 'registry of yours')],
    ['the metadata of the machine', login(token, 'https://169.254.169.254')],
    ['a rented address', login(token, 'https://abc123.execute-api.us-east-1.amazonaws.com')],
    ['a rule for tags that is a number', { DescribeRepositories: { repositories: [{ imageTagMutability: 5 }] } }],
    [
      'filters that are a number',
      {
        DescribeRepositories: {
          repositories: [{ imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', imageTagMutabilityExclusionFilters: [5] }],
        },
      },
    ],
    ['a digest that is a path', { DescribeImages: { imageDetails: [{ imageDigest: 'sha256:../../x' }] } }],
  ])('%s is one clear line, and nobody gets the password', async (_, answers) => {
    const { aws } = await run(answers);
    expect(reached(aws)).toBe(0);
  });
});
