import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';

const project = join(__dirname, '../..');
const corpus = join(project, 'test/unit/workflow/migrate');

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'migrate-test-'));
  copyFileSync(join(corpus, 'codecatalyst/tutorial.yaml'), join(place, 'w.yaml'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

/** The program that `npx` starts; `npm run migrate` runs the same without bundling. */
const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(project, 'dist/migrate.js'), ...args], {
    cwd: place,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
const written = () => readFileSync(join(place, 'w.yaml'), 'utf8');
const expected = readFileSync(join(corpus, 'expected/codecatalyst/tutorial.yaml'), 'utf8');

it('prints a diff that git applies, and writes nothing', () => {
  const before = written();
  const { status, stdout, stderr } = run('w.yaml', '--space', 'acme');
  expect([status, written()]).toEqual([0, before]);
  expect(stderr).toContain('✓ w.yaml:10 Build_application becomes acme/build-and-push@v1\n');
  writeFileSync(join(place, 'change.diff'), stdout);
  expect(spawnSync('git', ['apply', 'change.diff'], { cwd: place }).status).toBe(0);
  expect(written()).toBe(expected);
});

it('makes the change where it is told to, once', () => {
  expect(run('w.yaml', '--space', 'acme', '--write')).toMatchObject({ status: 0, stdout: '' });
  expect(written()).toBe(expected);
  expect(run('w.yaml', '--write')).toMatchObject({ status: 0, stdout: '', stderr: 'w.yaml: nothing to move\n' });
  expect(written()).toBe(expected);
});

it('names a file elsewhere by its whole path, and one whose name begins with dots by that name', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'migrate-elsewhere-'));
  const file = join(elsewhere, 'w.yaml');
  copyFileSync(join(place, 'w.yaml'), file);
  copyFileSync(file, join(place, '..w.yaml'));
  const { stdout, stderr } = run(file, '..w.yaml');
  rmSync(elsewhere, { recursive: true });
  for (const name of [file, '..w.yaml']) expect(stderr).toContain(`✓ ${name}:10 Build_application becomes`);
  for (const name of [file.slice(1), '..w.yaml']) expect(stdout).toContain(`--- a/${name}\n+++ b/${name}\n`);
});

it.each([
  [['--help'], 0, 'npm run migrate -- FILE'],
  [[], 2, 'Error: command line: must name a workflow file; see --help'],
  [['w.yaml', 'nowhere.yaml', '--write'], 2, 'nowhere.yaml cannot be read: it does not exist'],
  [['w.yaml', '--space', 'a b'], 2, '--space must be a name, got "a b"'],
])('answers %j with exit status %s and changes nothing', (args, status, text) => {
  const before = written();
  const result = run(...args);
  expect([result.status, result.stdout + result.stderr]).toEqual([status, expect.stringContaining(text)]);
  expect(written()).toBe(before);
});
