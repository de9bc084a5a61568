import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { plainEnvironment, type RunOptions, runNode } from '../support/process';

const folder = mkdtempSync(join(tmpdir(), 'probe-'));
const probe = join(folder, 'index.js');

beforeAll(() => {
  const script = `import('./shared/dev/build.mjs').then((m) => m.bundleProgram('test/support/probe-action.ts', ${JSON.stringify(probe)}))`;
  execFileSync(process.execPath, ['-e', script]);
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (env: Record<string, string>, args: string[] = [], options: RunOptions = {}) =>
  runNode(probe, args, { ...options, env });
const catalyst = (env: Record<string, string>, options?: RunOptions) =>
  run({ CATALYST_WORKFLOW_PROJECT_NAME: 'p', ...env }, [], options);
/** What a pipe has at this moment. */
function readNow(pipe: number): string {
  const taken = Buffer.alloc(16_384);
  try {
    return taken.toString('utf8', 0, readSync(pipe, taken));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return '';
    throw error;
  }
}
const privateFolder = (output: string) => /folder (\S+)/.exec(output)?.[1] ?? 'none was made';
const summary = (output: string) => /^::set-output name=ACTION_RUN_SUMMARY::(.*)$/m.exec(output)?.[1];

describe('on CodeCatalyst', () => {
  it('writes outputs as they are and no summary when it was done', async () => {
    const value = 'say "hi" to $(id) and `id`';
    const { status, stdout, stderr } = await catalyst({ INPUT_DEED: 'succeed', INPUT_VALUE: value });
    expect(status).toBe(0);
    expect(stdout.split('\n')).toContain(`::set-output name=value::${value}`);
    expect(summary(stdout)).toBeUndefined();
    expect(stderr).toBe('');
  });

  it.each([
    ['fail', 3, 'cannot do it: it was rolled back; look at it'],
    ['refuse', 1, 'cannot do it: "no" and more'],
    ['crash', 1, 'unexpected error: x is not a function; run again with RUNNER_DEBUG=1 to see where'],
    ['stray', 1, 'unexpected error: nobody awaits me; run again with RUNNER_DEBUG=1 to see where'],
    ['unheard-of', 2, `deed: must be one of`],
  ])('says in one line and in a valid summary why it could not %s', async (deed, exit, line) => {
    const { status, output } = await catalyst({ INPUT_DEED: deed });
    const [item] = JSON.parse(summary(output) ?? '[]') as { text: string; level: string; message: string }[];
    expect(status).toBe(exit);
    expect(output.split('\n').filter((candidate) => candidate.startsWith(`Error: ${line}`))).toHaveLength(1);
    expect(item).toMatchObject({ text: 'CUSTOM', level: 'Error' });
    expect(JSON.parse(item!.message)).toContain(line.slice(0, 40));
    expect(output).not.toMatch(/^\s+at /m);
  });

  it('shows a stack trace only when debugging', async () => {
    const { output } = await catalyst({ INPUT_DEED: 'crash', RUNNER_DEBUG: '1' });
    expect(output).toMatch(/TypeError: x is not a function\n\s+at /);
  });

  it('gives all to a slow reader of a pipe that does not block', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const end = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    // More than the 64 KiB that a pipe holds.
    const value = 'x'.repeat(100_000);
    const env = { ...plainEnvironment, CATALYST_WORKFLOW_PROJECT_NAME: 'p', INPUT_DEED: 'succeed', INPUT_VALUE: value };
    // Through a shell: Node gives the output of its own children a pipe that blocks.
    const words = ['-c', 'exec "$0" "$1" >&3', process.execPath, probe];
    const child = spawn('sh', words, { env, stdio: ['ignore', 'ignore', 'inherit', end] });
    let text = '';
    while (child.exitCode === null) {
      text += readNow(end);
      await setImmediate();
    }
    for (let more = readNow(end); more !== ''; more = readNow(end)) text += more;
    expect([child.exitCode, text.includes(`name=value::${value}\n`)]).toEqual([0, true]);
    closeSync(end);
  });

  it('does its work to the end when nobody reads its output any more', async () => {
    const file = join(folder, 'talked');
    const onOutput: RunOptions['onOutput'] = (_, { stdout, stderr }) => {
      stdout?.destroy();
      stderr?.destroy();
    };
    const { status } = await catalyst({ INPUT_DEED: 'talk', INPUT_VALUE: file }, { onOutput });
    expect([status, existsSync(file)]).toEqual([0, true]);
  });

  it('gives outputs also when it failed, so that they tell what was last seen', async () => {
    const { stdout } = await catalyst({ INPUT_DEED: 'fail', INPUT_VALUE: 'last seen' });
    expect(stdout).toContain('::set-output name=value::last seen');
  });

  it('never shows a secret', async () => {
    const { output } = await catalyst({ INPUT_DEED: 'leave-secret', INPUT_VALUE: 'hunter2-hunter2' });
    expect(output).not.toContain('hunter2');
    expect(output).toContain('::set-output name=value::***');
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)('ends on %s with the last state and no private folder left', async (signal, exit) => {
    const onOutput: RunOptions['onOutput'] = (output, child) => {
      if (output.endsWith('waiting\n')) child.kill(signal);
    };
    const { status, output } = await catalyst({ INPUT_DEED: 'wait' }, { onOutput });
    expect(status).toBe(exit);
    expect(output).toContain(`interrupted by ${signal}`);
    expect(existsSync(privateFolder(output))).toBe(false);
  });

  it('ends at once on a second signal, says so, and still leaves nothing', async () => {
    const onOutput: RunOptions['onOutput'] = (output, child) => {
      if (output.endsWith('hanging\n')) child.kill('SIGTERM');
      // For half a second it counts as the first one; later is as good.
      if (output.endsWith('ends at once\n')) setTimeout(() => child.kill('SIGINT'), 600);
    };
    const { status, output } = await catalyst({ INPUT_DEED: 'hang' }, { onOutput });
    expect([status, output]).toEqual([
      130,
      expect.stringMatching(
        /Error: ended at once by a second signal \(SIGINT\): .*\n::set-output name=ACTION_RUN_SUMMARY::/,
      ),
    ]);
    expect(existsSync(privateFolder(output))).toBe(false);
  });

  it('leaves a job that does not heed the signal, and ends as one that does', async () => {
    const onOutput: RunOptions['onOutput'] = (output, child) => {
      if (output.endsWith('hanging\n')) child.kill('SIGINT');
    };
    // Left alone, it would hang for ever.
    const { status, output } = await catalyst({ INPUT_DEED: 'hang', PROBE_GRACE: '100' }, { onOutput });
    expect(status).toBe(130);
    expect(output).toContain('Error: interrupted by SIGINT\n::set-output name=ACTION_RUN_SUMMARY::');
    expect(existsSync(privateFolder(output))).toBe(false);
  });

  it('removes a folder with parts that cannot be removed at once', async () => {
    // To the administrator no folder is locked.
    const nobody = process.getuid?.() === 0 ? { uid: 65_534 } : {};
    const temp = mkdtempSync(join(tmpdir(), 'open-'));
    for (const path of [folder, temp]) chmodSync(path, 0o777);
    const { status, output } = await catalyst({ INPUT_DEED: 'lock', TMPDIR: temp }, nobody);
    expect([status, privateFolder(output)]).toEqual([0, expect.stringContaining(temp)]);
    expect(existsSync(privateFolder(output))).toBe(false);
  });

  it('says what the system refuses', async () => {
    const { status, output } = await catalyst({ INPUT_DEED: 'write', INPUT_VALUE: '/nowhere/file' });
    expect([status, output]).toEqual([
      1,
      expect.stringContaining('Error: cannot open /nowhere/file: no such file or directory (ENOENT); check the files'),
    ]);
  });

  it.each(['succeed', 'fail', 'crash', 'stray'])('leaves no private folder after %s', async (deed) => {
    const { output } = await catalyst({ INPUT_DEED: deed });
    expect(privateFolder(output)).toMatch(/ecs-action-/);
    expect(existsSync(privateFolder(output))).toBe(false);
  });

  it('says that nothing was changed when AWS cannot be reached, and what to do without credentials', async () => {
    const aws = { INPUT_DEED: 'call', AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };
    const unreachable = await catalyst({ ...aws, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' });
    const anonymous = await catalyst(aws);
    expect([unreachable.status, anonymous.status]).toEqual([1, 1]);
    expect(unreachable.output).toMatch(
      /^Error: cannot call ecs:DescribeClusters: no answer \(.*\); check the region.*\. Nothing was changed\.$/m,
    );
    expect(anonymous.output).toMatch(/^Error: cannot call AWS: no credentials were found; connect an environment/m);
  });
});

describe('on GitHub', () => {
  it('writes the output file and the step summary, and no ::set-output', async () => {
    const [outputs, steps] = [join(folder, 'outputs'), join(folder, 'steps')];
    const github = { GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: outputs, GITHUB_STEP_SUMMARY: steps };
    const { status, stdout } = await run({ ...github, INPUT_DEED: 'succeed', INPUT_VALUE: 'v' });
    expect(status).toBe(0);
    expect(stdout).not.toContain('::set-output');
    expect(readFileSync(outputs, 'utf8')).toMatch(/^value<<(end-\S+)\nv\n\1\n/);
    expect(readFileSync(steps, 'utf8')).toBe('### Probe\n\nValue v.\n');
  });

  it('announces a failure and a secret as commands', async () => {
    const failed = await run({ GITHUB_ACTIONS: 'true', INPUT_DEED: 'refuse' });
    const secret = await run({ GITHUB_ACTIONS: 'true', INPUT_DEED: 'leave-secret', INPUT_VALUE: 'hunter2-hunter2' });
    expect(failed.stdout).toContain('::error::cannot do it: "no" and more\n');
    expect(secret.stdout.match(/hunter2-hunter2/g)).toHaveLength(1);
    expect(secret.stdout).toContain('::add-mask::hunter2-hunter2\n');
  });
});

describe('on GitHub, with files that cannot be written', () => {
  it.each([
    ['/nowhere/x', 'ENOENT'],
    [folder, 'EISDIR'],
    [join(__filename, 'x'), 'ENOTDIR'],
  ])('refuses to start, with what to do, where the outputs would be lost: %s', async (file, code) => {
    const env = { GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: file, INPUT_DEED: 'write', INPUT_VALUE: join(folder, code) };
    const { status, stdout } = await run(env);
    expect([status, existsSync(join(folder, code))]).toEqual([2, false]);
    expect(stdout).toMatch(
      new RegExp(`^::error::GITHUB_OUTPUT: cannot be written: ${code}.*; make it writable and run again$`, 'm'),
    );
  });

  it('fails where the outputs are lost all the same', async () => {
    const file = join(folder, 'late');
    // The deed makes a directory of the file of outputs.
    const env = { GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: file, INPUT_DEED: 'displace', INPUT_VALUE: file };
    const { status, stdout } = await run(env);
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^::error::cannot write the outputs to GITHUB_OUTPUT: EISDIR.*; make it writable and run again/m,
    );
  });

  it('leaves a pipe to its one reader', async () => {
    const file = join(folder, 'pipe-of-outputs');
    execFileSync('mkfifo', [file]);
    const reader = spawn('cat', [file]);
    const read = text(reader.stdout);
    const { status } = await run({ GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: file, INPUT_DEED: 'succeed' });
    expect(status).toBe(0);
    expect(await read).toMatch(/^value<</);
  });

  it('only warns of a summary that is lost', async () => {
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: '/nowhere/x', INPUT_DEED: 'succeed' };
    const { status, stdout } = await run(env);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^::warning::The step summary could not be written: ENOENT/m);
    expect(stdout).toContain('::warning::GITHUB_OUTPUT is not set: the outputs are lost');
  });
});

describe('a value of an output', () => {
  const value = [
    'first',
    '::set-output name=forged::1',
    'forged=2\u0085::set-output name=forged::3\u2028::set-output name=forged::4',
    '\u001b]0;title\u0007\u200b::set-output name=forged::5\v::set-output name=forged::6',
    '##[set-output name=forged;]7',
    'end-\nforged=8',
  ].join('\n');
  const deed = { INPUT_DEED: 'unpack', INPUT_VALUE: JSON.stringify(value) };
  const anyBreak = /[\n\v\f\r\u0085\u2028\u2029]/;
  const commands = (text: string) =>
    text
      .split(anyBreak)
      .filter((line) => /^[\s\u0085\u200b]*::set-output name=(?!value::|folder::)/.test(line) || line.includes('##['));

  it('forges no other one on CodeCatalyst', async () => {
    const { stdout } = await catalyst(deed);
    expect(stdout.split(anyBreak).filter((line) => line.startsWith('::set-output name=forged'))).toEqual([]);
    expect(stdout).toContain('::set-output name=value::first :');
    // Whatever ends a line for some reader, a terminal's sequence among it, is gone.
    expect(stdout.split(anyBreak)).toEqual(stdout.split('\n'));
    expect(stdout).not.toContain('\u001b');
  });

  it('forges no other one on GitHub', async () => {
    const outputs = join(folder, 'forged');
    const { stdout } = await run({ ...deed, GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: outputs });
    expect(commands(stdout)).toEqual([]);
    const [, delimiter] = /^value<<(\S+)\n/.exec(readFileSync(outputs, 'utf8'))!;
    expect(readFileSync(outputs, 'utf8')).toContain(`value<<${delimiter}\n${value}\n${delimiter}\nfolder<<`);
  });

  it('forges no other one, and is not a command of the host, in a list of a shell', async () => {
    const { stdout } = await run({ ...deed, GITHUB_ACTIONS: 'true' }, ['--some-flag']);
    expect(commands(stdout)).toEqual([]);
    expect(stdout.split(anyBreak).filter((line) => line.startsWith('forged='))).toEqual([]);
    expect(stdout).toContain('value=first\n  : :set-output name=forged::1\n  forged=2\n');
  });

  it('is what it was in JSON, in one line for every reader, and no command', async () => {
    const { stdout } = await run({ ...deed, GITHUB_ACTIONS: 'true' }, ['--json']);
    expect(commands(stdout)).toEqual([]);
    expect(stdout.split(anyBreak)).toEqual([expect.any(String), '']);
    expect(JSON.parse(stdout).value).toBe(value);
  });
});

describe('in a shell', () => {
  it.each([
    { GITHUB_ACTIONS: 'true', INPUT_DEED: 'fail' },
    { CATALYST_DEFAULT_DIR: '/x', INPUT_DEED: 'fail' },
  ])('takes the command line of a step of a host too: %j', async (env) => {
    const { status, stdout } = await run(env, ['--deed', 'succeed', '--value', 'v', '--json']);
    expect([status, JSON.parse(stdout).value]).toEqual([0, 'v']);
    expect((await run(env, ['--help'])).stdout).toMatch(/--deed VALUE \(required\)/);
  });

  it('joins what is given several times, where an input takes several lines', async () => {
    const { stdout } = await run({}, ['--deed', 'succeed', '--words', 'a,b', '--words', 'c', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ value: 'a+b+c' });
    const { status, stderr } = await run({}, ['--deed', 'succeed', '--value', '1', '--value', '2']);
    expect([status, stderr]).toEqual([
      2,
      'Error: command line: --value is specified more than once; --help lists the inputs\n',
    ]);
  });

  it('takes words that objects have for names of their own', async () => {
    const { stdout } = await run({}, ['--value', 'constructor', '--deed', 'succeed', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ value: 'constructor' });
  });

  it('says that its working folder is gone', async () => {
    const gone = mkdtempSync(join(tmpdir(), 'gone-'));
    const script = `rmdir ${gone}; exec ${process.execPath} ${probe} --deed succeed`;
    const { status, stderr } = spawnSync('sh', ['-c', script], { cwd: gone, encoding: 'utf8' });
    expect([status, stderr]).toEqual([
      1,
      'Error: cannot start: the working directory no longer exists; start from another one\n',
    ]);
  });

  it('does not call done what could not be written', async () => {
    if (!existsSync('/dev/full')) return;
    const script = `exec ${process.execPath} ${probe} --deed succeed --json > /dev/full`;
    const { status, stderr } = spawnSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('Error: cannot write the outputs to standard output: ENOSPC');
  });

  it('takes inputs from the command line and keeps results apart from the log', async () => {
    const { status, stdout, stderr } = await run({}, ['--deed', 'succeed', '--value=a b', '--some-flag', '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ value: 'a b' });
    expect(stderr).toContain('folder ');
  });

  it('lists the inputs on --help', async () => {
    const { status, stdout } = await run({}, ['--help']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/--deed VALUE \(required\)/);
  });

  it('refuses an unknown option with exit status 2', async () => {
    const { status, stderr } = await run({}, ['--speed', 'fast']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^Error: command line: there is no option --speed; --help lists the inputs\n$/);
    const { stderr: near } = await run({}, ['--valu', 'x']);
    expect(near).toContain('there is no option --valu, did you mean --value; --help lists the inputs');
  });
});
