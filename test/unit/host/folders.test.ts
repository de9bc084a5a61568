import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { findFile, findPath, foldersOf, placesOf } from '../../../shared/host/folders';

const root = mkdtempSync(join(tmpdir(), 'folders-'));
const make = (path: string) => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), path);
};
afterAll(() => rmSync(root, { recursive: true }));

const folders = foldersOf(
  {
    CATALYST_DEFAULT_DIR: join(root, 'default'),
    CATALYST_SOURCE_DIR_WorkflowSource: join(root, 'source'),
    CATALYST_SOURCE_DIR_TaskDefinition: join(root, 'artifact'),
    CATALYST_SOURCE_DIR_CawsCustomActionSource: join(root, 'action'),
  },
  join(root, 'work'),
);

describe('places of a path', () => {
  it('are the working folder, the default folder, the source, then each artifact', () => {
    expect(placesOf('task.json', folders)).toEqual(
      ['work', 'default', 'source', 'artifact'].map((folder) => join(root, folder, 'task.json')),
    );
  });

  it('of an absolute path are that path', () => {
    expect(placesOf('/etc/task.json', folders)).toEqual(['/etc/task.json']);
  });

  it('of a path below /artifacts include the folder of that artifact', () => {
    const path = '/artifacts/Deploy/TaskDefinition/out/task-definition-1.json';
    expect(placesOf(path, folders)).toEqual([path, join(root, 'artifact/out/task-definition-1.json')]);
    expect(placesOf('/artifacts/Deploy/Other/x.json', folders)).toEqual(['/artifacts/Deploy/Other/x.json']);
  });

  it('of a path below /sources include the folder of the source', () => {
    const path = '/sources/WorkflowSource/deploy/task.json';
    expect(placesOf(path, folders)).toEqual([path, join(root, 'source/deploy/task.json')]);
    expect(placesOf(path, foldersOf({}, '/w'))).toEqual([path]);
    expect(placesOf('/sources/Other/task.json', folders)).toEqual(['/sources/Other/task.json']);
  });

  it('are tried in that order', () => {
    make('artifact/task.json');
    expect(findPath('task.json', folders)).toBe(join(root, 'artifact/task.json'));
    make('source/task.json');
    expect(findPath('task.json', folders)).toBe(join(root, 'source/task.json'));
    expect(findPath('nowhere.json', folders)).toBeUndefined();
  });
});

describe('where the local runner of AWS lays artifacts', () => {
  const inArtifact = (name: string) => `/artifacts/Deploy/TaskDefinition/${name}`;

  it.each([
    ['of an entry with a star', 'task-definition/task-definition-1.json', 'task-definition-1.json'],
    ['of an entry that is a name', 'taskdef.json/taskdef.json', 'taskdef.json'],
    ['of an entry with a folder', 'build/out/taskdef-2.json', 'out/taskdef-2.json'],
    ['of an entry with a star in a folder', 'deploy/task/task-3.json', 'deploy/task-3.json'],
    ['of an entry that is a name in folders', 'a/b/appspec.yaml/appspec.yaml', 'a/b/appspec.yaml'],
  ])('the file %s is found, by its whole path and by its name', (_, laid, name) => {
    make(`artifact/${laid}`);
    const found = join(root, 'artifact', laid);
    expect([findFile(inArtifact(name), folders), findFile(name, folders)]).toEqual([found, found]);
  });

  it('a file that lies flat comes first', () => {
    make('artifact/flat-1.json');
    make('artifact/flat/flat-1.json');
    expect(findFile(inArtifact('flat-1.json'), folders)).toBe(join(root, 'artifact/flat-1.json'));
  });

  it('a file in two folders is in neither', () => {
    make('artifact/one/twice.json');
    make('artifact/two/twice.json');
    expect([findFile(inArtifact('twice.json'), folders), findFile('twice.json', folders)]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('a file one folder deeper in several ways is in none', () => {
    make('artifact/up/thrice/t.json');
    make('artifact/thrice/down/t.json');
    make('artifact/other/thrice/t.json');
    expect(findFile(inArtifact('thrice/t.json'), folders)).toBeUndefined();
  });

  it('nothing above the artifact is looked for', () => {
    make('aside/deep/secret.json');
    expect(placesOf('../aside/secret.json', folders).filter((place) => place.includes('deep'))).toEqual([]);
  });

  it('a folder is not looked for, as a folder is never deployed', () => {
    make('artifact/app/context/Dockerfile');
    expect(findPath('context', folders)).toBeUndefined();
  });

  it('below /artifacts itself, a file is found as well', () => {
    const bare = foldersOf({ CATALYST_SOURCE_DIR_Other: join(root, 'artifact') }, root);
    expect(placesOf(inArtifact('x.json'), bare)).toEqual([inArtifact('x.json')]);
  });
});

describe('the primary source', () => {
  it.each([
    [{ CATALYST_SOURCE_DIR_WorkflowSource: '/s', CATALYST_SOURCE_DIR_A: '/a' }, '/s'],
    [{ CATALYST_SOURCE_DIR_CawsCustomActionSource: '/c', CATALYST_SOURCE_DIR_A: '/a' }, '/a'],
    [{ CATALYST_SOURCE_DIR_CawsCustomActionSource: '/c' }, '/w'],
    [{ GITHUB_WORKSPACE: '/g' }, '/g'],
    [{}, '/w'],
  ])('of %j is %s', (env, source) => {
    expect(foldersOf(env, '/w').source).toBe(source);
  });
});
