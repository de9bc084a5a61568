import { describe, expect, it } from '@jest/globals';
import { type NamingInputs, readImageNames } from '../../../../actions/build-and-push/src/ecr/image-names';

const ecr = '111122223333.dkr.ecr.eu-west-1.amazonaws.com';
const read = (given: Partial<NamingInputs>) =>
  readImageNames({ repository: '', registry: undefined, tags: undefined, push: true, ...given }, undefined);
const problems = (given: Partial<NamingInputs>) =>
  read(given).findings.map(({ where, problem }) => `${where}: ${problem}`);

describe('the names of an image', () => {
  it.each<[Partial<NamingInputs>, object]>([
    [
      { repository: 'team/app', tags: ['v1'] },
      { repository: 'team/app', registry: undefined, tags: ['v1'] },
    ],
    [{ repository: 'team/app' }, { repository: 'team/app', tags: undefined }],
    [
      { tags: [`${ecr}/team/app:v1`, `${ecr}/team/app:latest`, 'edge'] },
      { repository: 'team/app', registry: ecr, tags: ['v1', 'latest', 'edge'] },
    ],
    [{ tags: [`${ecr}/app`] }, { repository: 'app', registry: ecr, tags: ['latest'] }],
    [
      { repository: 'app', tags: [`${ecr}/app:v1`] },
      { repository: 'app', registry: ecr },
    ],
    [{ registry: '111122223333', tags: [`${ecr}/app:v1`] }, { registry: ecr }],
    [{ registry: `https://${ecr}/`, tags: [`${ecr}/app:v1`] }, { registry: ecr }],
    [
      { push: false, tags: ['app:test'] },
      { registry: 'docker.io', repository: 'library/app', foreign: true },
    ],
    [
      { push: false, tags: ['user/app:test'] },
      { registry: 'docker.io', repository: 'user/app', tags: ['test'] },
    ],
    [
      { push: false, tags: ['ghcr.io/o/app:1'] },
      { registry: 'ghcr.io', repository: 'o/app', foreign: true },
    ],
    [
      { push: false, tags: [`${ecr}/app:v1`] },
      { registry: ecr, foreign: false },
    ],
  ])('%j', (given, expected) => {
    expect(read(given)).toMatchObject({ findings: [], ...expected });
  });

  it.each<[Partial<NamingInputs>, string[]]>([
    [
      { tags: [`${ecr}/app:v1`, 'ghcr.io/o/app:v1', 'user/app'] },
      [
        'tags: "ghcr.io/o/app" is not in Amazon ECR, the only registry that this action pushes to; push it in a step of its own',
        'tags: "docker.io/user/app" is not in Amazon ECR, the only registry that this action pushes to; push it in a step of its own',
      ],
    ],
    [
      { tags: [`${ecr}/app:v1`, `${ecr}/api:v1`] },
      [`tags: are of several repositories (${ecr}/app, ${ecr}/api); this action pushes to one: use a step for each`],
    ],
    [
      { repository: 'team/app', tags: [`${ecr}/app:v1`] },
      ['repository: is "team/app", but tags name "app"; set only one of them'],
    ],
    [
      { registry: '999999999999', tags: [`${ecr}/app:v1`] },
      [`registry: is "999999999999", but tags name "${ecr}"; set only one of them`],
    ],
    [
      { tags: [`${ecr}/app@sha256:${'a'.repeat(64)}`] },
      [`tags: "${ecr}/app@sha256:${'a'.repeat(24)}…" has a digest, which is known only after the push; use a tag`],
    ],
  ])('refuses %j', (given, expected) => {
    expect(problems(given)).toEqual(expected);
  });

  it('refuses what is not the name of an image', () => {
    expect(problems({ tags: [`${ecr}/App:v1`] })).toEqual([expect.stringContaining('is not an image: it must have')]);
  });
});
