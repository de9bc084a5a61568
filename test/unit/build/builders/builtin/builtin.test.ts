// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { machinePlatform } from '../../../../../actions/build-and-push/src/builders/builtin/builtin';
import { types } from '../../../../../actions/build-and-push/src/registry/oci';
import { sourceDate } from '../../../../../actions/build-and-push/src/source/source-date';
import { seedBaseImage } from '../../../../local/aws/registry/seed';
import { tarOf } from './files';
import { openWorkshop, type Workshop } from './workshop';

const digestOf = (content: Buffer | string) => `sha256:${createHash('sha256').update(content).digest('hex')}`;
let workshop: Workshop;
beforeEach(async () => {
  workshop = await openWorkshop();
});
afterEach(() => workshop.close());

const configOf = async (lines: string, order = {}) =>
  (await workshop.build(`FROM scratch\n${lines}`, {}, order)).config.config!;

describe('the image', () => {
  it('is as the OCI image specification says, field by field', async () => {
    const { manifest, config, layers, digest } = await workshop.build('FROM scratch\nCOPY a /a\nENV B=1\nCOPY a /b\n', {
      a: 'a',
    });
    expect(manifest).toEqual({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: expect.any(String),
        size: expect.any(Number),
      },
      layers: [1, 2].map(() => ({
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        size: expect.any(Number),
      })),
    });
    expect(digest).toBe(digestOf(JSON.stringify(manifest)));
    expect(config).toMatchObject({
      os: 'linux',
      architecture: expect.stringMatching(/^(amd64|arm64|arm|s390x|ppc64le|riscv64)$/),
      created: '1970-01-01T00:00:00Z',
      rootfs: { type: 'layers', diff_ids: layers.map(digestOf) },
    });
    // One entry of the history for each layer, in order; the others are marked as empty.
    expect(config.history).toEqual([
      { created: '1970-01-01T00:00:00Z', created_by: 'COPY a /a' },
      { created: '1970-01-01T00:00:00Z', created_by: 'ENV B=1', empty_layer: true },
      { created: '1970-01-01T00:00:00Z', created_by: 'COPY a /b' },
    ]);
  });

  it('has the same digest whenever and wherever it is built', async () => {
    const dockerfile = 'FROM scratch\nLABEL b=2 a=1\nEXPOSE 81 80\nCOPY . /app\n';
    const first = await workshop.build(dockerfile, { 'z/a': '1', b: '2' });
    const second = await workshop.build(dockerfile, { b: '2', 'z/a': '1' });
    expect(second.digest).toBe(first.digest);
    const changed = await workshop.build(dockerfile, { b: '2', 'z/a': '3' });
    expect(changed.digest).not.toBe(first.digest);
  });

  it('takes its time from SOURCE_DATE_EPOCH', async () => {
    expect([sourceDate('86400'), sourceDate(), sourceDate('now')]).toEqual([86400, 0, 0]);
    const dated = await openWorkshop({ SOURCE_DATE_EPOCH: '86400' });
    const { config } = await dated.build('FROM scratch\nENV A=1\n');
    expect(config.created).toBe('1970-01-02T00:00:00Z');
    const { config: asked, said } = await dated.build('FROM scratch\n', {}, { buildArgs: { SOURCE_DATE_EPOCH: '60' } });
    expect([asked.created, said.join('\n')]).toEqual(['1970-01-01T00:01:00Z', expect.not.stringContaining('no ARG')]);
    const { config: varied } = await dated.build('ARG SOURCE_DATE_EPOCH=60\nFROM scratch\n');
    expect(varied.created).toBe('1970-01-02T00:00:00Z');
    await dated.close();
  });

  it('takes its time from an ARG before the first FROM where nobody gives another', async () => {
    const dockerfile = 'ARG SOURCE_DATE_EPOCH=60\nFROM scratch\nCOPY a /\n';
    const { config } = await workshop.build(dockerfile, { a: '' });
    expect([config.created, config.history?.[0]?.created]).toEqual(['1970-01-01T00:01:00Z', '1970-01-01T00:01:00Z']);
    const given = await workshop.build(dockerfile, { a: '' }, { buildArgs: { SOURCE_DATE_EPOCH: '120' } });
    expect(given.config.created).toBe('1970-01-01T00:02:00Z');
    // A stage of its own has its own arguments; it is not the image that they are for.
    const { config: ofStage } = await workshop.build('FROM scratch\nARG SOURCE_DATE_EPOCH=60\nCOPY a /\n', { a: '' });
    expect(ofStage.created).toBe('1970-01-01T00:00:00Z');
  });

  it.each<[string, Record<string, string>, boolean]>([
    ['# check=error=true\nFROM scratch\n', {}, true],
    ['# check=skip=all; error = True\nFROM scratch\n', {}, true],
    ['FROM scratch\n', { BUILDKIT_DOCKERFILE_CHECK: 'error=true' }, true],
    ['# check=skip=error\nFROM scratch\n', {}, false],
    ['# check=error=false\nFROM scratch\n', { BUILDKIT_DOCKERFILE_CHECK: 'error=true' }, false],
  ])('says of %j with %j whether it must pass checks: %s', async (dockerfile, buildArgs, isAsked) => {
    const { said } = await workshop.build(dockerfile, {}, { buildArgs });
    expect(said.some((line) => line.includes('error=true asks BuildKit to fail'))).toBe(isAsked);
  });

  it('says where it has more layers than Docker pulls', async () => {
    const lines = (count: number) => [...Array(count).keys()].map((at) => `COPY a /${at}\n`).join('');
    const { said } = await workshop.build(`FROM scratch\n${lines(125)}`, { a: '' });
    expect(said.join('\n')).not.toContain('layers');
    const more = await workshop.build(`FROM scratch\n${lines(126)}`, { a: '' });
    expect(more.said.join('\n')).toContain('the image has 126 layers, of which Docker pulls at most 125');
  });

  it('is for the machine that it is built on', () => {
    expect(
      ['x64', 'arm64', 'arm', 'ppc64', 's390x'].map((processor) => machinePlatform(processor).architecture),
    ).toEqual(['amd64', 'arm64', 'arm', 'ppc64le', 's390x']);
  });
});

