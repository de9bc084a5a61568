import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readManifest } from '../local/aws/ecr/manifest';
import { seedBaseImage } from '../local/aws/registry/seed';
import {
  type Asked,
  digestOf,
  type HostileServer,
  imageOf,
  type Layer,
  layerOf,
  openHostileRegistry,
  type Reply,
  type StoredImage,
} from '../support/hostile-registry';
import type { Killable } from '../support/process';
import { expectRefused, type HostileScene, openHostileScene } from './hostile-scene';

let scene: HostileScene;
let layer: Layer;
const noise = Array.from({ length: 4_000 }, (_, at) => createHash('md5').update(String(at)).digest('hex')).join('');
beforeAll(async () => {
  layer = await layerOf({ noise });
});
beforeEach(async () => {
  scene = await openHostileScene();
});
afterEach(() => scene.close());

const digest = () => digestOf(layer.bytes);
const ofLayer = ({ path }: Asked) => path.endsWith(digest());
const asked = (server: HostileServer) => server.asked.filter(ofLayer).length;

async function open(image: StoredImage, first: Parameters<typeof openHostileRegistry>[1] = () => undefined) {
  return scene.keep(await openHostileRegistry({ evil: image }, first));
}

const unreadable = (reason: string) =>
  new RegExp(`cannot read the base image \\S+/x:evil from \\S+: .*${reason}.*; use another`);

/** With COPY the layers are read to know their files, without it only to be checked and passed on. */
const ways = [
  ['read', 'COPY server.js /\n'],
  ['passed on', 'ENV A=b\n'],
] as const;

describe.each(ways)('a layer that is %s', (_, more) => {
  it.each([
    ['smaller', (size: number) => size + 1],
    ['larger', (size: number) => size - 1],
  ])('and is %s than its manifest says is refused at once', async (_, other) => {
    const image = imageOf([layer], {
      manifest: (one) => ({ ...one, layers: [{ ...one.layers[0], size: other(layer.bytes.length) }] }),
    });
    const server = await open(image);
    expectRefused(scene, await scene.build(`${server.host}/x:evil`, more), unreadable('that its manifest says'));
    expect(asked(server)).toBe(1);
  });

  it('and that does not end is left at its size', async () => {
    let sent = 0;
    const endless: Reply = (response) => {
      response.writeHead(200);
      response.write(layer.bytes);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) sent += 65_536;
      };
      response.on('drain', more).on('error', () => {});
      more();
    };
    const server = await open(imageOf([layer]), (request) => (ofLayer(request) ? endless : undefined));
    expectRefused(scene, await scene.build(`${server.host}/x:evil`, more), unreadable('has more bytes, not the'));
    expect(asked(server)).toBe(1);
    // What the connection itself holds, not gigabytes.
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  it('and unpacks to something else than its configuration says is refused', async () => {
    const wrong = digestOf('something else');
    const config = (one: object) => ({ ...one, rootfs: { type: 'layers', diff_ids: [wrong] } });
    const server = await open(imageOf([layer], { config }));
    const said = `its layer ${digest()} unpacks to ${layer.diffId}, not to ${wrong} as its configuration says`;
    expectRefused(scene, await scene.build(`${server.host}/x:evil`, more), unreadable(said));
  });

  it('and was damaged or cut off in transit is read again', async () => {
    const damaged = Buffer.concat([layer.bytes.subarray(0, 900), Buffer.alloc(400), layer.bytes.subarray(1_300)]);
    const cut: Reply = (response) => {
      response.writeHead(200, { 'content-length': layer.bytes.length });
      response.write(layer.bytes.subarray(0, 900), () => response.destroy());
    };
    const replies = [{ status: 200, body: damaged }, cut];
    const server = await open(imageOf([layer]), (request) => (ofLayer(request) ? replies.shift() : undefined));
    const { status, errors } = await scene.build(`${server.host}/x:evil`, more);
    expect([status, errors]).toEqual([0, []]);
    expect(asked(server)).toBe(3);
    expect(readdirSync(scene.temp)).toEqual([]);
  });

  it('is read only once', async () => {
    const server = await open(imageOf([layer]));
    expect((await scene.build(`${server.host}/x:evil`, more)).status).toBe(0);
    expect(asked(server)).toBe(1);
  });
});

describe('a layer that', () => {
  it('whose end is not announced is refused when it is shorter', async () => {
    const chunked: Reply = (response) => void response.writeHead(200).end(layer.bytes.subarray(0, -5));
    const server = await open(imageOf([layer]), (request) => (ofLayer(request) ? chunked : undefined));
    expectRefused(scene, await scene.build(`${server.host}/x:evil`, 'ENV A=b\n'), unreadable('that its manifest says'));
    expect(asked(server)).toBe(1);
  });

  it('stands under two promises is refused for the wrong one', async () => {
    const wrong = digestOf('something else');
    const config = (one: object) => ({ ...one, rootfs: { type: 'layers', diff_ids: [wrong, layer.diffId] } });
    const server = await open(imageOf([layer, layer], { config }));
    expectRefused(scene, await scene.build(`${server.host}/x:evil`, 'ENV A=b\n'), unreadable(`not to ${wrong}`));
  });

  it.each([
    ['is no gzip', Buffer.from('hello, world'), 'cannot be unpacked .incorrect header check'],
    ['is cut off', gzipSync(noise).subarray(0, 500), 'cannot be unpacked .unexpected end of file'],
  ])('%s is refused', async (_, bytes, reason) => {
    const server = await open(imageOf([{ ...layer, bytes }]));
    expectRefused(scene, await scene.build(`${server.host}/x:evil`, 'ENV A=b\n'), unreadable(reason));
  });

  it('has zeros behind its end is read to its end', async () => {
    const bytes = Buffer.concat([layer.bytes, Buffer.alloc(300_000)]);
    const server = await open(imageOf([{ ...layer, bytes }]));
    const { status, errors } = await scene.build(`${server.host}/x:evil`, 'ENV A=b\n');
    expect([status, errors]).toEqual([0, []]);
  });
});

