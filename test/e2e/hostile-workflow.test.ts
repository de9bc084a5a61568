// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of a workflow are written so.

import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const project = join(__dirname, '../..');

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'workflow-hostile-'));
  for (const folder of ['tmp', 'repo']) mkdirSync(join(place, folder));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

function write(name: string, text: string): void {
  mkdirSync(dirname(join(place, name)), { recursive: true });
  writeFileSync(join(place, name), text);
}

const head = 'Name: W\nSchemaVersion: "1.0"\nActions:\n';
const build = (steps: readonly string[], more = '') =>
  `${head}  Build:\n    Identifier: aws/build@v1\n    Inputs: { Sources: [WorkflowSource] }\n${more}    Configuration:\n      Steps:\n${steps
    .map((step) => `        - Run: ${JSON.stringify(step)}\n`)
    .join('')}`;

function start(workflow: string, env: NodeJS.ProcessEnv = {}, more: readonly string[] = []): ChildProcess {
  write('repo/.codecatalyst/workflows/w.yaml', workflow);
  const file = join(place, 'repo/.codecatalyst/workflows/w.yaml');
  const words = ['--import', 'tsx', join(project, 'test/local/runner/cli.ts'), file, '--aws', 'real', ...more];
  return spawn(process.execPath, words, {
    cwd: project,
    env: { PATH: process.env['PATH'], HOME: place, TMPDIR: join(place, 'tmp'), ...env },
  });
}

async function ended(child: ChildProcess, see: (out: string) => void = () => {}) {
  let out = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      out += chunk;
      see(out);
    });
  }
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, out };
}

const run = (workflow: string, env?: NodeJS.ProcessEnv, more?: readonly string[]) => ended(start(workflow, env, more));

const manifest = (main: string) =>
  `SchemaVersion: '1.0'\nName: tiny\nVersion: '1.0.0'\nDescription: x\nRuns: { Using: node16, Main: '${main}' }\n`;

describe('a workflow cannot name what is outside of its repository', () => {
  it('as an action, by a path or a link', async () => {
    write('other/.codecatalyst/actions/action.yml', manifest('index.js'));
    write('other/index.js', 'console.log("RAN")');
    symlinkSync('../other', join(place, 'repo/link'));
    for (const identifier of ['./../other', './link', './x/../../other']) {
      const { status, out } = await run(`${head}  A:\n    Identifier: ${identifier}\n`);
      expect([status, out]).toEqual([
        2,
        expect.stringContaining(`must be a folder of the repository, got "${identifier}"`),
      ]);
      expect(out).not.toContain('RAN');
    }
  });

  it('as the program of an action', async () => {
    write('repo/action/.codecatalyst/actions/action.yml', manifest('../../other.js'));
    write('other.js', 'console.log("RAN")');
    const { status, out } = await run(`${head}  A:\n    Identifier: ./action\n`);
    expect([status, out]).toEqual([
      2,
      expect.stringContaining('Main must be a file of the action, got ../../other.js'),
    ]);
    expect(out).not.toContain('RAN');
  });

  it.each(['../up', 'a/b', '..', 'a\\0b'])('by the name %s of an action, a group or an artifact', async (name) => {
    for (const workflow of [
      build(['true']).replace('  Build:', `  "${name}":`),
      `${head}  "${name}":\n    Actions:\n      A: { Identifier: aws/build@v1, Configuration: { Steps: [{ Run: "true" }] } }\n`,
      build(['true'], `    Outputs: { Artifacts: [{ Name: "${name}", Files: "*" }] }\n`),
    ]) {
      const { status, out } = await run(workflow);
      expect([status, out]).toEqual([2, expect.stringMatching(/letters, digits/)]);
    }
  });

  it('by the files of an artifact', async () => {
    write('secret.txt', 'hunter2');
    const files = `    Outputs: { Artifacts: [{ Name: Kept, Files: ["../../**", "${place}/**", "**/secret*", "kept.txt"] }] }\n`;
    const kept = join(place, 'kept');
    const { status } = await run(build(['echo x > kept.txt'], files), {}, ['--artifacts', kept]);
    expect([status, readdirSync(join(kept, 'Kept'))]).toEqual([0, ['kept.txt']]);
  });
});

