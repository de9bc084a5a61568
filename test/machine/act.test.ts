import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hasAct, hasActionlint, toolsPath, withoutAct } from '../support/act';
import { projectRoot } from '../support/project-files';

const folder = mkdtempSync(join(tmpdir(), 'act-'));
/** The home and the cache of act: it copies the checkout into it. */
const home = mkdtempSync(join(tmpdir(), 'act-home-'));
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.email=a@example.com', '-c', 'user.name=a', ...args], { cwd: folder, stdio: 'pipe' });
const actions = ['build-and-push', 'render-task-definition', 'ecs-bluegreen-deploy'];

/** A workflow of the README of amazon-ecs-render-task-definition, with other `uses:` lines, for two containers, and a wrong one. */
const workflow = `on: push
jobs:
  render:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        tag: ['2', '3']
    steps:
      - uses: actions/checkout@v5
      - id: render-web-container
        uses: ./actions/render-task-definition
        with:
          task-definition: task.json
          container-name: web
          image: sample/web:\${{ matrix.tag }}
          environment-variables: |
            LOG_LEVEL=info
            ENVIRONMENT=prod
      - id: render-app-container
        uses: ./actions/render-task-definition
        with:
          task-definition: \${{ steps.render-web-container.outputs.task-definition }}
          container-name: app
          image: sample/app:\${{ matrix.tag }}
      - working-directory: actions
        env:
          FILE: \${{ steps.render-app-container.outputs.task-definition }}
          TAG: \${{ matrix.tag }}
        run: grep -q "sample/web:$TAG" "$FILE" && grep -q "sample/app:$TAG" "$FILE" && grep -q LOG_LEVEL "$FILE"
      - run: test -z "$(git status --porcelain)"
  wrong:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: ./actions/ecs-bluegreen-deploy
        with:
          task-definition: task.json
          run-task: true
`;

beforeAll(() => {
  mkdirSync(join(folder, '.github/workflows'), { recursive: true });
  writeFileSync(join(folder, '.github/workflows/ship.yml'), workflow);
  const [web, app] = ['web', 'app'].map((name) => ({ name, image: `${name}:1`, memory: 64 }));
  writeFileSync(join(folder, 'task.json'), JSON.stringify({ family: 'web', containerDefinitions: [web, app] }));
  for (const action of actions) {
    for (const file of ['action.yml', 'dist/index.js'])
      cpSync(join(projectRoot, 'actions', action, file), join(folder, 'actions', action, file));
  }
  git('init', '-q');
  git('remote', 'add', 'origin', 'https://github.com/owner/sample.git');
  git('add', '-A');
  git('commit', '-qm', 'Sample');
});
afterAll(() => {
  for (const made of [folder, home]) rmSync(made, { recursive: true, force: true });
});

function act(job: string) {
  const args = ['push', '-P', 'ubuntu-latest=-self-hosted', '--job', job];
  const env = { PATH: toolsPath, HOME: home, XDG_CACHE_HOME: home };
  return spawnSync('act', args, { cwd: folder, encoding: 'utf8', env });
}

describe('act', () => {
  if (!hasAct) {
    it.todo(withoutAct);
    return;
  }

  it('runs a workflow of aws-actions with other uses: lines, in a matrix, and leaves the checkout clean', () => {
    const { status, stdout } = act('render');
    expect(stdout).toContain('Job succeeded');
    expect(status).toBe(0);
  });

  it('fails a job that would lose its service, with the way', () => {
    const { status, stdout } = act('wrong');
    expect(status).toBe(1);
    expect(stdout).toMatch(/service: is required but not set; set it, or register-only: true/);
  });
});

describe('actionlint', () => {
  if (!hasActionlint) {
    it.todo('is left out: actionlint is not installed (go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12)');
    return;
  }
  const lint = (text: string) =>
    spawnSync('actionlint', ['-no-color', '-'], {
      cwd: folder,
      input: text,
      encoding: 'utf8',
      env: { PATH: toolsPath },
    }).stdout;

  it('accepts the manifests by a workflow that uses them', () => {
    expect(lint(workflow.slice(0, workflow.indexOf('  wrong:')))).toBe('');
  });

  it('accepts the workflow of the documents', () => {
    const page = readFileSync(join(projectRoot, 'docs/hosts.md'), 'utf8');
    const [, example = ''] = /## GitHub\n.*?```yaml\n(.*?)```/s.exec(page) ?? [];
    expect(example).toContain('runs-on');
    expect(lint(example.replace(/<owner>\/([\w-]+)@v1/g, './actions/$1'))).toBe('');
  });
});