describe('a base image of the registry that is pushed to', () => {
  beforeEach(async () => {
    await seedBaseImage(scene.aws.ecr, { repository: 'team/app', tag: 'base', files: { a: 'a' } });
  });
  const base = () => `${scene.endpoint.registryHost}/team/app:base`;

  it.each(ways)('is refused where a layer that is %s does not match', async (_, more) => {
    const { aws } = scene;
    const repository = aws.ecr.repository('team/app');
    const good = JSON.parse([...repository.images.values()][0]!.manifest.toString());
    const config = JSON.parse(Buffer.concat(await chunksOf(aws.ecr.blobs.read(good.config.digest))).toString());
    const wrong = { ...config, rootfs: { type: 'layers', diff_ids: [digestOf('something else')] } };
    const bytes = Buffer.from(JSON.stringify(wrong));
    repository.blobs.add(aws.ecr.blobs.put(bytes));
    const twisted = { ...good, config: { ...good.config, digest: digestOf(bytes), size: bytes.length } };
    const manifest = Buffer.from(JSON.stringify(twisted));
    aws.ecr.keep(repository, manifest, readManifest(manifest, undefined)!, ['base']);
    const line = /cannot read the base image \S+ from \S+: its layer \S+ unpacks to \S+, not to \S+ as its conf/;
    expectRefused(scene, await scene.build(base(), more), line);
  });

  it.each(ways)('is pushed where a layer that is %s matches', async (_, more) => {
    const { status, errors } = await scene.build(base(), more);
    expect([status, errors]).toEqual([0, []]);
  });
});

async function chunksOf(stream: AsyncIterable<unknown>): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return chunks;
}

describe('time', () => {
  const dripping: Reply = (response) => {
    response.writeHead(200, { 'content-length': 1_000_000 });
    const drip = setInterval(() => response.write('x'), 200);
    response.on('close', () => clearInterval(drip));
  };

  it('is limited for what drips and is not a layer', async () => {
    let drips = 1;
    const server = await open(imageOf([layer]), ({ path }) =>
      path.includes('/manifests/') && drips-- > 0 ? dripping : undefined,
    );
    const { status, errors, output } = await scene.build(`${server.host}/x:evil`);
    expect([status, errors]).toEqual([0, []]);
    expect(output).toContain('no answer within 10 s; trying again (2 of 6)');
  });

  it.each(ways)('of a signal ends a layer that drips and is %s', async (_, more) => {
    const bytes = Buffer.alloc(1_000_000);
    let child: Killable | undefined;
    let stopped = 0;
    const server = await open(imageOf([{ ...layer, bytes }]), ({ path }) => {
      if (!path.endsWith(digestOf(bytes))) return undefined;
      stopped = Date.now();
      setTimeout(() => child?.kill('SIGTERM'), 500);
      return dripping;
    });
    const onStart = (run: Killable) => {
      child = run;
    };
    const { status } = await scene.build(`${server.host}/x:evil`, more, { onStart });
    expect(status).toBe(143);
    // Without it the layer would go on dripping for two days.
    expect(Date.now() - stopped).toBeLessThan(20_000);
    expect(readdirSync(scene.temp)).toEqual([]);
  });
});

describe('answers that are no HTTP', () => {
  const raw =
    (text: string): Reply =>
    (response) =>
      void response.socket!.end(text);

  it.each([
    ['a header that is too long', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`],
    ['a status that is none', 'HTTP/1.1 abc\r\n\r\n'],
    ['an unknown encoding', 'HTTP/1.1 200 OK\r\ntransfer-encoding: x\r\ncontent-length: 5\r\n\r\nhello'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello'],
  ])('%s is one clear line', async (_, text) => {
    const server = await open(imageOf([layer]), () => raw(text));
    const line =
      /^Error: cannot read the base image \S+ from \S+: its answer is not valid HTTP \(.*\); check the address/;
    expectRefused(scene, await scene.build(`${server.host}/x:evil`), line);
  });

  it('a switch to another protocol is one clear line, and what follows is not waited for', async () => {
    const server = await open(imageOf([layer]), () =>
      raw('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    );
    expectRefused(scene, await scene.build(`${server.host}/x:evil`), /cannot read the base image .* it answers 101 /);
  });

  it('an error of megabytes is reported in a short line', async () => {
    const body = `${'<'.repeat(3_000_000)}\u001b]0;evil\u0007::error::x`;
    const server = await open(imageOf([layer]), () => ({ status: 418, body }));
    expectRefused(scene, await scene.build(`${server.host}/x:evil`), /cannot read the base image .*status 418/);
  });
});
