import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withoutHook } from '../../shared/host/git-environment';
import { marker, openRepositoryScene, type RepositoryScene } from './hostile-repository-scene';

let scene: RepositoryScene['scene'];
let programs: RepositoryScene['programs'];
let notes: RepositoryScene['notes'];
let run: RepositoryScene['run'];
let runBundle: RepositoryScene['runBundle'];
let close: RepositoryScene['close'];
beforeEach(async () => {
  ({ scene, programs, notes, run, runBundle, close } = await openRepositoryScene());
});
afterEach(() => close());

/** Puts something in the place of a file, and gives what is said of it. */
const traps: Record<string, [put: (path: string) => void, said: string]> = {
  'a link to the environment': [(path) => symlinkSync('/proc/self/environ', path), 'a system file'],
  'a link to a file of the machine': [(path) => symlinkSync('/etc/passwd', path), 'out of the context'],
  'a link to a file beside the context': [
    (path) => {
      writeFileSync(join(scene.source, 'private'), marker);
      symlinkSync('../private', path);
    },
    'out of the context',
  ],
  'a link through a folder that is a link': [
    (path) => {
      writeFileSync(join(scene.source, 'private'), marker);
      symlinkSync('..', join(path, '../up'));
      symlinkSync('up/private', path);
    },
    'out of the context',
  ],
  'a pipe': [(path) => execFileSync('mkfifo', [path]), 'is a pipe'],
  'a link to zeros without end': [(path) => symlinkSync('/dev/zero', path), 'a system file'],
  'a link to standard input': [(path) => symlinkSync('/dev/stdin', path), ''],
  'a directory': [(path) => mkdirSync(path), 'is a directory'],
  'a file of 50 MB': [
    (path) => {
      writeFileSync(path, marker);
      truncateSync(path, 50e6);
    },
    'is larger than',
  ],
};

/** The look is the same for all builders and files: each is tried with some, and one of them with all. */
const isTried = (builder: string, file: string, trap: number) =>
  builder === 'builtin' ? file !== 'Dockerfile.dockerignore' : trap % 3 === 0;

describe.each(['builtin', 'docker'])('with %s', (builder) => {
  it.each(
    ['Dockerfile', '.dockerignore', 'Dockerfile.dockerignore'].flatMap((file) =>
      Object.keys(traps).flatMap((trap, at) => (isTried(builder, file, at) ? [[file, trap] as const] : [])),
    ),
  )('%s is refused as %s, and nothing of it is shown', async (file, trap) => {
    scene.write({ 'app/Dockerfile': 'FROM scratch\nCOPY a /\n', 'app/a': 'a' });
    const path = join(scene.source, 'app', file);
    rmSync(path, { force: true });
    const [put, said] = traps[trap]!;
    put(path);
    // Only a process of its own has a standard input of its own.
    const start = trap === 'a link to standard input' ? runBundle : run;
    const { status, errors, output } = await start({ builder, context: 'app' });
    expect([status, errors]).toEqual([2, [expect.stringContaining(said)]]);
    expect(errors[0]).toContain(file);
    expect(errors[0]!.length).toBeLessThan(400);
    expect(output.toLowerCase()).not.toContain(marker.toLowerCase());
    expect(scene.aws.calls).toEqual([]);
    const noted = existsSync(notes) ? readFileSync(notes, 'utf8') : '';
    expect(noted).not.toContain('"--file"');
  });

  it.each([
    ['a link inside the context', { context: 'app' }, 'app/Dockerfile'],
    ['a file outside of the context that was named', { context: 'app', dockerfile: 'docker/Dockerfile' }, ''],
  ])('%s is built', async (_, inputs, linked) => {
    scene.write({ 'app/prod/Dockerfile': 'FROM scratch\n', 'docker/Dockerfile': 'FROM scratch\n' });
    if (linked) symlinkSync('prod/Dockerfile', join(scene.source, linked));
    const { status, errors } = await run({ builder, ...inputs });
    expect([status, errors]).toEqual([0, []]);
  });
});