describe('settings', () => {
  it.each<[string, object]>([
    ['ENV A=1 B="two words"\nENV A=2', { Env: [expect.stringMatching(/^PATH=/), 'A=2', 'B=two words'] }],
    ['ENV A=1\nENV A=2 B=$A', { Env: [expect.any(String), 'A=2', 'B=1'] }],
    ['ENV A the rest of it', { Env: [expect.any(String), 'A=the rest of it'] }],
    ['ARG V=1\nENV A=${V}', { Env: [expect.any(String), 'A=1'] }],
    ['ENV V=env\nARG V=arg\nENV A=$V', { Env: [expect.any(String), 'V=env', 'A=arg'] }],
    ['ENV V=env\nARG V=arg\nARG W=$V\nENV A=$W', { Env: [expect.any(String), 'V=env', 'A=arg'] }],
    ['ENV V=env\nARG V\nENV A=$V', { Env: [expect.any(String), 'V=env', 'A=env'] }],
    ['ARG V=arg\nENV V=env\nENV A=$V', { Env: [expect.any(String), 'V=env', 'A=env'] }],
    ['ARG V\nENV A=${V:-none}', { Env: [expect.any(String), 'A=none'] }],
    ['ARG TARGETOS\nENV A=$TARGETOS', { Env: [expect.any(String), 'A=linux'] }],
    ['LABEL b=2 "a.x"="1 2"', { Labels: { 'a.x': '1 2', b: '2' } }],
    [
      'EXPOSE 80 53/udp 8000-8002/tcp',
      { ExposedPorts: { '53/udp': {}, '80/tcp': {}, '8000/tcp': {}, '8001/tcp': {}, '8002/tcp': {} } },
    ],
    ['ARG P=1 Q=2\nEXPOSE ${P}00 $Q', { ExposedPorts: { '100/tcp': {}, '2/tcp': {} } }],
    ['VOLUME ["/a", "/b c"]\nVOLUME /d /e', { Volumes: { '/a': {}, '/b c': {}, '/d': {}, '/e': {} } }],
    ['USER 1000:1000', { User: '1000:1000' }],
    ['STOPSIGNAL SIGQUIT', { StopSignal: 'SIGQUIT' }],
    ['CMD ["a", "b c"]', { Cmd: ['a', 'b c'] }],
    ['CMD echo "$HOME"', { Cmd: ['/bin/sh', '-c', 'echo "$HOME"'] }],
    ['SHELL ["/bin/bash", "-c"]\nCMD x', { Cmd: ['/bin/bash', '-c', 'x'], Shell: ['/bin/bash', '-c'] }],
    ['CMD ["a"]\nENTRYPOINT ["b"]', { Cmd: ['a'], Entrypoint: ['b'] }],
    ['HEALTHCHECK NONE', { Healthcheck: { Test: ['NONE'] } }],
    [
      'HEALTHCHECK --interval=1m30s --timeout=500ms --retries=3 CMD curl -f localhost',
      { Healthcheck: { Test: ['CMD-SHELL', 'curl -f localhost'], Interval: 90e9, Timeout: 5e8, Retries: 3 } },
    ],
    ['HEALTHCHECK --start-period=2s CMD ["a", "b"]', { Healthcheck: { Test: ['CMD', 'a', 'b'], StartPeriod: 2e9 } }],
    ['WORKDIR /a\nWORKDIR b/../c', { WorkingDir: '/a/c' }],
    ['ENV D=/x\nWORKDIR $D/y', { WorkingDir: '/x/y' }],
  ])('%s', async (lines, expected) => {
    expect(await configOf(lines)).toMatchObject(expected);
  });

  it('takes build arguments over defaults, global ones only where they are declared again', async () => {
    const dockerfile = 'ARG A=global\nARG B=global\nFROM scratch\nARG A\nARG C=own\nENV X=$A,$B,$C\n';
    const envOf = async (buildArgs: Record<string, string>) =>
      (await workshop.build(dockerfile, {}, { buildArgs })).config.config?.Env?.[1];
    expect(await envOf({})).toBe('X=global,,own');
    expect(await envOf({ A: 'given', B: 'given', C: 'given' })).toBe('X=given,,given');
  });

  it('passes arguments on to the stages that are made from one, and not to others', async () => {
    const dockerfile =
      'FROM scratch AS base\nARG V=1\nARG W=2\nENV W=env\nFROM base AS one\nENV X=$V,$W\nFROM scratch\nENV X=$V\n';
    const envOf = async (order: object) => (await workshop.build(dockerfile, {}, order)).config.config?.Env;
    expect((await envOf({ target: 'one' }))?.slice(1)).toEqual(['W=env', 'X=1,env']);
    expect((await envOf({ target: 'one', buildArgs: { V: '3' } }))?.[2]).toBe('X=3,env');
    expect((await envOf({}))?.[1]).toBe('X=');
  });

  it('puts the labels of the action over those of the Dockerfile', async () => {
    const { Labels } = await configOf('LABEL a=1 b=1', { labels: { b: '2', c: '2' } });
    expect(Labels).toEqual({ a: '1', b: '2', c: '2' });
  });

  it.each([
    ['ENV A', 'Dockerfile:2 ENV: must have the form NAME=value'],
    ['EXPOSE 70000', 'Dockerfile:2 EXPOSE: must be ports'],
    ['SHELL /bin/sh', 'Dockerfile:2 SHELL: must be a JSON array'],
    ['USER', 'Dockerfile:2 USER: must name a user'],
    ['WORKDIR', 'Dockerfile:2 WORKDIR: must name a path'],
    ['HEALTHCHECK --interval=soon CMD x', 'Dockerfile:2 HEALTHCHECK: --interval must be like 30s'],
    ['HEALTHCHECK --interval=1us CMD x', 'Dockerfile:2 HEALTHCHECK: --interval must be at least 1ms, got "1us"'],
    ['HEALTHCHECK --timeout=999us CMD x', 'Dockerfile:2 HEALTHCHECK: --timeout must be at least 1ms'],
    ['STOPSIGNAL FOO', 'Dockerfile:2 STOPSIGNAL: must be a signal such as SIGQUIT or 9, got "FOO"'],
    ['HEALTHCHECK x', 'Dockerfile:2 HEALTHCHECK: must be CMD and a command, or NONE'],
    ['COPY a', 'Dockerfile:2 COPY: must name at least one source'],
    ['COPY a b c', 'Dockerfile:2 COPY: "a" does not exist'],
    ['COPY target/*.jar /', 'Dockerfile:2 COPY: "target/*.jar" matches nothing; build what it should match'],
    ['COPY --chmod=x Dockerfile /', 'Dockerfile:2 COPY: --chmod must be octal and at most 7777, or like u=rwX,go=rX'],
    ['COPY --chown=nobody Dockerfile /', 'Dockerfile:2 COPY: the user "nobody" is not known, as the image has no'],
  ])('refuses %s', async (lines, problem) => {
    await expect(configOf(lines)).rejects.toThrow(problem);
  });
});

