import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { actionBundle } from '../support/bundles';
import { type HereOptions, runHere } from '../support/in-process';
import { type Ended, plainEnvironment } from '../support/process';

const task = '{"family": "f", "containerDefinitions": [{"name": "w", "image": "i", "memory": 64}]}';
const credentials = { AWS_SECRET_ACCESS_KEY: 'hunter2-hunter2', AWS_SESSION_TOKEN: 'token-token-token' };
const bundle = actionBundle('render-task-definition');

let root: string;
let source: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'render-hostile-'));
  source = join(root, 'source');
  mkdirSync(source);
});
afterEach(() => rmSync(root, { recursive: true }));

const environment = (inputs: Readonly<Record<string, string>>) => ({
  ...credentials,
  CATALYST_WORKFLOW_PROJECT_NAME: 'shop',
  CATALYST_SOURCE_DIR_WorkflowSource: source,
  ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
});

const run = (inputs: Readonly<Record<string, string>>, onOutput?: HereOptions['onOutput']) =>
  runHere('render-task-definition', [], { cwd: root, env: environment(inputs), ...(onOutput && { onOutput }) });

/** Refused in one line, with nothing of a secret anywhere. */
function expectRefused({ status, output }: Ended, line: string | RegExp): void {
  const errors = output.split('\n').filter((text) => text.startsWith('Error: '));
  expect({ status, errors }).toEqual({ status: 2, errors: [expect.stringMatching(line)] });
  expect(errors[0]!.length).toBeLessThan(1_500);
  expect(output.toLowerCase()).not.toMatch(/hunter2|token-token/);
  expect(output).not.toMatch(/unexpected error|^\s+at /m);
}

describe('a link of the repository', () => {
  it.each([
    ['/proc/self/environ', 'task.json'],
    ['/proc/self/environ', 'task.yaml'],
    ['/proc/self/cmdline', 'task'],
    ['/dev/zero', 'task.json'],
    ['/sys/kernel/notes', 'task.json'],
  ])('to %s as %s is refused', async (target, name) => {
    symlinkSync(target, join(source, name));
    const inputs = { 'task-definition': name };
    expectRefused(await run(inputs), `task-definition: ${name} is a device or a file of the kernel; name a file`);
  });

  it('is not needed for files in shared memory, where some runners have their folders: they are files', async () => {
    const inMemory = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'render-memory-'));
    try {
      writeFileSync(join(inMemory, 'task.json'), task);
      const env = { ...environment({ 'task-definition': 'task.json' }), CATALYST_SOURCE_DIR_WorkflowSource: inMemory };
      const { status, output } = await runHere('render-task-definition', [], { cwd: inMemory, env });
      expect({ status, output }).toMatchObject({ status: 0 });
    } finally {
      rmSync(inMemory, { recursive: true });
    }
  });

  it('to a file outside of the source is refused, also through a folder', async () => {
    writeFileSync(join(root, 'secret.json'), '"hunter2');
    symlinkSync('../secret.json', join(source, 'task.json'));
    symlinkSync('..', join(source, 'up'));
    for (const name of ['task.json', 'up/secret.json', join(source, 'task.json')]) {
      // The working folder is a root too: the source stands alone here.
      const cwd = source;
      const ended = await runHere('render-task-definition', [], { cwd, env: environment({ 'task-definition': name }) });
      expectRefused(ended, /is a link to a file outside of the source and its artifacts/);
    }
  });

  it('inside the source, into an artifact or within the repository around it works', async () => {
    const artifact = join(root, 'artifact');
    for (const folder of [join(source, 'sub'), artifact, join(root, '.git'), join(root, 'infra')]) mkdirSync(folder);
    for (const file of [join(source, 'sub/a.json'), join(artifact, 'b.json'), join(root, 'infra/c.json')]) {
      writeFileSync(file, task);
    }
    symlinkSync('sub/a.json', join(source, '1.json'));
    symlinkSync('../artifact/b.json', join(source, '2.json'));
    symlinkSync('../infra/c.json', join(source, '3.json'));
    for (const name of ['1.json', '2.json', '3.json', '../infra/c.json', join(root, 'infra/c.json')]) {
      const env = { ...environment({ 'task-definition': name }), CATALYST_SOURCE_DIR_Artifact: artifact };
      const { status, output } = await runHere('render-task-definition', [], { cwd: source, env });
      expect([name, status, output.includes('Error')]).toEqual([name, 0, false]);
    }
  });

  it('is followed where the user names an absolute path outside of the source', async () => {
    const other = join(root, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'real.json'), task);
    symlinkSync('real.json', join(other, 'task.json'));
    const env = environment({ 'task-definition': join(other, 'task.json') });
    expect((await runHere('render-task-definition', [], { cwd: source, env })).status).toBe(0);
  });
});