describe('a context', () => {
  const unprivileged = { nodeArguments: ['--require', join(__dirname, '../support/unprivileged.cjs')] };
  const openToAll = () => {
    for (const folder of [join(scene.source, '..'), scene.source]) chmodSync(folder, 0o755);
    chmodSync(scene.temp, 0o777);
  };

  it('with a folder that cannot be read is refused', async () => {
    openToAll();
    mkdirSync(join(scene.source, 'data'), { mode: 0o700 });
    chmodSync(join(scene.source, 'data'), process.getuid?.() === 0 ? 0o700 : 0);
    const { status, errors } = await runBundle({}, unprivileged);
    const said = 'Dockerfile:3 COPY: cannot read "data" of the context: permission denied; make it readable';
    expect([status, errors]).toEqual([2, [expect.stringContaining(said)]]);
  });

  it.each([
    ['where it is excluded', 'data\n!server.js\n', false],
    ['where it is excluded and may hold an exception', 'data\n!**/keep\n', true],
  ])('with a folder that cannot be read is built %s', async (_, rules, isWarned) => {
    openToAll();
    scene.write({ '.dockerignore': rules });
    mkdirSync(join(scene.source, 'data'));
    chmodSync(join(scene.source, 'data'), process.getuid?.() === 0 ? 0o700 : 0);
    const { status, errors, output } = await runBundle({}, unprivileged);
    expect([status, errors]).toEqual([0, []]);
    expect(output.includes('context: left out data: it cannot be read (permission denied)')).toBe(isWarned);
  });

  it('whose folders lie in each other too deeply is refused', async () => {
    const dig = "for (let i = 0; i < 5000; i++) { fs.mkdirSync('d'); process.chdir('d'); }";
    execFileSync(process.execPath, ['-e', dig], { cwd: scene.source });
    const { status, errors } = await run();
    expect([status, errors]).toEqual([
      2,
      [expect.stringMatching(/cannot read "(d\/)+d?…" of the context: its path is too/)],
    ]);
    scene.write({ '.dockerignore': 'd\n!server.js\n' });
    expect((await run()).status).toBe(0);
  });

  it('that is a link to a folder of the system is refused', async () => {
    symlinkSync('/proc/self', join(scene.source, 'app'));
    scene.write({ 'docker/Dockerfile': 'FROM scratch\n' });
    const { status, errors } = await run({ context: 'app', dockerfile: 'docker/Dockerfile' });
    expect([status, errors]).toEqual([2, [expect.stringContaining('context: is a system directory')]]);
  });

  it('with a link to a pipe is built without waiting for it', async () => {
    execFileSync('mkfifo', [join(scene.source, 'pipe')]);
    symlinkSync('pipe', join(scene.source, 'link'));
    for (const dockerfile of ['FROM scratch\nCOPY . /\n', 'FROM scratch\nADD link /x\n']) {
      scene.write({ Dockerfile: dockerfile });
      const { status, errors } = await run();
      expect([status, errors]).toEqual([0, []]);
    }
  });
});

describe('git', () => {
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], {
      cwd: scene.source,
      env: withoutHook(process.env),
    }).toString();

  it('gives no tag where a repository without a commit holds a file HEAD', async () => {
    execFileSync('rm', ['-rf', join(scene.source, '.git')]);
    git('init', '-q');
    scene.write({ HEAD: 'x', 'HEAD^{commit}': 'x' });
    const { status, errors } = await run({ tags: '' });
    expect([status, errors]).toEqual([2, [expect.stringContaining('(the repository has no commit); set tags')]]);
  });

  it.each([
    ['an empty name', ''],
    ['a name', 'main'],
    ['options', '--help'],
  ])('is not replaced by %s in GITHUB_SHA', async (_, sha) => {
    execFileSync('rm', ['-rf', join(scene.source, '.git')]);
    const { status, errors, stdout } = await run({ tags: '' }, { env: { GITHUB_ACTIONS: 'true', GITHUB_SHA: sha } });
    expect(status).toBe(2);
    expect(errors.join() + stdout).toContain('the commit id is not known');
  });

  it('runs no program that the repository names', async () => {
    const proof = join(scene.source, '..', 'proof');
    const evil = join(programs, 'evil');
    writeFileSync(evil, `#!/bin/sh\ntouch '${proof}'\n`, { mode: 0o755 });
    for (const [name, value] of [
      ['core.fsmonitor', evil],
      ['core.repositoryformatversion', '1'],
      ['extensions.partialClone', 'origin'],
      ['remote.origin.promisor', 'true'],
      ['remote.origin.url', scene.source],
      ['remote.origin.uploadpack', evil],
      ['protocol.allow', 'always'],
    ]) {
      git('config', name!, value!);
    }
    const { commit } = scene;
    rmSync(join(scene.source, '.git/objects', commit.slice(0, 2), commit.slice(2)));
    await run();
    expect(existsSync(proof)).toBe(false);
  });

  it('that waits for a pipe is ended by a signal', async () => {
    const head = join(scene.source, '.git/HEAD');
    rmSync(head);
    execFileSync('mkfifo', [head]);
    const begun = join(scene.source, '..', 'begun');
    const real = execFileSync('sh', ['-c', 'command -v git']).toString().trim();
    writeFileSync(join(programs, 'git'), `#!/bin/sh\ntouch '${begun}'\nexec '${real}' "$@"\n`, { mode: 0o755 });
    const kill = join(scene.source, '..', 'kill.cjs');
    // The process itself notices when git has begun, and that a timer still runs.
    writeFileSync(
      kill,
      `const timer = setInterval(() => { if (require('fs').existsSync(${JSON.stringify(begun)})) { clearInterval(timer); process.kill(process.pid, 'SIGTERM'); } }, 10);`,
    );
    const { status, output } = await runBundle({}, { nodeArguments: ['--require', kill] });
    expect(status).toBe(143);
    expect(output).toContain('interrupted by SIGTERM');
  });
});
