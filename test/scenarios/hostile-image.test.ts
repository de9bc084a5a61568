import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  bytesOf,
  digestOf,
  type HostileServer,
  imageOf,
  type Layer,
  layerOf,
  openHostileRegistry,
  type Reply,
  type StoredImage,
  type Twist,
} from '../support/hostile-registry';
import { expectRefused, type HostileScene, openHostileScene } from './hostile-scene';

let scene: HostileScene;
let layer: Layer;
beforeAll(async () => {
  layer = await layerOf({ 'etc/motd': 'hello' });
});
beforeEach(async () => {
  scene = await openHostileScene();
});
afterEach(() => scene.close());

type First = Parameters<typeof openHostileRegistry>[1];

async function open(image: StoredImage | Record<string, StoredImage>, first?: First): Promise<HostileServer> {
  const images = 'manifest' in image ? { evil: image as StoredImage } : image;
  return scene.keep(await openHostileRegistry(images, first));
}

const gets = ({ asked }: HostileServer, part: string) => asked.filter(({ path }) => path.includes(part)).length;

/** The layer in zstd: the frame of raw blocks that holds its archive (RFC 8878). */
function zstdOf({ bytes, diffId }: Layer): Layer {
  const tar = gunzipSync(bytes);
  const header = Buffer.alloc(9);
  header.writeUInt32LE(0xfd2fb528);
  header.set([0, 0x58], 4);
  header.writeUIntLE((tar.length << 3) | 1, 6, 3);
  const mediaType = 'application/vnd.oci.image.layer.v1.tar+zstd';
  return { mediaType, bytes: Buffer.concat([header, tar]), diffId };
}

/** What stands in messages before the reason. */
const unreadable = (reason: string) => new RegExp(`cannot read the base image \\S+/x:evil from \\S+: .*${reason}.*; `);

describe('a manifest', () => {
  type Manifest = Parameters<NonNullable<Twist['manifest']>>[0];
  const inLayer = (fields: object) => (manifest: Manifest) => ({
    ...manifest,
    layers: [{ ...manifest.layers[0], ...fields }],
  });
  const inConfig = (fields: object) => (manifest: Manifest) => ({
    ...manifest,
    config: { ...manifest.config, ...fields },
  });

  it.each<[string, NonNullable<Twist['manifest']>, string]>([
    ['that is not JSON', () => 'hello\u001b[31m\n::error::x', 'its manifest is not JSON'],
    ['that is null', () => 'null', 'its manifest must be an object, got null'],
    ['of schema 1', (one) => ({ ...one, schemaVersion: 1, fsLayers: [] }), 'obsolete schema 1'],
    ['whose layers are a text', (one) => ({ ...one, layers: 'x' }), 'layers must be a list'],
    ['with a digest that is a path', inLayer({ digest: `sha256:${'/..'.repeat(20)}/tmp/x` }), 'must be a digest'],
    ['with a negative size', inLayer({ size: -1 }), 'must be a number of bytes, got -1'],
    ['with a type of two lines', inLayer({ mediaType: 'a/b\r\nx: y' }), 'must be a media type'],
    ['with a huge configuration', inConfig({ size: 9 * 1024 * 1024 }), 'configuration has 9437184 bytes; at most'],
    ['that is huge', (one) => ({ ...one, x: 'x'.repeat(4 * 1024 * 1024) }), 'has more bytes; at most 4194304'],
  ])('%s is refused', async (_, manifest, reason) => {
    const server = await open(imageOf([layer], { manifest }));
    expectRefused(scene, await scene.build(`${server.host}/x:evil`), unreadable(reason));
    expect([gets(server, '/manifests/'), gets(server, '/blobs/')]).toEqual([1, 0]);
  });

  it('with the path of a file as a digest writes no file, whatever comes', async () => {
    const target = join(scene.temp, '..', 'victim');
    const digest = `sha256:${'/..'.repeat(20)}${target}`;
    const dripping: Reply = (response) => {
      response.writeHead(200);
      response.write('evil');
    };
    const first: First = ({ path }) => (path.includes('/manifests/') ? undefined : dripping);
    const server = await open(imageOf([layer], { manifest: inLayer({ digest, size: 1_000 }) }), first);
    const result = await scene.build(`${server.host}/x:evil`);
    expectRefused(scene, result, unreadable('must be a digest'));
    expect(existsSync(target)).toBe(false);
  });

  it.each([
    [
      'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
      'that may not be distributed by others .*; use a base',
    ],
    ['application/vnd.oci.image.layer.nondistributable.v1.tar+gzip', 'that may not be distributed by others .*; use a'],
    ['application/vnd.cncf.helm.chart.content.v1.tar+gzip', 'of the type \\S+helm\\S+ which is none .*; name another'],
  ])('with a layer of the type %s is refused with the reason', async (mediaType, reason) => {
    const server = await open(imageOf([layer], { manifest: inLayer({ mediaType }) }));
    const line = new RegExp(`^Error: Dockerfile:1 FROM: \\S+ has a layer ${reason}`);
    expectRefused(scene, await scene.build(`${server.host}/x:evil`), line);
  });

  it('whose digest is said in a form that is none is refused', async () => {
    const image = imageOf([layer]);
    const headers = { 'docker-content-digest': `sha256:${'x'.repeat(64)}` };
    const server = await open(image, ({ path }) =>
      path.includes('/manifests/') ? { status: 200, headers, body: image.manifest } : undefined,
    );
    expectRefused(scene, await scene.build(`${server.host}/x:evil`), unreadable('Docker-Content-Digest'));
  });
});

