import type { ChildProcess } from 'node:child_process';
import { readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { digestOf } from '../local/aws/ecr/blobs';
import { readManifest } from '../local/aws/ecr/manifest';
import { seedBaseImage } from '../local/aws/registry/seed';
import { openScene, type Result, type Scene } from '../scenarios/build-scene';
import { rawEntry, rawHeader, rawPax, rawTar } from '../support/raw-tar';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

/** What works without bounds takes minutes, hours or for ever. */
const longestRun = 50_000;

/** Builds, and kills the process where it does not come to an end. `ready` says when SIGTERM is sent. */
async function build(inputs: Record<string, string> = {}, ready?: (output: string) => boolean): Promise<Result> {
  const timers: NodeJS.Timeout[] = [];
  let said = '';
  const onOutput = (output: string, child: ChildProcess) => {
    said = output;
    if (timers.length > 0) return;
    timers.push(setTimeout(() => child.kill('SIGKILL'), longestRun));
    if (!ready) return;
    const polling = setInterval(() => {
      if (!ready(said)) return;
      clearInterval(polling);
      child.kill('SIGTERM');
    }, 20);
    timers.push(polling);
  };
  const result = await scene.runBundle({ tags: 'v1', ...inputs }, { onOutput });
  for (const timer of timers) clearTimeout(timer);
  return result;
}

/** Puts a base image of one layer into the registry. The layer is in gzip; its digest before is told only where it matters. */
function seedLayer(layer: Buffer, diffId = digestOf(layer)): string {
  const { ecr } = scene.aws;
  const repository = ecr.createRepository('base');
  const put = (mediaType: string, bytes: Buffer) => {
    const digest = ecr.blobs.put(bytes);
    repository.blobs.add(digest);
    return { mediaType, digest, size: bytes.length };
  };
  const kind = 'application/vnd.oci.image';
  const config = { architecture: 'amd64', os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: [diffId] } };
  const manifest = {
    schemaVersion: 2,
    mediaType: `${kind}.manifest.v1+json`,
    config: put(`${kind}.config.v1+json`, Buffer.from(JSON.stringify(config))),
    layers: [put(`${kind}.layer.v1.tar+gzip`, layer)],
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  ecr.keep(repository, bytes, readManifest(bytes, undefined)!, ['1']);
  return `${scene.endpoint.registryHost}/base:1`;
}

const seedTar = (tar: Buffer) => seedLayer(gzipSync(tar), digestOf(tar));

describe('patterns with many stars', () => {
  const name = 'a'.repeat(200);
  const stars = `${'a*'.repeat(20)}b`;

  it.each([`COPY ${stars} /x/`, `ADD ${stars} /x/`, `COPY d*/${stars} /x/`])('end: %j', async (line) => {
    scene.write({ Dockerfile: `FROM scratch\n${line}\nCOPY server.js /\n`, [name]: '', [`dir/${name}`]: '' });
    const { status, output } = await build();
    expect(status).toBe(0);
    expect(output).toContain(`Dockerfile:2 ${line.slice(0, line.indexOf(' '))}: nothing was copied`);
  });

  it.each([stars, `**/${stars}`, `${'**/a*'.repeat(20)}b`, `!${stars}`])('of .dockerignore end: %j', async (line) => {
    scene.write({ '.dockerignore': `.git\n${line}\n`, [name]: '', [`dir/${name}`]: '' });
    expect((await build()).status).toBe(0);
  });

  it('in filters of tags end', async () => {
    const repository = scene.aws.ecr.repository('team/app');
    repository.mutability = 'IMMUTABLE_WITH_EXCLUSION';
    repository.exclusions = [{ filterType: 'WILDCARD', filter: stars }];
    expect((await build({ tags: 'a'.repeat(100) })).status).toBe(0);
  });
});

/** A few megabytes at most that gzip makes gigabytes of. */
function bomb(): Buffer {
  const zeros = gzipSync(Buffer.alloc(64 * 1024 ** 2), { level: 9 });
  const head = gzipSync(rawHeader({ name: 'f', size: '77777777777' }));
  return Buffer.concat([head, ...Array.from({ length: 60 }, () => zeros)]);
}

const name400 = rawTar(rawPax({ path: 'n'.repeat(400_000) }), rawEntry({ name: 'f' }));
const hostile: [string, () => Buffer, string][] = [
  ['a name of 400 KB', () => gzipSync(name400), 'the path "nnn[n]*…" has more than 4096 bytes'],
  [
    'a hard link to nothing',
    () => gzipSync(rawTar(rawEntry({ name: 'h', type: '1', linkname: '/etc/shadow' }))),
    '"h" in it is a hard link to "etc/shadow", which does not exist',
  ],
  [
    'a header of 8 GB',
    () => gzipSync(Buffer.concat([rawEntry({ name: 'f' }), rawHeader({ name: 'p', type: 'x', size: '77777777777' })])),
    'a header of it has more than 4194304 bytes',
  ],
  ['a zip bomb', bomb, 'it unpacks to more than 1073741824 bytes and 500 times its own size'],
  [
    'a name that forges a command',
    () => gzipSync(rawTar(rawPax({ path: '\n::set-output name=IMAGE::x\n\0' }), rawEntry({ name: 'f' }))),
    'contains a NUL byte',
  ],
];

describe.each(hostile)('%s', (_, archive, problem) => {
  it('in a base image fails in one line that names it', async () => {
    const layer = archive();
    const isBomb = archive === bomb;
    // What a bomb unpacks to is never known.
    const base = isBomb ? seedLayer(layer) : seedLayer(layer, digestOf(gunzipSync(layer)));
    scene.write({ Dockerfile: `FROM ${base}\nWORKDIR /app\n` });
    const { status, errors, outputs } = await build();
    expect([status, outputs['IMAGE']]).toEqual([1, undefined]);
    const said = isBomb ? 'its layer sha256:\\w+ unpacks to more than \\d+ bytes' : `in a layer of it, .*${problem}.*`;
    expect(errors).toEqual([
      expect.stringMatching(`^Error: cannot read the base image ${base}.*: ${said}; use another image`),
    ]);
    expect(scene.aws.mutations()).toEqual([]);
  });

  it('in an archive of the context fails in one line that names it', async () => {
    scene.write({ Dockerfile: 'FROM scratch\nADD a.tar.gz /x/\n' });
    // Docker takes a file for an archive by its first entry.
    const first = gzipSync(rawEntry({ name: 'first' }));
    writeFileSync(join(scene.source, 'a.tar.gz'), Buffer.concat([first, archive()]));
    const { status, errors, outputs } = await build();
    expect([status, outputs['IMAGE']]).toEqual([2, undefined]);
    expect(errors).toEqual([
      expect.stringMatching(`^Error: Dockerfile:2 ADD: cannot unpack a.tar.gz: .*${problem}.*; .{1,80}$`),
    ]);
  });
});

describe('what is merely odd', () => {
  it('is built: 20,000 swaps of a file and a folder', async () => {
    const swaps = Array.from({ length: 20_000 }, (_, at) => [
      rawEntry({ name: `keep/f${at}` }),
      at % 2 === 0 ? rawEntry({ name: 'x/', type: '5' }) : rawEntry({ name: 'x' }),
    ]).flat();
    const base = seedTar(rawTar(...swaps));
    scene.write({ Dockerfile: `FROM ${base}\nCOPY server.js /x/y\n` });
    const { status, errors } = await build();
    expect([status, errors]).toEqual([2, ['Error: Dockerfile:2 COPY: /x is a file, not a directory']]);
  });

  it('is built: names at the root, owners below nothing, devices, links out of the image, much padding', async () => {
    const odd = rawTar(
      ...['./', '/', '..', '../../etc/a', 'b\n::error::c'].map((name) => rawEntry({ name })),
      rawPax({ uid: '-2' }),
      rawEntry({ name: 'nobody' }),
      rawEntry({ name: 'null', type: '3' }),
      rawEntry({ name: 'out', type: '2', linkname: '../../../proc/self/environ' }),
      Buffer.alloc(8 * 1024 ** 2),
    );
    scene.write({ Dockerfile: `FROM ${seedTar(odd)}\nWORKDIR /app\nCOPY --chown=65534 server.js /etc/a2\n` });
    const { status, errors, output } = await build();
    expect([status, errors]).toEqual([0, []]);
    expect(output).not.toMatch(/^::error::c/m);
  });
});

describe('the users of a base image', () => {
  const passwd = async (content: string | Buffer) => {
    await seedBaseImage(scene.aws.ecr, { repository: 'base', tag: '1', files: { 'etc/passwd': content } });
    scene.write({ Dockerfile: `FROM ${scene.endpoint.registryHost}/base:1\nCOPY --chown=app server.js /\n` });
    return build();
  };

  it.each([
    [
      'more than any list',
      Buffer.alloc(8 * 1024 ** 2 + 1, 'x'),
      '/etc/passwd of the image has more than 8388608 bytes; name users and groups by number',
    ],
  ])('are %s', async (_, content, problem) => {
    const { status, errors } = await passwd(content);
    expect([status, errors]).toEqual([2, [`Error: Dockerfile:2 COPY: ${problem}`]]);
  });

  const asRoot = 'the user "app" is not in /etc/passwd of the image, so it is taken for root, as BuildKit does';

  it.each([
    ['lack one', 'root:x:0:0::/:', asRoot],
    ['have one without a number', 'app:x:zero:0::/:', asRoot.replace('is not in', 'has no number in')],
  ])('may %s', async (_, content, warning) => {
    const { status, output } = await passwd(content);
    expect([status, output]).toEqual([0, expect.stringContaining(warning)]);
  });

  it('are not read from this machine', async () => {
    const ofMachine = join(scene.source, 'passwd');
    writeFileSync(ofMachine, 'app:x:4242:4242::/:\n');
    const link = rawTar(rawEntry({ name: 'etc/passwd', type: '2', linkname: ofMachine }));
    scene.write({ Dockerfile: `FROM ${seedTar(link)}\nCOPY --chown=app server.js /\n` });
    const { status, output } = await build();
    expect([status, output]).toEqual([0, expect.stringContaining(asRoot)]);
  });
});

describe('a signal', () => {
  /** It takes no place on the disk, and minutes to read. */
  function sparse(file: string, head: Buffer): void {
    writeFileSync(join(scene.source, file), head);
    truncateSync(join(scene.source, file), 400 * 1024 ** 3);
  }

  it('ends the action while an archive is listed', async () => {
    const line = 'ADD sparse /x/';
    scene.write({ Dockerfile: `FROM scratch\n${line}\n` });
    sparse('sparse', rawHeader({ name: 'f', size: '77777777777' }));
    const { status, errors } = await build({}, (output) => output.includes(line));
    expect([status, errors]).toEqual([143, ['Error: interrupted by SIGTERM']]);
  });

  it('ends the action while a file is packed', async () => {
    scene.write({ Dockerfile: 'FROM scratch\nCOPY sparse /x/\n' });
    sparse('sparse', Buffer.from('text'));
    const isPacking = () =>
      readdirSync(scene.temp, { recursive: true }).some((name) => /layer\.tar\.gz$/.test(`${name}`));
    const { status, errors } = await build({}, isPacking);
    expect([status, errors]).toEqual([143, ['Error: interrupted by SIGTERM']]);
  });
});
