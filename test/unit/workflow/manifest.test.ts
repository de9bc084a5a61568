import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { actionFinder } from '../../local/runner/manifest';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'manifest-test-'));
  action('own', "{ Using: 'node16', Main: 'dist/index.js' }");
  action('project/actions/build-and-push', "{ Using: 'node16', Main: 'dist/index.js' }");
  action('docker', "{ Using: 'docker', Image: 'Dockerfile' }");
  action('prepared', "{ Using: 'node16', Main: 'dist/index.js', Pre: 'dist/index.js' }");
  action('unbuilt', "{ Using: 'node16', Main: 'dist/other.js' }");
});
afterAll(() => rmSync(root, { recursive: true }));

function action(folder: string, runs: string): void {
  const manifest = `Name: ${folder}
Configuration:
  tags: { Required: true, Description: x }
  wait: { Required: false, Description: x, Default: 5 }
Outputs: { Variables: { IMAGE: { Description: x } } }
Runs: ${runs}
`;
  for (const [name, text] of Object.entries({ '.codecatalyst/actions/action.yml': manifest, 'dist/index.js': '' })) {
    mkdirSync(dirname(join(root, folder, name)), { recursive: true });
    writeFileSync(join(root, folder, name), text);
  }
}

const find = (identifier: string) => actionFinder(root, join(root, 'project'))(identifier);

describe('actionFinder', () => {
  it('knows the built-in approval', () => expect(find('aws/approval@v1')).toBe('approval'));

  it('reads the manifest of a local folder', () => {
    expect(find('./own')).toEqual({
      name: 'own',
      folder: join(root, 'own'),
      main: join(root, 'own/dist/index.js'),
      inputs: { tags: { required: true, default: '' }, wait: { required: false, default: '5' } },
      outputs: ['IMAGE'],
    });
  });

  it('knows builds, and the actions of this project in whatever space', () => {
    expect(find('aws/build@v1')).toBe('build');
    expect(find('aws/build@v1.0.0')).toBe('build');
    expect(find('aws/managed-test@v1')).toBe('build');
    expect(find('my-space/build-and-push@v1.2.3')).toMatchObject({ name: 'project/actions/build-and-push' });
  });

  it.each([
    ['aws/ecs-deploy@v1', 'write <space>/ecs-bluegreen-deploy@v1, which replaces "aws/ecs-deploy@v1"'],
    ['aws/ecs-render-task-definition@v1.0.4', 'write <space>/render-task-definition@v1'],
    ['aws/build-and-push@v1', 'only aws/build, aws/managed-test, aws/approval, local folders and build-and-push'],
    ['aws/build', 'must be a folder (. or ./actions/name) or <space>/<action>@v1, got "aws/build"'],
    ['.', 'no action there'],
    ['./docker', 'only actions with Using: node… and a Main alone can run here'],
    ['./prepared', 'only actions with Using: node… and a Main alone can run here'],
    ['./unbuilt', 'dist/other.js does not exist; npm run build makes it'],
  ])('refuses %s', (identifier, problem) => {
    expect(find(identifier)).toEqual({ problem: expect.stringContaining(problem) });
  });
});
