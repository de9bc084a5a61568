import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runHere } from '../support/in-process';
import { buildOf, cacheService, type GitHubScene, openGitHubScene, valuesOf } from './build-github-scene';

let scene: GitHubScene;
beforeEach(async () => {
  scene = await openGitHubScene();
});
afterEach(() => scene.close());

describe('a step of docker/build-push-action', () => {
  it('builds and pushes what docker/metadata-action names, with its cache and secrets', async () => {
    const { status, calls, outputs, output } = await scene.run(
      {
        context: '.',
        file: './Dockerfile',
        push: 'true',
        builder: 'builder-1',
        tags: `${scene.image}:1.2.3\n${scene.image}:latest`,
        labels: 'org.opencontainers.image.version=1.2.3\norg.opencontainers.image.description=Shop, "fast"',
        'cache-from': 'type=gha',
        'cache-to': `type=gha,mode=max\ntype=registry,ref=${scene.image}:cache`,
        secrets: 'TOKEN=hunter2-hunter2\n"KEY=line one\nline two"',
        'no-cache': 'false',
        pull: 'true',
        'add-hosts': 'db:10.0.0.2',
        'shm-size': '2g',
        'build-contexts': 'docs=public\nalpine=docker-image://alpine:3.20\nlib=github.com/o/lib#v1\nown=me@host:o/lib',
        'github-token': 'ghs_token',
      },
      cacheService,
    );
    expect([status, output.match(/^::error.*/gm)]).toEqual([0, null]);
    const build = buildOf(calls);
    expect(build.builder).toBe('builder-1');
    expect(valuesOf(build, '--tag')).toEqual([`${scene.image}:1.2.3`, `${scene.image}:latest`]);
    expect(valuesOf(build, '--label')).toContain('org.opencontainers.image.description=Shop, "fast"');
    expect(valuesOf(build, '--cache-from')).toEqual(['type=gha']);
    expect(valuesOf(build, '--cache-to')).toEqual([
      'type=gha,mode=max',
      `type=registry,ref=${scene.image}:cache,image-manifest=true,oci-mediatypes=true`,
    ]);
    expect(valuesOf(build, '--build-context')).toEqual([
      `docs=${join(scene.source, 'public')}`,
      'alpine=docker-image://alpine:3.20',
      'lib=github.com/o/lib#v1',
      'own=me@host:o/lib',
    ]);
    expect(build.words).toEqual(expect.arrayContaining(['--pull', '--add-host', '--shm-size']));
    expect(build.words).not.toContain('--no-cache');
    expect(valuesOf(build, '--secret')).toEqual(['id=TOKEN,env=BUILD_SECRET_0', 'id=KEY,env=BUILD_SECRET_1']);
    expect(build.secrets).toEqual({ BUILD_SECRET_0: 'hunter2-hunter2', BUILD_SECRET_1: 'line one\nline two' });
    expect(JSON.stringify(calls.map(({ words }) => words))).not.toMatch(/hunter2|line one|ghs_token/);
    expect(output.replace(/^::add-mask::.*$/gm, '')).not.toMatch(/hunter2|line one|ghs_token/);
    const digest = scene.aws.ecr.repository('team/app').tags.get('latest');
    expect(outputs).toMatchObject({ digest, 'image-digest': digest, IMAGE: `${scene.image}@${digest}` });
    expect(outputs['imageid']).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(JSON.parse(outputs['metadata']!)).toEqual({
      'containerimage.config.digest': outputs['imageid'],
      'containerimage.digest': digest,
      'image.name': `${scene.image}:1.2.3,${scene.image}:latest`,
    });
  });

  it('pushes what cannot be loaded by the builder, built once and with its attestations', async () => {
    const { status, calls } = await scene.run({
      push: 'true',
      tags: `${scene.image}:v1`,
      platforms: 'linux/amd64,linux/arm64',
      provenance: 'mode=max',
      sbom: 'true',
      annotations: 'manifest:org.opencontainers.image.title=Shop',
      outputs: 'type=image,push=true,compression=zstd',
      'no-cache': 'true',
      'cache-to': 'type=inline\ntype=local,dest=/tmp/cache',
    });
    expect(status).toBe(0);
    const [build, push] = calls.filter(({ words }) => words.includes('--file'));
    expect(build!.words).toEqual(expect.arrayContaining(['--provenance=mode=max', '--sbom=true', '--no-cache']));
    expect(build!.words).not.toContain('--load');
    expect(valuesOf(push!, '--output')).toEqual(['type=image,push=true,compression=zstd']);
    expect(valuesOf(push!, '--cache-to')).toEqual(['type=inline']);
    expect(push!.words).not.toContain('--no-cache');
  });

  it('loads an image to be tested, and pushes nothing', async () => {
    const { status, calls, outputs } = await scene.run({ load: 'true', tags: 'shop:test' });
    expect(status).toBe(0);
    expect(calls.map(({ words }) => words[0])).toEqual(['version', 'buildx', 'buildx', 'buildx']);
    expect(buildOf(calls).words).toContain('--load');
    expect(valuesOf(buildOf(calls), '--tag')).toEqual(['docker.io/library/shop:test']);
    expect(outputs).toMatchObject({
      'image-uri': 'docker.io/library/shop:test',
      imageid: expect.stringMatching(/^sha256/),
    });
    expect(outputs).not.toHaveProperty('digest');
  });

  it.each<Record<string, string>>([
    { push: 'false' },
    { load: 'true' },
    { outputs: 'type=cacheonly', 'cache-to': 'type=local,dest=/tmp/cache' },
    { push: 'false', cache: 'inline', registry: '111122223333' },
    { push: 'False', builder: 'builtin' },
  ])('only builds what has no name, as a pull request does, and asks AWS nothing: %j', async (inputs) => {
    const nobody = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_REGION: undefined };
    const { status, calls, outputs, output } = await scene.run(inputs, nobody);
    expect([status, output.match(/^::(error|warning).*/gm)]).toEqual([0, null]);
    if (inputs['builder'] !== 'builtin') {
      expect(valuesOf(buildOf(calls), '--tag')).toEqual([]);
      expect(outputs['imageid']).toMatch(/^sha256:/);
    }
    expect(calls.some(({ words }) => words[0] === 'login' || words[0] === 'push')).toBe(false);
    expect([output.includes('undefined'), output.includes('nowhere')]).toEqual([false, false]);
    expect(Object.keys(outputs)).toEqual(expect.not.arrayContaining(['IMAGE', 'image-uri', 'registry']));
    expect(scene.aws.calls).toEqual([]);
  });

  it('annotates what there is: a single image has no index', async () => {
    const annotations = [
      'manifest:org.opencontainers.image.title=Shop, "fast"',
      'index:org.opencontainers.image.title=Shop',
      'index,manifest[linux/amd64]:made=by: index:us',
      'plain=index:1',
    ];
    const given = { tags: `${scene.image}:v1`, annotations: annotations.join('\n') };
    const single = await scene.run(given);
    expect(single.status).toBe(0);
    const [title, , made, plain] = annotations;
    const kept = [title, made!.replace('index,', ''), plain];
    for (const call of single.calls.filter(({ words }) => words.includes('--file'))) {
      expect(valuesOf(call, '--annotation')).toEqual(kept);
    }
    expect(single.output).toContain('::warning::annotations of an index are left out');
    const index = await scene.run({ ...given, provenance: 'mode=max' });
    expect(index.output).not.toContain('are left out');
    expect(valuesOf(buildOf(index.calls.slice(single.calls.length)), '--annotation')).toEqual(annotations);
    const none = await scene.run({ ...given, annotations: annotations[1]! }, { FAKE_DOCKER_DRIVER: 'docker' });
    expect([none.status, none.output.match(/^::error.*/gm)]).toEqual([0, null]);
  });

  it('takes the names of outputs where there are no tags', async () => {
    const outputs = `type=image,"name=${scene.image}:v1,${scene.image}:v2",push=true,compression=zstd`;
    const { status, calls, outputs: said } = await scene.run({ outputs });
    expect(status).toBe(0);
    expect(valuesOf(buildOf(calls), '--tag')).toEqual([`${scene.image}:v1`, `${scene.image}:v2`]);
    expect(calls.flatMap((call) => valuesOf(call, '--output'))).toEqual(['type=image,push=true,compression=zstd']);
    expect(said).toMatchObject({ 'image-tags': 'v1,v2' });
  });

  it('takes the checkout for the default context, and its folders', async () => {
    scene.write({ 'app/Dockerfile': 'FROM scratch\nCOPY . .\n' });
    const { status, calls } = await scene.run({
      tags: `${scene.image}:v1`,
      context: '{{defaultContext}}:app',
      file: 'Dockerfile',
      'build-contexts': 'docs={{ defaultContext }}:public\nall={{defaultContext}}',
    });
    expect(status).toBe(0);
    const build = buildOf(calls);
    expect([build.words.at(-1), valuesOf(build, '--file')]).toEqual([
      join(scene.source, 'app'),
      [join(scene.source, 'app/Dockerfile')],
    ]);
    expect(valuesOf(build, '--build-context')).toEqual([`docs=${join(scene.source, 'public')}`, `all=${scene.source}`]);
  });

  it('builds for a pull request, which has no credentials', async () => {
    const nobody = {
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const { status, output, calls } = await scene.run({ push: 'false', tags: `${scene.image}:pr-1` }, nobody);
    expect(status).toBe(0);
    expect(output).toContain(`not logged in to ${scene.endpoint.registryHost}`);
    expect(calls.some(({ words }) => words[0] === 'login' || words[0] === 'push')).toBe(false);
  });

  it.each(['docker', 'builtin'])('pushes with the login that docker/login-action left, by %s', async (name) => {
    const { password } = scene.aws.ecr.tokens.issue();
    const auth = Buffer.from(`AWS:${password}`).toString('base64');
    mkdirSync(join(scene.place, '.docker'));
    const config = { auths: { [scene.endpoint.registryHost]: { auth } } };
    writeFileSync(join(scene.place, '.docker/config.json'), JSON.stringify(config));
    const nobody = {
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const { status, outputs, output } = await scene.run(
      { builder: name, push: 'true', tags: `${scene.image}:v1` },
      nobody,
    );
    expect([status, output.match(/^::error.*/gm)]).toEqual([0, null]);
    expect(outputs['digest']).toBe(scene.aws.ecr.repository('team/app').tags.get('v1'));
    const refused = await scene.run({ builder: name, tags: `${scene.image}:v1`, 'scan-severity': 'high' }, nobody);
    expect(refused.status).toBe(2);
    expect(refused.output).toContain('scan-severity: needs calls of ECR, which docker login alone does not allow');
  });

  it.each([
    ['before the build, which writes its cache there', 'HOST/team/new:cache', true],
    ['after the build, whose cache is elsewhere', 'HOST/team/newer:cache', false],
  ])('creates the repository %s', async (_, ref, isThere) => {
    const name = `${scene.endpoint.registryHost}/team/new`;
    const { status } = await scene.run(
      {
        tags: `${name}:v1`,
        'create-repository': 'true',
        'cache-to': `type=registry,mode=max,ref=${ref.replace('HOST', scene.endpoint.registryHost)}`,
      },
      { FAKE_DOCKER_BUILD: 'fail' },
    );
    expect([status, scene.aws.ecr.repositories.has('team/new')]).toEqual([1, isThere]);
  });

  it('passes the keys of a cache in the environment, and shows none in its log', async () => {
    const keys = 'access_key_id=AKIACACHEKEY,secret_access_key=hunter2-hunter2';
    const { status, output, calls } = await scene.run(
      {
        tags: `${scene.image}:v1`,
        'cache-from': `type=s3,${keys},region=eu-west-1,bucket=b`,
        'cache-to': `type=s3,region=eu-west-1,bucket=b,mode=max,${keys}`,
      },
      { FAKE_DOCKER_BUILD: 'words' },
    );
    expect(status).toBe(0);
    expect(valuesOf(buildOf(calls), '--cache-from')).toEqual(['type=s3,region=eu-west-1,bucket=b']);
    expect(valuesOf(buildOf(calls), '--cache-to')).toEqual(['type=s3,region=eu-west-1,bucket=b,mode=max']);
    expect(buildOf(calls).aws).toEqual({ id: 'AKIACACHEKEY', secret: 'hunter2-hunter2', session: '' });
    expect(output.replace(/^::add-mask::.*$/gm, '')).not.toMatch(/AKIACACHEKEY|hunter/);
  });

  it('masks the keys of a cache that only its record can have', async () => {
    const { status, output } = await scene.run(
      { tags: `${scene.image}:v1`, 'cache-to': 'type=azblob,name=c,secret_access_key=hunter2-hunter2' },
      { FAKE_DOCKER_BUILD: 'words' },
    );
    expect(status).toBe(0);
    expect(output).toContain('--cache-to type=azblob,name=c,secret_access_key=***');
    expect(output.replace(/^::add-mask::.*$/gm, '')).not.toContain('hunter');
  });

  it('says that a cache of GitHub is not used where the environment has none', async () => {
    const { status, output } = await scene.run({ tags: `${scene.image}:v1`, 'cache-to': 'type=gha,mode=max' });
    expect(status).toBe(0);
    expect(output).toContain('the cache of type=gha is not used: ACTIONS_RUNTIME_TOKEN is not set');
  });

  it('leaves out a secret without an id and says nothing of it, as a line of a key that is not in quotes', async () => {
    const { status, output, calls } = await scene.run({
      tags: `${scene.image}:v1`,
      secrets: 'KEY=begin-of-key\nbase64/of+the-key\nend-of-key==\nTOKEN=',
    });
    expect(status).toBe(0);
    expect(output).toMatch(/::warning::secrets: record 2 has no id and is left out; .* is put in quotes/);
    expect(output).toContain('::warning::secrets: record 4 is empty and left out');
    expect(output.replace(/^::add-mask::.*$/gm, '')).not.toMatch(/begin-of-key|base64|end-of-key/);
    expect(valuesOf(buildOf(calls), '--secret')).toEqual([
      'id=KEY,env=BUILD_SECRET_0',
      'id=end-of-key,env=BUILD_SECRET_1',
    ]);
  });

  it('takes names alone as docker build does: arguments of the environment, empty labels', async () => {
    const { status, output, calls } = await scene.run(
      {
        tags: `"${scene.image}:v1"`,
        'build-args': 'DOCKER_METADATA_OUTPUT_JSON\nNOWHERE\nA=1',
        labels: 'checked',
        'secret-envs': '"npm=NPM_TOKEN"',
      },
      { DOCKER_METADATA_OUTPUT_JSON: '{"tags":[]}', NPM_TOKEN: 'hunter2-hunter2' },
    );
    expect([status, output.match(/^::error.*/gm)]).toEqual([0, null]);
    expect(valuesOf(buildOf(calls), '--build-arg')).toEqual(['DOCKER_METADATA_OUTPUT_JSON', 'A=1']);
    expect(valuesOf(buildOf(calls), '--label')).toContain('checked=');
    expect(valuesOf(buildOf(calls), '--secret')).toEqual(['id=npm,env=NPM_TOKEN']);
    expect(output).toContain('::warning::build-args: NOWHERE has no value and is no environment variable');
  });

  it('leaves out a secret that is empty, as in a build of a fork', async () => {
    const { status, output, calls } = await scene.run({ tags: `${scene.image}:v1`, secrets: 'TOKEN=' });
    expect(status).toBe(0);
    expect(output).toContain('secrets: "TOKEN" is empty and left out');
    expect(valuesOf(buildOf(calls), '--secret')).toEqual([]);
  });
});

describe('what Docker says of the Dockerfile', () => {
  it('is an annotation at its line', async () => {
    const tags = `${scene.image}:v1`;
    const warned = await scene.run({ tags }, { FAKE_DOCKER_BUILD: 'warn' });
    expect(warned.output).toContain("::warning file=Dockerfile,line=1::Dockerfile:1: FromAsCasing: 'as' and 'FROM'");
    const failed = await scene.run({ tags }, { FAKE_DOCKER_BUILD: 'break' });
    expect(failed.output).toContain('::error file=Dockerfile,line=3::Dockerfile:3: the build failed here');
    expect(failed.output).toMatch(/::error::cannot build Dockerfile: docker ended with status 1/);
  });
});

it('reads a Dockerfile from standard input in a shell', async () => {
  const args = ['--builder', 'builtin', '--tags', `${scene.image}:v1`, '--dockerfile', '-', '--format', 'json'];
  const { env } = scene.endpoint;
  const stdin = 'FROM scratch\nCOPY server.js /\n';
  const { status, stdout } = await runHere('build-and-push', args, { cwd: scene.source, env, stdin });
  expect([status, JSON.parse(stdout)]).toEqual([
    0,
    expect.objectContaining({ 'image-tags': 'v1', repository: 'team/app' }),
  ]);
});
