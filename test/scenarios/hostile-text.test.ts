import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hostNames } from '../support/hosts';
import { openScene } from './build-scene';
import { type HostsScene, openHostsScene } from './hosts-scene';

/** Attempts to be a command of a host, or to act upon the terminal of whoever reads. */
const attacks = [
  '\u0085::set-output name=IMAGE::evil',
  '\u2028::add-path::/tmp/evil',
  '\u3000::error::evil',
  '\u200b::set-env name=PATH::evil',
  '\u001b[2K::stop-commands::x',
  ':\u0000:set-output name=IMAGE::evil',
  '::set-output name=IMAGE::evil',
  'x ##[add-path]/tmp/evil',
  '##vso[task.setvariable variable=x]evil',
  '\r\n::set-output name=IMAGE::evil',
  '\u001b]0;title\u0007\u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\',
  '\u009d0;title\u009c\u009b31mred\u0090q\u009c',
  'section_start:1:evil\r\u001b[0K',
  '\u202eeliforp\u2066\b\b\u007f',
];
const all = attacks.join('\n');

/** Whatever takes a part of the text for the end of a line. */
const anyBreak = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;
const unseen = /[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;

/** Commands that the action itself gives. */
const ownCommand =
  /^::(?:(?:error|warning)(?: file=[\w.%-]+,line=\d+(?:,col=\d+)?)?::|debug::|group::Changes to |endgroup::$|set-output name=(?:ACTION_RUN_SUMMARY|family|changes|task-definition(?:-path)?)::|add-mask::)/;

function expectHarmless(text: string) {
  for (const line of text.split('\n')) {
    expect(line).not.toMatch(controls);
    expect(line).not.toMatch(/##(?:vso)?\[/);
    for (const seen of line.split(anyBreak)) {
      const trimmed = seen.replace(unseen, '').trim();
      if (trimmed.startsWith('::')) expect(line).toMatch(ownCommand);
      expect(trimmed).not.toMatch(/^::set-output name=IMAGE/);
    }
  }
}

let aws: HostsScene['aws'];
let endpoint: HostsScene['endpoint'];
let place: HostsScene['place'];
let close: HostsScene['close'];
beforeEach(async () => {
  ({ aws, endpoint, place, close } = await openHostsScene());
});
afterEach(() => close());

describe.each(hostNames)('on %s', (host) => {
  it.each([all, ...attacks])('AWS can say %j', async (message) => {
    aws.faults.add({
      on: '*',
      times: 'always',
      effect: { kind: 'error', code: 'AccessDeniedException', message, status: 400 },
    });
    const inputs = { 'task-definition': 'web', 'container-name': 'a', image: 'a:1' };
    const env = { ...endpoint.env, RUNNER_DEBUG: '1' };
    const run = await place.run(host, 'render-task-definition', inputs, { env });
    expect([run.status, run.everything]).toEqual([
      1,
      expect.stringContaining('cannot call ecs:DescribeTaskDefinition'),
    ]);
    expectHarmless(run.everything);
  });

  it('a repository can name its parts so', async () => {
    const containers = attacks.map((name) => ({ name, image: name, environment: [{ name, value: name }] }));
    place.write('task.json', { family: all, containerDefinitions: containers, [all]: 1 });
    // No variable of an environment holds a NUL.
    const given = all.replace(/\0/g, '');
    const run = await place.run(host, 'render-task-definition', {
      'task-definition': 'task.json',
      'container-name': given,
      image: given,
    });
    expect(run.status).toBe(2);
    expectHarmless(run.everything);
  });

  it('what AWS says at length is cut', async () => {
    const message = 'x'.repeat(200_000);
    aws.faults.add({
      on: '*',
      times: 'always',
      effect: { kind: 'error', code: 'AccessDeniedException', message, status: 400 },
    });
    const inputs = { 'task-definition': 'web', 'container-name': 'a', image: 'a:1' };
    const run = await place.run(host, 'render-task-definition', inputs, { env: endpoint.env });
    expect(run.everything).toContain('(198000 more characters)');
    expect(run.everything.length).toBeLessThan(10_000);
  });
});

describe('a failure in the step summary of GitHub', () => {
  it('is not markup', async () => {
    const message =
      'a <img src=x onerror=y> [link](https://evil.example) ![](https://evil.example/x.png) `code` | @someone **x**';
    aws.faults.add({
      on: '*',
      times: 'always',
      effect: { kind: 'error', code: 'AccessDeniedException', message, status: 400 },
    });
    const inputs = { 'task-definition': 'web', 'container-name': 'a', image: 'a:1' };
    const { summary } = await place.run('github', 'render-task-definition', inputs, { env: endpoint.env });
    expect(summary).toContain('**Failed:** cannot call ecs:DescribeTaskDefinition: ');
    expect(summary).toContain(
      '&#60;img src=x onerror=y&#62; \\[link\\](https://evil.example) !\\[\\](https://evil.example/x.png) \\`code\\` \\| &#64;someone \\*\\*x\\*\\*',
    );
  });
});

describe('the run summary of CodeCatalyst', () => {
  it.each([
    all,
    '"\\'.repeat(300),
    '::'.repeat(300),
    `${'x'.repeat(120)}wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"${'\\'.repeat(90)}`,
  ])('is JSON of 200 characters whatever AWS says', async (message) => {
    aws.faults.add({
      on: '*',
      times: 'always',
      effect: { kind: 'error', code: 'AccessDeniedException', message, status: 400 },
    });
    const env = { ...endpoint.env, AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
    const inputs = { 'task-definition': 'web', 'container-name': 'a', image: 'a:1' };
    const { stdout } = await place.run('codecatalyst', 'render-task-definition', inputs, { env });
    // As AWS's local runner takes it apart: the last "::" of the line ends the name.
    const [, name, value = ''] =
      /^::(.*)::(.*)$/m.exec(stdout.split('\n').find((line) => line.includes('ACTION_RUN_SUMMARY'))!) ?? [];
    expect(name).toBe('set-output name=ACTION_RUN_SUMMARY');
    const [item] = JSON.parse(value) as [{ level: string; message: string }];
    const text = JSON.parse(item.message) as string;
    expect(item.level).toBe('Error');
    expect(text.length).toBeLessThanOrEqual(200);
    expect(text).toMatch(/^cannot call ecs:DescribeTaskDefinition: /);
  });
});

describe('the output of a builder', () => {
  it('is not a command, and does not affect a terminal', async () => {
    const scene = await openScene();
    try {
      const programs = join(scene.source, '..', 'programs');
      mkdirSync(programs);
      writeFileSync(join(programs, 'text'), `${all}\n${'y'.repeat(1_000_000)}\n`);
      const docker = join(programs, 'docker');
      writeFileSync(
        docker,
        `#!/bin/sh\ncase "$*" in *build*--*) cat ${programs}/text; exit 1;; esac\nexec ${join(__dirname, '../support/build-fake-docker.cjs')} "$@"\n`,
      );
      chmodSync(docker, 0o755);
      chmodSync(join(__dirname, '../support/build-fake-docker.cjs'), 0o755);
      const env = {
        PATH: `${programs}:${process.env['PATH']}`,
        FAKE_DOCKER_NOTES: join(programs, 'notes'),
        FAKE_DOCKER_BUILDX: '0.24.0',
      };
      const run = await scene.run({ builder: 'docker', tags: 'v1' }, { env });
      expect([run.status, run.outputs['IMAGE']]).toEqual([1, undefined]);
      expect(run.stdout).toMatch(/y… \(\d+ more characters\)/);
      expectHarmless(run.output);
    } finally {
      await scene.close();
    }
  });
});
