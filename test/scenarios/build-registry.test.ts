import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { seedBaseImage } from '../local/aws/registry/seed';
import { furtherPermissions, leastPermissions, permissionsOf } from './build-permissions';
import { openScene, type Scene } from './build-scene';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const calls = () => scene.aws.calls.map(({ operation }) => operation);

describe('create-repository', () => {
  const missing = { repository: 'team/new', 'create-repository': 'true', tags: 'v1' };

  it('creates it with scan on push, before the push and only once', async () => {
    const first = await scene.run(missing);
    expect([first.status, first.errors]).toEqual([0, []]);
    const repository = scene.aws.ecr.repository('team/new');
    expect([repository.scanOnPush, repository.tags.get('v1')]).toEqual([true, first.outputs['image-digest']]);
    expect(first.stdout).toContain('created the repository team/new');
    const second = await scene.run(missing);
    expect(second.status).toBe(0);
    expect(calls().filter((operation) => operation === 'CreateRepository')).toHaveLength(1);
  });

  it.each([
    ['a Dockerfile that cannot be built', { dockerfile: 'bad.Dockerfile' }],
    ['a bad tag', { tags: '-' }],
    ['an input that the builder cannot honour', { cache: 'registry' }],
  ])('does not create it with %s', async (_, inputs) => {
    scene.write({ 'bad.Dockerfile': 'FROM scratch\nRUN x\n' });
    const result = await scene.run({ ...missing, ...inputs });
    expect(result.status).toBe(2);
    expect(scene.aws.mutations()).toEqual([]);
  });

  it.each([
    ['a file that does not exist', 'FROM scratch\nCOPY missing /\n'],
    ['a base image that does not exist', 'FROM HOST/nowhere:1\n'],
    ['an owner that does not exist', 'FROM scratch\nCOPY --chown=nobody server.js /\n'],
  ])('does not create it when the build finds %s', async (_, text) => {
    scene.write({ Dockerfile: text.replace('HOST', scene.endpoint.registryHost) });
    const { status } = await scene.run(missing);
    expect([status, scene.aws.mutations()]).toEqual([2, []]);
  });

  it('is not needed where ECR creates it with the push', async () => {
    scene.aws.ecr.pushPrefixes.push('team');
    const { status, errors, stdout } = await scene.run({ repository: 'team/new', tags: 'v1' });
    expect([status, errors, calls().includes('CreateRepository')]).toEqual([0, [], false]);
    expect(stdout).toContain('ECR creates it on push, from a repository creation template');
    const other = await scene.run({ repository: 'other/new', tags: 'v1' });
    expect([other.status, other.errors[0]]).toEqual([2, expect.stringContaining('"other/new" is not in the registry')]);
  });

  it('takes one that somebody else has created in the meantime', async () => {
    scene.aws.faults.add({
      on: 'ecr:DescribeRepositories',
      effect: { kind: 'error', code: 'RepositoryNotFoundException', message: 'none' },
    });
    const result = await scene.run({ 'create-repository': 'true', tags: 'v1' });
    expect([result.status, result.errors]).toEqual([0, []]);
  });

  it('says which permission is missing', async () => {
    scene.aws.faults.add({ on: 'ecr:CreateRepository', effect: { kind: 'refuse' } });
    const result = await scene.run(missing);
    expect([result.status, result.errors[0]]).toEqual([1, expect.stringContaining('allow ecr:CreateRepository')]);
  });
});

describe('an archived image, which cannot be pulled', () => {
  const archive = () => {
    for (const image of scene.aws.ecr.repository('team/app').images.values()) image.archived = true;
  };

  it('is pushed again where its tag can move', async () => {
    await scene.run({ tags: 'v1' });
    archive();
    const { status, outputs } = await scene.run({ tags: 'v1' });
    expect([status, outputs['skipped']]).toEqual([0, 'false']);
    expect(scene.aws.ecr.repository('team/app').images.get(outputs['image-digest']!)?.archived).toBe(false);
  });

  it('is reported with the command that restores it where its tag is immutable', async () => {
    await scene.run({ tags: 'v1' });
    scene.aws.ecr.repository('team/app').mutability = 'IMMUTABLE';
    archive();
    const { status, errors } = await scene.run({ tags: 'v1' });
    expect([status, errors]).toEqual([
      2,
      [
        expect.stringMatching(
          /^Error: tags: "v1" names an image that is ARCHIVED in ECR.*aws ecr update-image-storage-class --repository-name team\/app --image-id imageTag=v1 --target-storage-class STANDARD/,
        ),
      ],
    ]);
  });
});

describe('push: false', () => {
  it('builds without a look at the repository, and gives no digest', async () => {
    const result = await scene.run({ repository: 'team/nowhere', push: 'false', tags: 'v1,v2' });
    expect([result.status, result.errors]).toEqual([0, []]);
    const name = `${scene.endpoint.registryHost}/team/nowhere`;
    expect(result.outputs).toEqual({
      'image-uri': `${name}:v1`,
      'image-tags': 'v1,v2',
      registry: scene.endpoint.registryHost,
      repository: 'team/nowhere',
      skipped: 'false',
    });
    expect(result.stdout).toContain(`built and not pushed: ${name}:v1`);
    expect(calls()).toEqual(['GetAuthorizationToken']);
    expect(readdirSync(scene.temp)).toEqual([]);
  });

  it('finds what cannot be built', async () => {
    scene.write({ Dockerfile: 'FROM scratch\nCOPY missing /\n' });
    const result = await scene.run({ push: 'false' });
    expect([result.status, result.errors[0]]).toEqual([2, expect.stringContaining('"missing" does not exist')]);
  });

  it('does not go with a scan', async () => {
    const result = await scene.run({ push: 'false', 'scan-severity': 'high' });
    expect([result.status, result.errors[0]]).toEqual([2, expect.stringContaining('scan-severity: needs push')]);
  });
});