describe('files', () => {
  it('copies below the working directory, with owner and mode', async () => {
    const { look } = await workshop.build(
      'FROM scratch\nWORKDIR /app\nCOPY a ./\nCOPY --chown=5:6 --chmod=600 a b/c\nUSER 7\nWORKDIR own\n',
      { a: 'text' },
    );
    expect(look('app')).toBe('0755 0:0');
    expect(look('app/a')).toBe('0644 0:0 text');
    // A directory that is made gets the mode of what is copied.
    expect(look('app/b')).toBe('0600 5:6');
    expect(look('app/b/c')).toBe('0600 5:6 text');
    expect(look('app/own')).toBe('0755 7:7');
  });

  it('takes all permissions away where that is asked for', async () => {
    const dockerfile = 'FROM scratch\nCOPY --chmod=000 a /a\nFROM scratch\nCOPY --from=0 /a /b\n';
    const { look } = await workshop.build(dockerfile, { a: 'text' });
    expect(look('b')).toBe('0000 0:0 text');
  });

  it('writes documents', async () => {
    const { look } = await workshop.build(
      'FROM scratch\nENV A=1\nCOPY <<one <<"two" /d/\n"$A" ${A}2 \\$A\none\n$A\ntwo\nCOPY <<EOT /e\nx\nEOT\n',
    );
    expect([look('d/one'), look('d/two'), look('e')]).toEqual([
      '0644 0:0 "1" 12 $A\n',
      '0644 0:0 $A\n',
      '0644 0:0 x\n',
    ]);
  });

  it('unpacks archives with ADD, not with COPY, and adds other files as they are', async () => {
    const tar = await tarOf(
      [{ name: 'in/', type: 'directory', mode: 0o700, uid: 3 }],
      [{ name: 'in/f', uid: 3 }, 'packed'],
    );
    const files = { 'a.tar': tar, 'a.tgz': gzipSync(tar), 'plain.gz': gzipSync('text'), b: 'b' };
    const { look, files: tree } = await workshop.build(
      'FROM scratch\nADD a.tar /x\nADD --chown=9:9 a.tgz /y/\nCOPY a.tar /z/\nADD plain.gz b /z/\n',
      files,
    );
    expect(look('x/in')).toBe('0700 3:0');
    expect(look('x/in/f')).toBe('0644 3:0 packed');
    expect(look('y/in/f')).toBe('0644 9:9 packed');
    expect(tree.below('z')).toEqual(['z/a.tar', 'z/b', 'z/plain.gz']);
    const damaged = await workshop.build('FROM scratch\nADD a.bz2 /\n', { 'a.bz2': 'BZh91AY' });
    expect(damaged.look('a.bz2')).toBe('0644 0:0 BZh91AY');
  });

  it('copies from stages by name and number, and builds no stage that is not needed', async () => {
    const dockerfile = [
      'FROM scratch AS one',
      'COPY a /deep/a',
      'FROM scratch AS unneeded',
      'RUN would fail',
      'FROM one AS two',
      'ENV A=1',
      'COPY b /b',
      'FROM scratch',
      'COPY --from=one /deep /x',
      'COPY --from=2 /b /deep/a /y/',
    ].join('\n');
    const { look, files, config, said, written } = await workshop.build(dockerfile, { a: 'A', b: 'B' });
    expect([look('x/a'), look('y/b'), look('y/a')]).toEqual(['0644 0:0 A', '0644 0:0 B', '0644 0:0 A']);
    expect(files.below('')).toEqual(['x', 'x/a', 'y', 'y/a', 'y/b']);
    expect(config.config?.Env).toHaveLength(1);
    expect(said.join()).not.toContain('unneeded');
    const target = await workshop.build(dockerfile, { a: 'A', b: 'B' }, { target: 'TWO' });
    expect(target.files.below('')).toEqual(['b', 'deep', 'deep/a']);
    // The layers of other stages are nobody's: to compress them would be most of the work.
    expect([config.history?.length, written, target.written]).toEqual([2, 2, 2]);
  });
});

