import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { checkPackages } from '../../shared/dev/check-packages';
import { runNode } from '../support/process';

const script = join(__dirname, '../../shared/dev/package.mjs');
const folder = mkdtempSync(join(tmpdir(), 'packages-'));
const made = join(folder, 'made');
const copy = join(folder, 'copy');

beforeAll(async () => {
  const { status, stderr } = await runNode(script, [made]);
  expect([status, stderr]).toEqual([0, '']);
  // It makes all bundles anew: half a minute of one core, which on a busy machine is minutes.
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => cpSync(made, copy, { recursive: true }));
afterEach(() => rmSync(copy, { recursive: true }));

it('are what they say', () => {
  expect(checkPackages(made)).toEqual([]);
});

it('install as a command', () => {
  const prefix = join(folder, 'prefix');
  const { version } = JSON.parse(readFileSync(join(made, 'render-task-definition/package.json'), 'utf8')) as {
    version: string;
  };
  const file = join(made, `render-task-definition-${version}.tgz`);
  execFileSync('npm', ['install', '--global', '--offline', '--no-audit', '--no-fund', '--prefix', prefix, file]);
  const said = execFileSync(join(prefix, 'bin/render-task-definition'), ['--version'], {
    encoding: 'utf8',
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' },
  });
  expect(said).toBe(`render-task-definition ${version}\n`);
});

const rewrite = (path: string, from: string | RegExp, to: string) => {
  const text = readFileSync(join(copy, path), 'utf8');
  writeFileSync(join(copy, path), text.replace(from, to));
};

const adk = 'build-and-push/.codecatalyst/actions/action.yml';
it.each<[string, () => void, string]>([
  [
    'a stray file',
    () => writeFileSync(join(copy, 'build-and-push/.env'), ''),
    'build-and-push: .env does not belong there',
  ],
  ['a missing file', () => rmSync(join(copy, 'build-and-push/LICENSE')), 'build-and-push: LICENSE is missing'],
  ['a missing zip', () => rmSync(join(copy, 'build-and-push.zip')), 'copy: build-and-push.zip is missing'],
  [
    'another bundle',
    () => appendFileSync(join(copy, 'build-and-push/dist/index.js'), '\n'),
    'build-and-push: dist/index.js is not the bundle in actions/build-and-push/dist',
  ],
  [
    'another version',
    () => rewrite(adk, /^Version: .*/m, 'Version: 0.9.9'),
    'build-and-push: .codecatalyst/actions/action.yml says version 0.9.9',
  ],
  [
    'a changelog without the version',
    () => rewrite('build-and-push/CHANGELOG.md', /^## .*$/m, '## Unreleased'),
    'build-and-push: CHANGELOG.md says version Unreleased',
  ],
  [
    'a manifest of another action',
    () => rewrite(adk, /Name: .*/, 'Name: other'),
    'build-and-push: .codecatalyst/actions/action.yml names other',
  ],
  [
    'a manifest of another file',
    () => rewrite('build-and-push/action.yml', 'dist/index.js', 'index.js'),
    'build-and-push: a manifest runs index.js instead of dist/index.js',
  ],
  [
    'a link that leads nowhere',
    () => appendFileSync(join(copy, 'build-and-push/README.md'), '[x](docs/x.md)'),
    'build-and-push: README.md links docs/x.md, which is not in the package',
  ],
  [
    'a link to a page of the project',
    () => appendFileSync(join(copy, 'build-and-push/README.md'), '[x](../../docs/security.md)'),
    'build-and-push: README.md links ../../docs/security.md, which is not in the package',
  ],
  [
    'a zip that is not of the tree',
    () => cpSync(join(copy, 'render-task-definition.zip'), join(copy, 'build-and-push.zip')),
    'build-and-push.zip: action.yml differs from build-and-push/action.yml',
  ],
  ['a wrong sum', () => rewrite('SHA256SUMS', /^\w/, 'x'), 'SHA256SUMS: x'],
])('the check finds %s', (_, spoil, finding) => {
  spoil();
  expect(checkPackages(copy)).toContainEqual(expect.stringContaining(finding));
});