/** Opens a pipe for writing as soon as somebody reads it. */
async function writingEnd(pipe: string): Promise<number> {
  for (;;) {
    try {
      return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

describe('what is not a file', () => {
  it.each(['/dev/zero', '/dev/random', '/proc/self/environ', '/proc/self/mem', '/sys/kernel/notes'])(
    '%s is refused although the user names it',
    async (path) =>
      expectRefused(await run({ 'task-definition': path }), /^Error: task-definition: \S+ is a device or a file of/),
  );

  it('a socket is refused', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(source, 'task.json'), resolve));
    const ended = await run({ 'task-definition': 'task.json' });
    await new Promise((resolve) => server.close(resolve));
    expectRefused(ended, 'task-definition: task.json is not a file');
  });

  it('a pipe into which nothing comes does not hold up a signal', async () => {
    const pipe = join(source, 'task.json');
    spawnSync('mkfifo', [pipe]);
    const child = spawn(process.execPath, [bundle], {
      cwd: root,
      env: { ...plainEnvironment, ...environment({ 'task-definition': 'task.json' }) },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    // The writing end stays open, and nothing comes: a read that waits would wait for ever.
    const end = await writingEnd(pipe);
    child.kill('SIGTERM');
    const patience = setTimeout(() => child.kill('SIGKILL'), 30_000);
    const status = await new Promise((resolve) => child.once('close', resolve));
    clearTimeout(patience);
    closeSync(end);
    expect({ status, output }).toEqual({ status: 143, output: expect.stringContaining('interrupted by SIGTERM') });
  });

  it('a pipe without an end is refused at the limit', async () => {
    const pipe = join(source, 'task.json');
    spawnSync('mkfifo', [pipe]);
    const writer = spawn('sh', ['-c', `yes > ${pipe}`], { stdio: 'ignore' });
    expectRefused(await run({ 'task-definition': 'task.json' }), /task\.json is larger than 1 MiB/);
    writer.kill();
  });

  it('a pipe of the shell is read, also when it is slow', async () => {
    const slow = `sleep 1; printf '%s' '${task.slice(0, 20)}'; sleep 1; printf '%s' '${task.slice(20)}'`;
    const action = `${process.execPath} ${bundle} --task-definition`;
    for (const text of [
      `${action} <(${slow})`,
      `${action} /dev/stdin < <(${slow})`,
      `(${slow}) | ${action} /dev/stdin`,
    ]) {
      const options = { cwd: source, env: plainEnvironment, encoding: 'utf8' } as const;
      const { status, stdout, stderr } = spawnSync('bash', ['-c', text], options);
      expect({ status, end: (stdout + stderr).slice(-300) }).toMatchObject({ status: 0 });
    }
  });

  it('a named pipe whose writer comes late is read', async () => {
    const pipe = join(source, 'task.json');
    spawnSync('mkfifo', [pipe]);
    const writer = spawn('sh', ['-c', `sleep 1; printf '%s' '${task}' > ${pipe}`], { stdio: 'ignore' });
    const { status } = await run({ 'task-definition': 'task.json' });
    writer.kill();
    expect(status).toBe(0);
  });
});

describe('a file that is made to take long', () => {
  /** About a second; without the checks behind them minutes, or a process that dies. */
  it.each<[what: string, name: string, text: string, line: RegExp]>([
    [
      'open placeholders',
      'task.json',
      task.replace('"i"', `"${'${'.repeat(200_000)}"`),
      /has 400\d{3} bytes without white space; ECS accepts at most 65536/,
    ],
    ['sizes', 'task.json', task.replace('{', `{"cpu": "${'1'.repeat(900_000)}x", `), /must be CPU units or vCPUs/],
    [
      'anchors',
      'task.yaml',
      Array.from({ length: 30_000 }, (_, at) => `a${at}: &a${at} 1\nb${at}: *a${at}`).join('\n'),
      /inputs are wrong/,
    ],
    ['depth', 'task.yaml', `# "\na: ${'['.repeat(500_000)}`, /is nested too deeply to be a task definition$/],
    ['depth of JSON', 'task.json', `// "\n${'{"a":'.repeat(150_000)}`, /is nested more than 100 levels deep$/],
    ['closing brackets', 'task.yaml', '}'.repeat(1_000_000), /is not YAML: Unexpected flow-map-end token/],
  ])('with %s ends in one line', async (_, name, text, line) => {
    writeFileSync(join(source, name), text);
    const { status, output } = await run({ 'task-definition': name });
    const errors = output.split('\n').filter((one) => one.startsWith('Error: '));
    expect({ status, errors }).toEqual({ status: 2, errors: [expect.stringMatching(line)] });
    expect(output).not.toMatch(/unexpected error|call stack/);
  });

  it('takes inputs of the same kinds', async () => {
    writeFileSync(join(source, 'task.json'), task);
    const long = {
      image: '${'.repeat(60_000),
      command: `"${'\\a'.repeat(60_000)}`,
      'docker-labels': `${'a<<'.repeat(40_000)} x`,
    };
    for (const [name, value] of Object.entries(long)) {
      expectRefused(await run({ 'task-definition': 'task.json', [name]: value }), new RegExp(`^Error: ${name}: `));
    }
  });
});

describe('a file of names that JavaScript objects have themselves', () => {
  it('is rendered with them', async () => {
    writeFileSync(join(source, 'task.json'), task);
    const inputs = {
      'task-definition': 'task.json',
      'environment-variables': '__proto__=1\nconstructor=2\ntoString=3',
      'docker-labels': 'constructor=a\nhasOwnProperty=b',
      tags: '__proto__=t',
    };
    const { status, stdout } = await run(inputs);
    expect(status).toBe(0);
    const [, path = ''] = /^::set-output name=task-definition-path::(.*)$/m.exec(stdout) ?? [];
    const { containerDefinitions, tags } = JSON.parse(readFileSync(path, 'utf8'));
    expect([containerDefinitions[0].environment, containerDefinitions[0].dockerLabels, tags]).toEqual([
      [
        { name: '__proto__', value: '1' },
        { name: 'constructor', value: '2' },
        { name: 'toString', value: '3' },
      ],
      { constructor: 'a', hasOwnProperty: 'b' },
      [{ key: '__proto__', value: 't' }],
    ]);
  });
});