describe('what steps leave', () => {
  const all = '    Outputs: { Artifacts: [{ Name: Kept, Files: "**" }] }\n';

  it('is kept without following links, and without waiting for pipes', async () => {
    write('secret/key.txt', 'hunter2');
    const kept = join(place, 'kept');
    const steps = [`ln -s ${place}/secret out; ln -s ${place}/secret/key.txt key.txt; mkfifo pipe; echo x > a.txt`];
    const { status } = await run(build(steps, all), {}, ['--artifacts', kept]);
    expect(status).toBe(0);
    expect(lstatSync(join(kept, 'Kept/out')).isSymbolicLink()).toBe(true);
    expect(lstatSync(join(kept, 'Kept/key.txt')).isSymbolicLink()).toBe(true);
    expect(existsSync(join(kept, 'Kept/pipe'))).toBe(false);
    // The next run has a folder where a link was: it is not written through.
    const { status: again } = await run(build(['mkdir out; echo changed > out/key.txt'], all), {}, [
      '--artifacts',
      kept,
    ]);
    expect([again, readFileSync(join(place, 'secret/key.txt'), 'utf8')]).toEqual([0, 'hunter2']);
    expect(readFileSync(join(kept, 'Kept/out/key.txt'), 'utf8')).toBe('changed\n');
  });

  it('may be variables of any size, or of names that objects have themselves', async () => {
    const outputs = '    Outputs: { Variables: [BIG, constructor] }\n';
    const next =
      '  Next:\n    Identifier: aws/build@v1\n    DependsOn: [Build]\n    Inputs: { Variables: [{ Name: X, Value: "VALUE" }] }\n    Configuration: { Steps: [{ Run: "echo <$X>" }] }\n';
    const big = build(['export BIG=$(head -c 200000 /dev/zero | tr "\\\\0" x)'], outputs);
    // What a shell cannot take as a variable fails in the step itself, or as one line before the next.
    const long = await run(big + next.replace('VALUE', '${Build.BIG}'));
    expect([long.status, long.out]).toEqual([1, expect.not.stringMatching(/^\s+at /m)]);
    const unset = await run(build(['true'], outputs) + next.replace('VALUE', '${Build.constructor}'));
    expect([unset.status, unset.out]).toEqual([
      1,
      expect.stringContaining('${Build.constructor} was not set by Build'),
    ]);
    const zero = await run(build(['true']) + next.replace('VALUE', 'a\\0b'));
    expect([zero.status, zero.out]).toEqual([
      1,
      expect.stringContaining('cannot start Next: a variable holds a zero byte'),
    ]);
  });

  it('may be output without a line break and without an end that fits', async () => {
    const { status, out } = await run(build(['head -c 30000000 /dev/zero | tr "\\\\0" :; echo; echo done-now']));
    expect([status, out.includes('done-now')]).toEqual([0, true]);
  });
});

describe('a signal', () => {
  it('ends a step that does not heed it', async () => {
    const child = start(build(['trap "" TERM; echo deaf; while :; do sleep 1; done']));
    let sent = 0;
    const { status } = await ended(child, (out) => {
      if (sent > 0 || !/^.*│ deaf|^deaf|deaf$/m.test(out)) return;
      sent = Date.now();
      child.kill('SIGTERM');
    });
    expect(status).not.toBe(0);
    // The loop has no end of its own; an action has 20 seconds.
    expect(Date.now() - sent).toBeLessThan(12_000);
    expect(readdirSync(join(place, 'tmp')).filter((name) => !name.startsWith('tsx-'))).toEqual([]);
  });
});

describe('a workflow file', () => {
  it.each<[what: string, text: string, line: RegExp]>([
    ['that is too deep', `${head}  A: ${'['.repeat(400_000)}`, /is nested more than 400 levels deep/],
    ['that closes what is not open', '}'.repeat(400_000), /Unexpected flow-map-end token/],
    ['that goes round', `${head}  A: &a\n    Actions: *a\n`, /must have|unknown key|circle|Identifier/],
    ['of 2 MB', `# ${'x'.repeat(2_000_000)}\n${head}`, /is larger than 1 MiB; it is not a workflow/],
    ['with a key given twice', `${head}  A: {}\n  A: {}\n`, /this key appears twice/],
  ])('%s is refused in short lines', async (_, text, line) => {
    const { status, out } = await run(text);
    expect([status, out]).toEqual([2, expect.stringMatching(line)]);
    expect(out.length).toBeLessThan(5_000);
    expect(out).not.toMatch(/^\s+at /m);
  });

  it('that is a pipe or a device is refused', async () => {
    for (const path of ['/dev/zero']) {
      const words = ['--import', 'tsx', join(project, 'test/local/runner/cli.ts'), path];
      const env = { PATH: process.env['PATH'], HOME: place, TMPDIR: join(place, 'tmp') };
      const { status, out } = await ended(spawn(process.execPath, words, { cwd: project, env }));
      expect([status, out]).toEqual([2, expect.stringContaining('/dev/zero is not a file')]);
    }
  });
});
