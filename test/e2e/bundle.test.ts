import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { buildSync } from 'esbuild';
import { createEmbeddedAws } from '../local/aws/embedded';
import { actionBundle } from '../support/bundles';
import { plainEnvironment, runNode } from '../support/process';

const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The most KiB of each: Node reads the whole file before it does anything. */
const actions = [
  ['build-and-push', 410],
  ['render-task-definition', 314],
  ['ecs-bluegreen-deploy', 485],
] as const;

describe.each(actions)('%s', (action, mostKiB) => {
  it('runs with nothing beside it', async () => {
    const copy = join(folder, `${action}.js`);
    writeFileSync(copy, readFileSync(actionBundle(action)));
    const { status, stdout, stderr } = await runNode(copy, ['--help'], { cwd: folder });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Outputs:');
  });

  it('is small: it holds the AWS clients that it asks for, and no others', () => {
    expect(readFileSync(actionBundle(action)).length).toBeLessThan(mostKiB * 1024);
  });

  it('has no literal with a property of Unicode, which V8 looks up even in a function that is not called', () => {
    expect(readFileSync(actionBundle(action), 'utf8')).not.toMatch(/(?<!\\)\\p\{/);
  });

  it('loads no AWS client before one is needed', async () => {
    const preload = join(folder, 'loaded.js');
    // The SDK's HTTP handler is the first of its parts that needs http2, which nothing else here does.
    writeFileSync(
      preload,
      "process.on('exit', () => console.error(process.moduleLoadList.includes('NativeModule http2')));",
    );
    const { status, stderr } = await runNode(actionBundle(action), [], { cwd: folder, nodeArguments: ['-r', preload] });
    expect(status).toBe(2);
    expect(stderr).toMatch(/\nfalse\n$/);
  });
});

/** Whatever machine it is, Node takes time in proportion to the code that it compiles. */
const compiled = `
const vm = require('node:vm');
let length = 0;
vm.Script = class extends vm.Script {
  constructor(text, options) {
    super(text, options);
    length += text.length;
  }
};
process.on('exit', () => console.error(length));`;

const deployment = ['--service', 'web', '--cluster', 'prod', '--task-definition', 'task.json', '--region', 'us-west-2'];
it.each([
  ['the help of build-and-push', 'build-and-push', ['--help'], 0, 50],
  ['the help of render-task-definition', 'render-task-definition', ['--help'], 0, 34],
  ['the help of ecs-bluegreen-deploy', 'ecs-bluegreen-deploy', ['--help'], 0, 45],
  ['a rendering', 'render-task-definition', ['--task-definition', 'task.json', '--image', 'app:2'], 0, 88],
  ['a deployment without credentials', 'ecs-bluegreen-deploy', deployment, 1, 300],
] as const)('compiles for %s no more than that needs', async (_, action, args, ends, mostKiB) => {
  const preload = join(folder, 'compiled.js');
  writeFileSync(preload, compiled);
  const taskDefinition = { family: 'web', containerDefinitions: [{ name: 'app', image: 'app:1', memory: 128 }] };
  writeFileSync(join(folder, 'task.json'), JSON.stringify(taskDefinition));
  const options = { cwd: folder, nodeArguments: ['-r', preload] };
  const { status, stderr } = await runNode(actionBundle(action), args, options);
  expect(status).toBe(ends);
  const length = Number(stderr.trim().split('\n').pop());
  expect(length).toBeGreaterThan(20 * 1024);
  expect(length).toBeLessThan(mostKiB * 1024);
});

it('has all code of a usual build ready: nothing of what it calls is among the functions that few runs call', async () => {
  const aws = createEmbeddedAws();
  aws.ecr.createRepository('app');
  const { env } = await aws.listen();
  const preload = join(folder, 'scripts.js');
  writeFileSync(
    preload,
    `const vm = require('node:vm');
    vm.Script = class extends vm.Script {
      constructor(text, options) {
        super(text, options);
        console.error('compiled', options.filename);
      }
    };`,
  );
  const context = join(folder, 'usual');
  mkdirSync(context);
  writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nWORKDIR /app\nCOPY . .\nUSER 1000\nCMD ["/app/run"]\n');
  writeFileSync(join(context, 'run'), 'a program that compresses\n'.repeat(60_000));
  const options = { cwd: folder, env, nodeArguments: ['-r', preload] };
  const words = ['--repository', 'app', '--builder', 'builtin', '--context', 'usual'];
  try {
    for (const tag of ['first', 'again']) {
      const { status, stderr } = await runNode(actionBundle('build-and-push'), [...words, '--tags', tag], options);
      expect(status).toBe(0);
      expect(stderr).toContain('compiled action-');
      expect(stderr.match(/compiled cold-.*/g) ?? []).toEqual([]);
    }
  } finally {
    await aws.close();
  }
});

/** Modules of Node that take as long to load as the rest of a rendering takes. */
const slowModules = [
  ...['stream', 'net', 'tty', 'crypto', 'timers/promises', 'fs/promises', 'zlib', 'worker_threads'],
  'internal/abort_controller',
];

it.each(['ignore', 'pipe'] as const)('loads nothing slow of Node for a rendering, its log to “%s”', (log) => {
  const preload = join(folder, 'modules.js');
  const found = join(folder, 'modules.json');
  writeFileSync(
    preload,
    `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(found)}, JSON.stringify(process.moduleLoadList)));`,
  );
  writeFileSync(
    join(folder, 'task.json'),
    '{"family":"web","containerDefinitions":[{"name":"app","image":"a","memory":9}]}',
  );
  const script = actionBundle('render-task-definition');
  const args = ['-r', preload, script, '--task-definition', 'task.json', '--image', 'app:2'];
  const { status } = spawnSync(process.execPath, args, {
    cwd: folder,
    env: plainEnvironment,
    stdio: ['ignore', log, log],
  });
  expect(status).toBe(0);
  const loaded: string[] = JSON.parse(readFileSync(found, 'utf8'));
  expect(loaded).toContain('NativeModule fs');
  expect(slowModules.filter((name) => loaded.includes(`NativeModule ${name}`))).toEqual([]);
});

it('runs where what loads it leaves comments out', async () => {
  const preload = join(folder, 'without-comments.js');
  writeFileSync(
    preload,
    `const { prototype } = require('node:module');
    const compile = prototype._compile;
    prototype._compile = function (text, ...rest) {
      return compile.call(this, text.replace(/\\/\\*[^]*?\\*\\//g, ''), ...rest);
    };`,
  );
  const script = actionBundle('render-task-definition');
  const { status, stdout } = await runNode(script, ['--help'], { cwd: folder, nodeArguments: ['-r', preload] });
  expect(status).toBe(0);
  expect(stdout).toContain('Outputs:');
});

it('would end at start if the ADK’s shelljs were bundled as it is', async () => {
  const naive = join(folder, 'naive.js');
  const contents = "require('@aws/codecatalyst-adk-core').getMultiLineInput('x'); console.log('started');";
  buildSync({
    stdin: { contents, resolveDir: process.cwd() },
    outfile: naive,
    bundle: true,
    platform: 'node',
    logLevel: 'silent',
  });
  const { status, output } = await runNode(naive, [], { cwd: folder });
  expect(status).not.toBe(0);
  expect(output).not.toContain('started');
});
