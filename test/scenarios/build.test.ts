import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Fault, FaultEffect } from '../local/aws/faults';
import { seedBaseImage } from '../local/aws/registry/seed';
import { unpackImage } from '../local/aws/registry/unpack';
import { leastPermissions, permissionsOf } from './build-permissions';
import { openScene, type Result, type Scene } from './build-scene';
import { atCall } from './signal-at';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const repository = () => scene.aws.ecr.repository('team/app');
const digestOf = (tag: string) => repository().tags.get(tag);
/** Whatever went wrong: no image is named that the registry does not have, and nothing is left behind. */
function expectHonest({ outputs }: Result) {
  if (outputs['IMAGE'] !== undefined) expect([...repository().images.keys()]).toContain(outputs['image-digest']);
  expect(readdirSync(scene.temp)).toEqual([]);
}
const expectPushed = (result: Result, tag = scene.commit) => {
  expect([result.status, result.errors]).toEqual([0, []]);
  expect(result.outputs['IMAGE']).toBe(`${scene.endpoint.registryHost}/team/app@${digestOf(tag)}`);
  expectHonest(result);
};

describe('builtin', () => {
  it('builds the source and pushes it under its commit id', async () => {
    const result = await scene.run();
    expectPushed(result);
    expect(result.outputs).toEqual({
      IMAGE: `${scene.endpoint.registryHost}/team/app@${digestOf(scene.commit)}`,
      'image-uri': `${scene.endpoint.registryHost}/team/app:${scene.commit}`,
      'image-digest': digestOf(scene.commit),
      'image-tags': scene.commit,
      registry: scene.endpoint.registryHost,
      repository: 'team/app',
      skipped: 'false',
    });
    const folder = join(scene.temp, 'unpacked');
    const config = await unpackImage(scene.aws.ecr, 'team/app', scene.commit, folder);
    expect(config).toMatchObject({ Cmd: ['node', 'server.js'], WorkingDir: '/app', ExposedPorts: { '8080/tcp': {} } });
    expect(config).toMatchObject({
      Labels: {
        'org.opencontainers.image.revision': scene.commit,
        'org.opencontainers.image.source': 'https://example.com/team/app.git',
      },
    });
    expect(readdirSync(join(folder, 'app'), { recursive: true }).sort()).toEqual([
      'public',
      'public/index.html',
      'server.js',
    ]);
    rmSync(folder, { recursive: true });
  });

  it('gives the same digest again, and sends nothing again', async () => {
    const first = await scene.run({ tags: 'one,two' });
    const before = scene.aws.calls.length;
    const second = await scene.run({ tags: 'three' });
    expectPushed(second, 'three');
    expect(second.outputs['image-digest']).toBe(first.outputs['image-digest']);
    expect([digestOf('one'), digestOf('two')]).toEqual([digestOf('three'), digestOf('three')]);
    const changes = scene.aws.calls.slice(before).filter(({ mutating }) => mutating);
    expect(changes.map(({ operation }) => operation)).toEqual(['PUT manifests']);
  });

  it('builds on an image of the registry and takes its layers over', async () => {
    const files = {
      'etc/passwd': 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1001::/home/node:/bin/sh\n',
      'usr/bin/tool': { content: 'x', mode: 0o755 },
    };
    await seedBaseImage(scene.aws.ecr, { repository: 'base', tag: '1', files, config: { Env: ['A=1'], Cmd: ['old'] } });
    const { registryHost } = scene.endpoint;
    const dockerfile = `ARG BASE=none\nFROM \${BASE} AS base\nFROM base\nENV B=\${A}2\nCOPY --chown=node server.js /srv/\nENTRYPOINT ["tool"]\n`;
    scene.write({ Dockerfile: dockerfile });
    const result = await scene.run({ 'build-args': `BASE=${registryHost}/base:1\nUNUSED=1`, tags: 'v1' });
    expectPushed(result, 'v1');
    expect(result.stdout).toContain('no ARG of Dockerfile declares UNUSED');
    expect(result.stdout).toContain('was mounted from its repository');
    const folder = join(scene.temp, 'unpacked');
    const config = await unpackImage(scene.aws.ecr, 'team/app', 'v1', folder);
    // ENTRYPOINT drops the CMD that came with the base image.
    expect(config).toMatchObject({ Env: ['A=1', expect.stringMatching(/^PATH=/), 'B=12'], Entrypoint: ['tool'] });
    expect(config.Cmd).toBeUndefined();
    expect(readdirSync(folder).sort()).toEqual(['etc', 'srv', 'usr']);
    rmSync(folder, { recursive: true });
  });

  it('says which line it cannot build, and changes nothing', async () => {
    scene.write({ Dockerfile: 'FROM scratch\n\nRUN npm ci\n' });
    const result = await scene.run();
    expect(result.status).toBe(2);
    expect(result.errors).toEqual([
      expect.stringMatching(/^Error: Dockerfile:3 RUN: runs a command.*docker, finch, podman, buildah/),
    ]);
    expect(scene.aws.calls).toEqual([]);
    expectHonest(result);
  });

  it.each([
    ['COPY missing /', 'Dockerfile:2 COPY: "missing" does not exist'],
    ['COPY .env /', 'Dockerfile:2 COPY: ".env" does not exist'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the Dockerfile
    ['ENV A="${B:?give B}"', 'Dockerfile:2 ENV: B is not set: give B'],
    ['COPY --from=REGISTRY/nowhere:1 /a /b', 'is not in the registry'],
    ['EXPOSE http', 'Dockerfile:2 EXPOSE: must be ports'],
  ])('names the line of %s', async (line, problem) => {
    scene.write({ Dockerfile: `FROM scratch\n${line.replace('REGISTRY', scene.endpoint.registryHost)}\n` });
    const result = await scene.run();
    expect(result.status).toBe(2);
    expect(result.errors).toEqual([expect.stringContaining(problem)]);
    expect(scene.aws.mutations()).toEqual([]);
    expectHonest(result);
  });
});

describe('what is asked before anything is built', () => {
  it('reports all bad tags together', async () => {
    const result = await scene.run({ tags: 'ok, -bad, also bad, v1' });
    expect(result.status).toBe(2);
    expect(result.stdout).toMatch(/"-bad" must be[\s\S]*"also bad" must be/);
    expect(scene.aws.calls).toEqual([]);
  });

  it('reports what is not on this machine together with the other inputs', async () => {
    rmSync(join(scene.source, '.git'), { recursive: true });
    const inputs = { region: 'mars', dockerfile: 'nope', 'secret-envs': 'npm=NOPE' };
    const { status, errors } = await scene.run(inputs);
    expect(status).toBe(2);
    expect(errors[0]).toMatch(/^Error: 4 inputs are wrong: region: .*secret-envs: .*dockerfile: .*tags: /);
    expect(scene.aws.calls).toEqual([]);
  });

  it('refuses a repository that does not exist', async () => {
    const result = await scene.run({ repository: 'team/typo' });
    expect(result.status).toBe(2);
    expect(result.errors[0]).toMatch(
      /repository: "team\/typo" is not in the registry .*aws ecr create-repository --region us-west-2/,
    );
    expect(scene.aws.mutations()).toEqual([]);
    expectHonest(result);
  });

  it('asks for tags where there is no commit id', async () => {
    rmSync(join(scene.source, '.git'), { recursive: true });
    const result = await scene.run();
    expect(result.status).toBe(2);
    expect(result.errors[0]).toMatch(
      /^Error: tags: are not set, and the commit id is not known \(.*not a git repository/,
    );
  });

  it('reports a missing Dockerfile and context', async () => {
    rmSync(join(scene.source, 'Dockerfile'));
    expect((await scene.run()).errors[0]).toContain('dockerfile: was not found');
    expect((await scene.run({ context: 'nowhere' })).errors[0]).toContain('context: is not a directory');
  });

  it('finds context and Dockerfile as docker build does', async () => {
    mkdirSync(join(scene.source, 'web'));
    scene.write({ 'web/a.txt': 'a', 'docker/web.Dockerfile': 'FROM scratch\nCOPY a.txt /\n' });
    expectPushed(await scene.run({ context: 'web', dockerfile: 'docker/web.Dockerfile', tags: 'v1' }), 'v1');
  });

  it('takes a dockerfile in lower case where there is no other, as docker build does', async () => {
    renameSync(join(scene.source, 'Dockerfile'), join(scene.source, 'dockerfile'));
    expectPushed(await scene.run({ tags: 'v1' }), 'v1');
    expectPushed(await scene.run({ tags: 'v2', dockerfile: 'Dockerfile' }), 'v2');
    scene.write({ Dockerfile: 'FROM scratch\nRUN x\n' });
    const { errors } = await scene.run({ tags: 'v3' });
    expect(errors).toEqual([expect.stringContaining('Dockerfile:2 RUN')]);
  });

  it('skips a build whose tag is there and cannot move, and gives the image the other tags', async () => {
    const first = await scene.run({ tags: 'v1' });
    repository().mutability = 'IMMUTABLE';
    scene.write({ 'server.js': 'changed' });
    const result = await scene.run({ tags: 'v1,v1-again' });
    expect(result.outputs).toMatchObject({
      skipped: 'true',
      IMAGE: first.outputs['IMAGE'],
      'image-tags': 'v1,v1-again',
    });
    expect(digestOf('v1-again')).toBe(digestOf('v1'));
    const refused = await scene.run({ tags: 'v1', 'if-tag-exists': 'push' });
    expect([refused.status, refused.errors[0]]).toEqual([
      2,
      expect.stringContaining('the tags of the repository are immutable'),
    ]);
    const failed = await scene.run({ tags: 'v1', 'if-tag-exists': 'fail' });
    expect([failed.status, failed.errors[0]]).toEqual([2, expect.stringContaining('"v1"')]);
  });

  it('pushes although the role may not look at the repository', async () => {
    scene.aws.faults.add({ on: 'ecr:Describe*', effect: { kind: 'refuse' }, times: 'always' });
    const result = await scene.run();
    expectPushed(result);
    expect(result.stdout).toContain('it is not known whether the tags exist');
    const skip = await scene.run({ 'if-tag-exists': 'skip' });
    expect([skip.status, skip.errors[0]]).toEqual([2, expect.stringContaining('if-tag-exists: cannot be skip')]);
  });
});

it('needs exactly the permissions of the policy', async () => {
  await scene.run();
  expect(permissionsOf(scene.aws.calls)).toEqual(leastPermissions());
});

describe('faults', () => {
  const passing: FaultEffect[] = [
    { kind: 'throttle' },
    { kind: 'status', status: 500 },
    { kind: 'drop', when: 'before' },
    { kind: 'drop', when: 'after' },
  ];
  const requests = ['HEAD blobs', 'POST blobs', 'PUT blobs', 'PUT manifests', 'HEAD manifests'];

  it.each(requests)('%s: each fault that passes is overcome', async (request) => {
    for (const effect of passing) {
      scene.aws.faults.add({ on: `registry:${request}`, effect });
      expectPushed(await scene.run({ tags: 'v1' }), 'v1');
      for (const stored of [repository().blobs, repository().images, repository().tags]) stored.clear();
    }
  });

  it.each<[string, Fault, RegExp]>([
    [
      'a registry that says no',
      { on: 'registry:POST blobs', effect: { kind: 'refuse' }, times: 'always' },
      /the registry refuses it .*allow ecr:InitiateLayerUpload/,
    ],
    [
      'a wrong digest for the tag',
      { on: 'registry:HEAD manifests', effect: { kind: 'wrong-digest' } },
      /cannot confirm .*was sent, but the registry answers/,
    ],
    [
      'an answer that never becomes better',
      { on: 'registry:PUT manifests', effect: { kind: 'status', status: 503 }, times: 'always' },
      /the registry failed \(status 503/,
    ],
    [
      'ECR refusing the login',
      { on: 'ecr:GetAuthorizationToken', effect: { kind: 'refuse' } },
      /cannot call ecr:GetAuthorizationToken.*Nothing was changed\.$/,
    ],
  ])('%s ends in one clear error without an image', async (_, fault, line) => {
    scene.aws.faults.add(fault);
    const result = await scene.run();
    expect(result.status).toBe(1);
    expect(result.errors).toEqual([expect.stringMatching(line)]);
    expect(result.outputs['IMAGE']).toBeUndefined();
    expectHonest(result);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('%s ends a push and leaves nothing behind', async (signal, status) => {
    scene.aws.faults.add({ on: 'registry:PUT blobs', effect: { kind: 'hang' }, times: 'always' });
    const result = await scene.run({}, { onStart: atCall(scene.aws, { call: 'registry:PUT blobs', name: signal }) });
    expect([result.status, result.errors]).toEqual([status, [`Error: interrupted by ${signal}`]]);
    expectHonest(result);
  });

  it('waits while ECR is throttling', async () => {
    scene.aws.faults.add({ on: 'ecr:*', effect: { kind: 'throttle' }, times: 2 });
    expectPushed(await scene.run());
  });
});

it('builds the same image on any host', async () => {
  const first = await scene.run({ tags: 'v1' });
  // The time zone is one of a whole process.
  const shell = await scene.runBundle(
    { tags: 'v2' },
    { env: { CATALYST_SOURCE_DIR_WorkflowSource: undefined, TZ: 'Asia/Tokyo', LANG: 'tr_TR.UTF-8' } },
  );
  expect(shell.status).toBe(0);
  expect(shell.stdout).toContain(`image-digest=${first.outputs['image-digest']}\n`);
});