describe('a configuration', () => {
  const inConfig = (fields: object) => (config: object) => ({ ...config, config: fields });

  it.each<[string, NonNullable<Twist['config']>, string]>([
    ['that is null', () => 'null', 'its configuration must be an object'],
    ['without layers', ({ rootfs: _, ...one }) => one, 'rootfs of its configuration must be an object, got nothing'],
    ['with too many layers', (one) => ({ ...one, rootfs: { diff_ids: ['a', 'b'] } }), '2 diff_ids for 1 layers'],
    ['with variables that are a text', inConfig({ Env: 'A=b' }), 'Env of its configuration must be a list'],
    ['that is nested without end', () => `{"rootfs":{},"x":${'['.repeat(1e6)}${']'.repeat(1e6)}}`, 'nested too deeply'],
  ])('%s is refused', async (name, config, reason) => {
    const server = await open(imageOf(name.includes('without end') ? [] : [layer], { config }));
    expectRefused(scene, await scene.build(`${server.host}/x:evil`), unreadable(reason));
    expect(gets(server, '/blobs/')).toBe(1);
  });
});

it.each(['configuration', 'layer'])(
  'an image whose %s the registry does not have is refused, with what to do',
  async (part) => {
    const image = imageOf([layer]);
    const missing =
      part === 'layer' ? digestOf(layer.bytes) : /"config":.*?(sha256:\w+)/.exec(`${image.manifest}`)![1]!;
    const server = await open(image, ({ path }) => (path.includes(missing) ? { status: 404 } : undefined));
    const { status, errors } = await scene.build(`${server.host}/x:evil`, 'COPY server.js /etc/\n');
    expect(status).not.toBe(0);
    expect(errors.join()).toMatch(
      /cannot read the base image \S+ from .*404.*; use another image, or build and push it/,
    );
  },
);

describe('an index', () => {
  const descriptor = ({ digest, manifest }: StoredImage, fields: object = {}) => ({
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest,
    size: manifest.length,
    platform: { os: 'linux', architecture: 'amd64' },
    ...fields,
  });
  function indexOf(...manifests: unknown[]): StoredImage {
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    const manifest = bytesOf({ schemaVersion: 2, mediaType, manifests });
    return { digest: digestOf(manifest), manifest, blobs: new Map() };
  }

  it.each<[string, (image: StoredImage) => unknown[], string]>([
    ['a child that is a tag', (image) => [descriptor(image, { digest: 'evil' })], 'must be a digest'],
    [
      'a variant that is an object',
      (image) => [descriptor(image, { platform: { os: 'linux', architecture: 'arm', variant: {} } })],
      'variant must be a short string',
    ],
    [
      'a child that is smaller',
      (image) => [descriptor(image, { size: image.manifest.length + 1 })],
      'that the index says',
    ],
  ])('with %s is refused', async (_, children, reason) => {
    const image = imageOf([layer]);
    const server = await open({ evil: indexOf(...children(image)), image });
    expectRefused(scene, await scene.build(`${server.host}/x:evil`), unreadable(reason));
    expect(server.asked.length).toBeLessThanOrEqual(2);
  });

  it('that leads through indexes without end is left after a few', async () => {
    const chain = [indexOf(descriptor(imageOf([layer])))];
    for (let at = 0; at < 20; at++) chain.unshift(indexOf(descriptor(chain[0]!)));
    const images = Object.fromEntries(chain.map((index, at) => [at === 0 ? 'evil' : `n${at}`, index]));
    const server = await open(images);
    expectRefused(scene, await scene.build(`${server.host}/x:evil`), unreadable('more than 3 nested indexes'));
    expect(gets(server, '/manifests/')).toBeLessThanOrEqual(4);
  });

  it('without a fitting platform says so', async () => {
    const server = await open(
      indexOf(...Array(900).fill(descriptor(imageOf([layer]), { platform: { os: 'plan9', architecture: 'mips' } }))),
    );
    const result = await scene.build(`${server.host}/x:evil`);
    expectRefused(
      scene,
      result,
      /^Error: Dockerfile:1 FROM: \S+ is not available for linux\/\w+, only for plan9\/mips; name another image, or set platforms$/,
    );
  });

  it('in an index works, as do indexes of Docker', async () => {
    const image = imageOf([layer]);
    const inner = indexOf(descriptor(image));
    const outer = indexOf(descriptor(inner, { annotations: { a: 'b' }, urls: [] }));
    const server = await open({ odd: outer, inner, image });
    const { status, errors } = await scene.build(`${server.host}/x:odd`);
    expect([status, errors]).toEqual([0, []]);
  });
});