describe('a tag that another run pushes while this one is building', () => {
  const repository = () => scene.aws.ecr.repository('team/app');
  /** Pushes an image as soon as the action begins to push its own. */
  function race(inputs: Record<string, string>, tags: string[]) {
    let theirs: string | undefined;
    const onOutput = (output: string) => {
      if (theirs === undefined && output.includes('pushing to')) {
        theirs = scene.aws.ecr.putImage('team/app', { tags }).digest;
      }
    };
    return scene.run(inputs, { onOutput }).then((result) => ({ ...result, theirs: theirs! }));
  }
  beforeEach(() => {
    repository().mutability = 'IMMUTABLE';
  });

  it.each(['auto', 'skip'])('%s takes their image', async (mode) => {
    const { status, errors, outputs, stdout, theirs } = await race({ tags: 'v1', 'if-tag-exists': mode }, ['v1']);
    expect([status, errors]).toEqual([0, []]);
    expect(outputs).toMatchObject({ 'image-digest': theirs, skipped: 'true' });
    expect(stdout).toContain('another run has pushed the image');
  });

  it.each(['push', 'fail'])('%s fails, and says whose it is', async (mode) => {
    const { status, errors, outputs, theirs } = await race({ tags: 'v1', 'if-tag-exists': mode }, ['v1']);
    expect([status, outputs['IMAGE']]).toEqual([1, undefined]);
    expect(errors).toEqual([expect.stringMatching(`cannot push to .*/team/app: "v1" \\(${theirs}\\) already exists`)]);
  });

  it('fails where the tags belong to two images by then', async () => {
    const { status, errors } = await race({ tags: 'v1,v2' }, ['v2']);
    expect(status).toBe(1);
    expect(errors).toEqual([expect.stringMatching(/cannot push to .*"v2" .* is another image than "v1"/)]);
  });
});

it('asks the account of the registry for everything', async () => {
  const { account } = scene.aws;
  const inputs = { registry: account, repository: 'team/new', 'create-repository': 'true', tags: 'v1' };
  const result = await scene.run(inputs);
  expect([result.status, result.errors]).toEqual([0, []]);
  const asked = scene.aws.calls.filter(({ service }) => service === 'ecr').map(({ input }) => input);
  expect(asked).toEqual([
    { registryIds: [account] },
    { registryId: account, repositoryNames: ['team/new'] },
    { registryId: account, repositoryName: 'team/new', imageScanningConfiguration: { scanOnPush: true } },
  ]);
});

it('builds for a platform that was asked for', async () => {
  const result = await scene.run({ platforms: 'linux/arm/v6', tags: 'v1' });
  expect([result.status, result.errors]).toEqual([0, []]);
  const several = await scene.run({ platforms: 'linux/amd64,linux/arm64', tags: 'v2' });
  expect([several.status, several.errors[0]]).toEqual([
    2,
    expect.stringMatching(
      /platforms: builtin cannot build several platforms at once; use a builder that can: docker with buildx/,
    ),
  ]);
});

it('refuses secrets that the builder cannot pass, before anything is built', async () => {
  const inputs = { 'secret-envs': 'npm=NPM_TOKEN', cache: 'inline', provenance: 'true', 'build-options': '--push' };
  const result = await scene.run(inputs, { env: { NPM_TOKEN: 'very-secret' } });
  expect(result.status).toBe(2);
  expect(result.stdout).toMatch(/secret-envs: builtin cannot pass secrets; use .*finch, podman, buildah/);
  expect(result.stdout).toMatch(/build-options: must not have --push: use push/);
  expect(result.stdout).toMatch(/cache: builtin cannot keep the cache inside the image/);
  expect(result.stdout).toMatch(/provenance: builtin cannot attach provenance/);
  expect(result.output).not.toContain('very-secret');
  expect(scene.aws.calls).toEqual([]);
});

describe('the permissions that the README names for an input', () => {
  const beyondPolicy = () => permissionsOf(scene.aws.calls).filter((name) => !leastPermissions().includes(name));

  it.each<[string, Record<string, string>]>([
    ['create-repository', { repository: 'team/new', 'create-repository': 'true' }],
    ['scan-severity', { 'scan-severity': 'high' }],
    ['push', { push: 'false' }],
    ['if-tag-exists', { 'if-tag-exists': 'fail' }],
  ])('%s', async (input, inputs) => {
    scene.aws.ecr.setScan('team/app', '*', { kind: 'basic', takes: 0 });
    expect((await scene.run({ tags: 'v1', ...inputs })).status).toBe(0);
    expect(beyondPolicy()).toEqual(furtherPermissions(input));
  });

  it('a base image in ECR', async () => {
    await seedBaseImage(scene.aws.ecr, { repository: 'base', tag: '1', files: { a: 'a' }, config: {} });
    scene.write({ Dockerfile: `FROM ${scene.endpoint.registryHost}/base:1\nCOPY server.js /\n` });
    expect((await scene.run({ tags: 'v1' })).status).toBe(0);
    expect(beyondPolicy()).toEqual(['GetDownloadUrlForLayer']);
  });
});
