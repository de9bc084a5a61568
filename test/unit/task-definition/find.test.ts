import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { foldersOf } from '../../../shared/host/folders';
import { findTaskDefinition, readTaskDefinitionFile } from '../../../shared/task-definition/find';

const root = mkdtempSync(join(tmpdir(), 'find-'));
const working = join(root, 'working');
const source = join(root, 'source');
const artifact = join(root, 'artifact');
const folders = foldersOf({ CATALYST_SOURCE_DIR_WorkflowSource: source, CATALYST_SOURCE_DIR_Built: artifact }, working);

beforeAll(() => {
  for (const folder of [working, source, artifact]) mkdirSync(folder);
  writeFileSync(join(working, 'here.json'), '{"family":"working"}');
  writeFileSync(join(source, 'here.json'), '{"family":"source"}');
  writeFileSync(join(source, 'family'), '{"family":"file"}');
  mkdirSync(join(working, 'family'));
  mkdirSync(join(source, 'web'));
  writeFileSync(join(artifact, 'built.json'), '{"family":"built"}');
  writeFileSync(join(source, 'large.json'), JSON.stringify({ family: 'x'.repeat(2 ** 20) }));
  writeFileSync(join(source, 'utf16.json'), Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('{}', 'utf16le')]));
  writeFileSync(join(source, 'latin1.json'), Buffer.from('{"family":"é"}', 'latin1'));
  mkdirSync(join(source, 'folder.json'));
});
afterAll(() => rmSync(root, { recursive: true }));

describe('findTaskDefinition', () => {
  it.each<[given: string, found: object]>([
    ['here.json', { kind: 'file', path: join(working, 'here.json') }],
    ['built.json', { kind: 'file', path: join(artifact, 'built.json') }],
    [join(artifact, 'built.json'), { kind: 'file', path: join(artifact, 'built.json') }],
    ['/artifacts/Deploy/Built/built.json', { kind: 'file', path: join(artifact, 'built.json') }],
    ['family', { kind: 'file', path: join(source, 'family') }],
    ['family:3', { kind: 'family', name: 'family:3' }],
    ['web', { kind: 'family', name: 'web' }],
    ['folder.json', { kind: 'file', path: join(source, 'folder.json') }],
    ['arn:aws:ecs:us-west-2:111122223333:task-definition/web:1', { kind: 'arn', name: expect.stringMatching(/^arn:/) }],
  ])('%s', (given, found) => {
    expect(findTaskDefinition(given, folders)).toEqual(found);
  });

  it.each(['gone.json', 'gone.yaml', 'gone.YML', 'dir/web'])('says where it looked for %s', (given) => {
    const places = [working, source, artifact].map((folder) => join(folder, given)).join(', ');
    expect(findTaskDefinition(given, folders)).toEqual({
      problem: `there is no file ${given}; looked for ${places}`,
    });
  });

  it('says that a name is neither a file nor a family', () => {
    expect(findTaskDefinition('my task', folders)).toEqual({
      problem: expect.stringContaining('there is no file my task, and it is neither an ARN nor a family; looked for'),
    });
  });
});

describe('readTaskDefinitionFile', () => {
  it('reads a file under the name that the user gave it', () => {
    const { name, value } = readTaskDefinitionFile(join(source, 'here.json'), 'here.json');
    expect({ name, value }).toEqual({ name: 'here.json', value: { family: 'source' } });
  });

  it.each([
    ['folder.json', 'is a directory; name the file in it'],
    ['large.json', 'is larger than 1 MiB; a task definition has at most 64 KiB'],
    ['utf16.json', 'is written in UTF-16; save it as UTF-8'],
    ['latin1.json', 'is not UTF-8 text'],
  ])('refuses %s', (name, problem) => {
    expect(() => readTaskDefinitionFile(join(source, name), name)).toThrow(`task-definition: ${name} ${problem}`);
  });

  it('refuses a device, which may never end', () => {
    expect(() => readTaskDefinitionFile('/dev/zero', '/dev/zero')).toThrow('/dev/zero is not a file');
  });

  it('says why a file cannot be read', () => {
    const path = join(source, 'gone.json');
    expect(() => readTaskDefinitionFile(path, 'gone.json')).toThrow('gone.json cannot be read: it does not exist');
  });
});