describe('what is merely odd', () => {
  const zeros: Layer = {
    mediaType: 'application/vnd.oci.image.layer.v1.tar',
    bytes: Buffer.alloc(1024),
    diffId: digestOf(Buffer.alloc(1024)),
  };
  const dockerTar = 'application/vnd.docker.image.rootfs.diff.tar';

  function pushedTypes(): string[] {
    const { tags, images } = scene.aws.ecr.repository('team/app');
    const { layers } = JSON.parse(images.get(tags.get('v1')!)!.manifest.toString()) as { layers: Layer[] };
    return layers.map(({ mediaType }) => mediaType);
  }

  it.each<[string, Twist]>([
    [
      'null where Docker writes it',
      {
        config: (config) => ({
          ...config,
          container: '',
          config: {
            Hostname: '',
            User: '',
            Env: null,
            Cmd: null,
            Entrypoint: null,
            OnBuild: null,
            Labels: null,
            Volumes: null,
            ExposedPorts: null,
            Shell: null,
            Healthcheck: null,
          },
          history: null,
        }),
      },
    ],
    ['no container', { config: ({ config: _, ...rest }) => rest }],
    ['a container that is null', { config: (config) => ({ ...config, config: null }) }],
    [
      'the types of Docker',
      {
        manifest: ({ layers, config, ...rest }) => ({
          ...rest,
          mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
          config: { ...config, mediaType: 'application/vnd.docker.container.image.v1+json' },
          layers: layers.map((one) => ({ ...one, mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip' })),
        }),
      },
    ],
    [
      'fields of artefacts',
      {
        manifest: ({ layers, ...rest }) => ({
          ...rest,
          artifactType: 'application/vnd.example',
          subject: null,
          annotations: { a: 'b' },
          layers: layers.map((one) => ({ ...one, urls: ['https://example.com'], annotations: {} })),
        }),
      },
    ],
    ['no type of the manifest', { manifest: ({ mediaType: _, ...rest }) => rest }],
    [
      'no type of the configuration',
      { manifest: ({ config, ...rest }) => ({ ...rest, config: { ...config, mediaType: undefined } }) },
    ],
  ])('%s works', async (_, twist) => {
    const server = await open(imageOf([layer], twist));
    const { status, errors } = await scene.build(`${server.host}/x:evil`);
    expect([status, errors]).toEqual([0, []]);
    expect(scene.aws.ecr.repository('team/app').tags.has('v1')).toBe(true);
    expect(readdirSync(scene.temp)).toEqual([]);
  });

  it('layers that are not compressed, or twice the same, work', async () => {
    const server = await open(imageOf([zeros, layer, zeros, layer]));
    const { status, errors } = await scene.build(`${server.host}/x:evil`);
    expect([status, errors]).toEqual([0, []]);
  });

  it.each(['COPY server.js /etc/\n', 'ENV A=b\n'])(
    'layers that are packed in another way than their type says are pushed as what they are (%j)',
    async (steps) => {
      const [plain, oci, docker] = [gunzipSync(layer.bytes), 'application/vnd.oci.image.layer.v1.tar', dockerTar];
      const wrong: Layer[] = [
        { ...layer, mediaType: oci },
        { ...zstdOf(layer), mediaType: `${docker}.gzip` },
        { ...layer, mediaType: docker },
        { ...layer, mediaType: `${oci}+gzip`, bytes: plain },
        { ...zeros, mediaType: `${docker}.gzip` },
        { ...zeros, mediaType: `${docker}.gzip` },
      ];
      const server = await open(imageOf(wrong));
      const { status, errors } = await scene.build(`${server.host}/x:evil`, steps);
      expect([status, errors]).toEqual([0, []]);
      const kinds = ['+gzip', '+zstd', '+gzip', '', '', ''];
      expect(pushedTypes().slice(0, 6)).toEqual(kinds.map((kind) => `${oci}${kind}`));
      const again = await scene.build(`${server.host}/x:evil`, steps);
      expect([again.status, again.errors]).toEqual([0, []]);
      expect(pushedTypes().slice(0, 6)).toEqual(kinds.map((kind) => `${oci}${kind}`));
    },
  );

  it('layers in zstd are passed on, and files copied into them', async () => {
    const server = await open(imageOf([zstdOf(layer)]));
    for (const steps of ['ENV A=b\n', 'COPY server.js /etc/\n', 'WORKDIR /etc\n']) {
      const { status, errors } = await scene.build(`${server.host}/x:evil`, steps);
      expect([status, errors]).toEqual([0, []]);
    }
  });

  it('layers in zstd that unpack to something else than the configuration says are refused', async () => {
    const server = await open(imageOf([{ ...zstdOf(layer), diffId: digestOf('something else') }]));
    expectRefused(scene, await scene.build(`${server.host}/x:evil`), unreadable(`unpacks to ${layer.diffId}, not to`));
  });
});

it.each(['localhost:99999', 'localhost:0', '127.0.0.999:5000', '1.2.3.400'])(
  'FROM %s/x is one clear line',
  async (host) => {
    expectRefused(scene, await scene.build(`${host}/x`), /^Error: Dockerfile:1 FROM: the image has a registry host/);
  },
);
