import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { findPath, foldersOf, placesOf } from '../../../shared/host/folders';

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

  it('are tried in that order', () => {
    make('artifact/task.json');
    expect(findPath('task.json', folders)).toBe(join(root, 'artifact/task.json'));
    make('source/task.json');
    expect(findPath('task.json', folders)).toBe(join(root, 'source/task.json'));
    expect(findPath('nowhere.json', folders)).toBeUndefined();
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
