import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { actionBundle } from '../support/bundles';
import { runNode } from '../support/process';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'code-cache-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const folder = () => join(home, 'ecs-delivery-actions');
const cached = () => join(folder(), readdirSync(folder())[0]!);

/** Runs a bundle with the cache on, and expects what it does without one. */
async function run(env: Readonly<Record<string, string>> = {}): Promise<void> {
  const on = { NODE_DISABLE_COMPILE_CACHE: undefined, XDG_CACHE_HOME: home, ...env };
  const { status, stdout, stderr } = await runNode(actionBundle('render-task-definition'), ['--help'], { env: on });
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('Outputs:');
}

/** A file that is written again is another one. */
const identity = (path: string) => statSync(path).ino;

describe('the code that Node has compiled', () => {
  it('is kept for the next run, for its owner only', async () => {
    await run();
    expect([statSync(folder()).mode & 0o777, statSync(cached()).mode & 0o777]).toEqual([0o700, 0o600]);
    const before = identity(cached());
    await run();
    expect(readdirSync(folder())).toHaveLength(1);
    expect(identity(cached())).toBe(before);
  });

  it('gains what another run compiles', async () => {
    await run();
    const { size } = statSync(cached());
    const env = { NODE_DISABLE_COMPILE_CACHE: undefined, XDG_CACHE_HOME: home };
    expect((await runNode(actionBundle('render-task-definition'), [], { env })).status).toBe(2);
    expect(statSync(cached()).size).toBeGreaterThan(size);
    const before = identity(cached());
    await run();
    expect(identity(cached())).toBe(before);
  });

  it.each<[string, (path: string) => void]>([
    ['is garbage', (path) => writeFileSync(path, 'garbage')],
    ['is empty', (path) => writeFileSync(path, '')],
    ['is cut', (path) => writeFileSync(path, readFileSync(path).subarray(0, 20_000))],
    ['has lost a block', (path) => writeFileSync(path, readFileSync(path).fill(0, 8192, 12_288))],
    ['holds no code of this Node', (path) => writeFileSync(path, zeroed(readFileSync(path)))],
    ['can be read by others', (path) => chmodSync(path, 0o644)],
    ['can be written by others', (path) => chmodSync(path, 0o620)],
    ['has a second hard link', (path) => linkSync(path, join(home, 'elsewhere'))],
  ])('is ignored and rebuilt where its file %s', async (_, spoil) => {
    await run();
    spoil(cached());
    const before = identity(cached());
    await run();
    expect(identity(cached())).not.toBe(before);
    expect(statSync(cached()).mode & 0o777).toBe(0o600);
    expect(statSync(cached()).size).toBeGreaterThan(20_000);
  });

  it.each<[string, () => void]>([
    ['can be written by others', () => mkdirSync(folder()) ?? chmodSync(folder(), 0o777)],
    ['can be read by others', () => mkdirSync(folder()) ?? chmodSync(folder(), 0o755)],
    ['is a link', () => mkdirSync(join(home, 'elsewhere'), { mode: 0o700 }) ?? symlinkSync('elsewhere', folder())],
  ])('is not kept where its folder %s', async (_, make) => {
    make();
    await run();
    expect(readdirSync(folder())).toEqual([]);
  });

  it.each([
    { CI: 'true' },
    { CATALYST_RUN_ID: 'r' },
    { NODE_DISABLE_COMPILE_CACHE: '1' },
    { XDG_CACHE_HOME: 'relative' },
    { XDG_CACHE_HOME: '/dev/null/none' },
    { XDG_CACHE_HOME: '', HOME: '' },
  ])('is not kept with %p', async (env) => {
    await run(env);
    expect(existsSync(folder())).toBe(false);
  });

  it('of earlier versions is removed after a month', async () => {
    await run();
    const [old, recent] = [join(folder(), 'old'), join(folder(), 'recent')];
    for (const path of [old, recent]) writeFileSync(path, '');
    const days = (count: number) => new Date(Date.now() - count * 24 * 60 * 60 * 1000);
    utimesSync(old, days(31), days(31));
    utimesSync(recent, days(29), days(29));
    rmSync(join(folder(), readdirSync(folder()).find((name) => name.includes('-v'))!));
    await run();
    expect([existsSync(old), existsSync(recent)]).toEqual([false, true]);
  });
});

/** Both copies of the code, so that they still agree; what is left is no code of any Node. */
const zeroed = (content: Buffer) => content.fill(0, content.indexOf('\n') + 1);