describe('base images', () => {
  const base = () => `${workshop.host}/base:1`;

  it('keeps what the base has, reads its users, and follows its links', async () => {
    const { aws } = workshop;
    const files = { 'etc/passwd': 'app:x:1000:1001::/:/bin/sh\n', 'etc/group': 'staff:x:50:\n', 'usr/bin/old': 'old' };
    const config = { Env: ['A=1'], Cmd: ['x'], Labels: { l: '1' }, Unknown: 'kept' };
    await seedBaseImage(aws.ecr, { repository: 'base', tag: '1', files, config });
    const built = await workshop.build(
      `FROM ${base()}\nCOPY --chown=app a /u\nCOPY --chown=app:staff a /g\nUSER app\nWORKDIR /w\n`,
      { a: 'a' },
    );
    expect([built.look('u'), built.look('g'), built.look('w')]).toEqual([
      '0644 1000:1001 a',
      '0644 1000:50 a',
      '0755 1000:1001',
    ]);
    expect(built.files.get('usr/bin/old')).toBeDefined();
    const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    expect(built.config.config).toMatchObject({ ...config, Env: ['A=1', path], User: 'app', WorkingDir: '/w' });
    expect(built.config.history?.[0]?.created_by).toBe('seeded');
    expect(built.config.rootfs.diff_ids).toEqual(built.layers.map(digestOf));
  });

  it.each([
    ['an image', (image: string) => ['FROM scratch', image]],
    ['a stage', (image: string) => [`FROM ${image} AS stage\nFROM scratch`, 'stage']],
  ])('copies files out of %s several times, and fetches each layer a few times at most', async (_, from) => {
    const files = { 'opt/a': 'from the image', 'opt/b': { content: 'run', mode: 0o755 }, c: 'c', d: 'd' };
    await seedBaseImage(workshop.aws.ecr, { repository: 'base', tag: '1', files });
    const [begin, source] = from(base());
    const lines = ['/opt /o/', '/opt/a /x', '/c /y', '/d /z'].map((words) => `COPY --from=${source} ${words}\n`);
    const before = workshop.aws.calls.length;
    const { look } = await workshop.build(`${begin}\n${lines.join('')}`);
    expect([look('o/b'), look('x'), look('z')]).toEqual(['0755 0:0 run', '0644 0:0 from the image', '0644 0:0 d']);
    const made = workshop.aws.calls.slice(before).map(({ operation, input }) => [operation, input] as const);
    const fetched = made.filter(
      ([operation, input]) => operation === 'GET blobs' && (input as { repository: string }).repository === 'base',
    );
    // The configuration once; the layer to list it, to take files, and to keep it.
    expect(fetched).toHaveLength(4);
  });

  it('chooses the image of an index by platform, and says what there is', async () => {
    const { digest, size, mediaType } = await seedBaseImage(workshop.aws.ecr, {
      repository: 'base',
      tag: 'amd',
      files: { a: 'a' },
    }).then((image) => ({ digest: image.digest, size: image.manifest.length, mediaType: image.mediaType }));
    const platform = (architecture: string, os = 'linux') => ({
      mediaType,
      digest,
      size,
      platform: { architecture, os },
    });
    const manifests = [
      platform('unknown', 'unknown'),
      platform('s390x'),
      platform(machinePlatform(process.arch).architecture),
    ];
    const put = async (tag: string, children: object[]) => {
      const repository = workshop.aws.ecr.repository('base');
      const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: types.index, manifests: children }));
      const { readManifest } = await import('../../../../local/aws/ecr/manifest');
      workshop.aws.ecr.keep(repository, bytes, readManifest(bytes, undefined)!, [tag]);
    };
    await put('many', manifests);
    await put('few', manifests.slice(0, 2));
    expect((await workshop.build(`FROM ${workshop.host}/base:many\n`)).files.below('')).toEqual(['a']);
    expect((await workshop.build(`FROM --platform=linux/s390x ${workshop.host}/base:few\n`)).files.below('')).toEqual([
      'a',
    ]);
    await expect(workshop.build(`FROM ${workshop.host}/base:few\n`)).rejects.toThrow(
      /is not available for linux\/\w+, only for linux\/s390x/,
    );
  });

  it('refuses what it cannot use', async () => {
    await expect(workshop.build(`FROM ${base()}\n`)).rejects.toThrow(
      /Dockerfile:1 FROM: status 404|is not in the registry/,
    );
    await seedBaseImage(workshop.aws.ecr, { repository: 'base', tag: '1', files: {}, config: { OnBuild: ['RUN x'] } });
    await expect(workshop.build(`FROM ${base()}\n`)).rejects.toThrow(
      'Dockerfile:1 RUN: the ONBUILD trigger "RUN x" of the base image runs a command, which the builtin builder cannot do; use a',
    );
    await expect(workshop.build('ARG X\nFROM ${X}\n')).rejects.toThrow('Dockerfile:2 FROM: names no image');
    await expect(workshop.build('FROM Bad:Name\n')).rejects.toThrow('Dockerfile:1 FROM: the image must have');
  });
});
