import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { InputError } from '../../../../shared/errors';
import { migrate } from '../../../local/migrate/migrate';
import { actionFinder } from '../../../local/runner/manifest';
import { readWorkflow } from '../../../local/runner/read-workflow';
import { githubFindings } from '../../../support/github-lint';
import { runByActOnly, runByGitHub, runByLocalRunner, runElsewhere } from '../../../support/migrated-runs';
import { fc } from '../../../support/properties';

const project = join(__dirname, '../../../..');
const read = (name: string) => readFileSync(join(__dirname, name), 'utf8');
const move = (text: string) => migrate(text, { name: 'w.yaml', space: 'acme' });

/** Workflows in the shapes of public ones: how much of each is moved, and what is left with its line and why. */
const workflows: readonly [name: string, moved: number, left: readonly string[]][] = [
  ['codecatalyst/commit-by-git.yaml', 1, []],
  ['codecatalyst/date-tag.yaml', 0, ['5 Build stays aws/build: $(date +%Y%m%d) is known to the shell only']],
  ['codecatalyst/github-runner.yaml', 2, []],
  ['codecatalyst/group.yaml', 3, []],
  [
    'codecatalyst/labs-push.yaml',
    0,
    ['5 codecatalyst-labs/push-to-ecr@v1.0.0 pushes an image that another action built; build-and-push does both'],
  ],
  ['codecatalyst/mapped.yaml', 1, []],
  ['codecatalyst/no-images.yaml', 0, []],
  ['codecatalyst/one-script.yaml', 2, []],
  [
    'codecatalyst/several-images.yaml',
    0,
    ['5 Build stays aws/build: it builds more than one image; make an action of each'],
  ],
  ['codecatalyst/tests-first.yaml', 0, ['5 Build stays aws/build: it also runs: npm ci']],
  ['codecatalyst/tutorial.yaml', 3, []],
  ['codecatalyst/two-environments.yaml', 3, []],
  ['codecatalyst/used-output.yaml', 0, ['5 Build stays aws/build: it sets WHEN, which build-and-push does not']],
  ['github/anchors.yml', 2, []],
  [
    'github/build-check.yml',
    2,
    [
      '6 docker/build-push-action stays: it fetches its context from Git; check it out before',
      '10 docker/build-push-action stays: its input call does not exist: this action builds; run docker buildx build --call in a step of its own for checks',
      '13 docker/build-push-action stays: its context is not a directory',
      '16 docker/build-push-action stays: its output "type=local,dest=out" writes files, which this action does not; run docker buildx build --output in a step of its own',
    ],
  ],
  ['github/build-push-action.yml', 1, []],
  ['github/build-tag-push.yml', 1, []],
  ['github/composite.yml', 2, []],
  ['github/first-key.yml', 1, []],
  ['github/ghcr.yml', 0, ['8 docker/build-push-action stays: ghcr.io/acme/web:1 is not in a registry of Amazon ECR']],
  ['github/job-defaults.yml', 3, []],
  ['github/job-outputs.yml', 1, []],
  [
    'github/load-only.yml',
    0,
    ['6 docker/build-push-action stays: it fetches its context from Git; check it out before'],
  ],
  ['github/matrix.yml', 3, []],
  ['github/metadata.yml', 1, []],
  ['github/pinned.yml', 3, []],
  ['github/public.yml', 0, ['10 a step that builds an image stays: it pushes to ECR Public']],
  ['github/register-only.yml', 1, []],
  ['github/reusable.yml', 2, []],
  [
    'github/run-task.yml',
    1,
    ['12 input nonsense-of-ours was kept, and has to go: ecs-bluegreen-deploy has no such input'],
  ],
  ['github/several-steps.yml', 1, []],
  [
    'github/short-sha.yml',
    0,
    ['9 a step that builds an image stays: $(git rev-parse --short HEAD) is known to the shell only'],
  ],
  ['github/starter.yml', 3, []],
  ['github/test-before-push.yml', 2, []],
  [
    'github/test-between.yml',
    0,
    [
      '8 a step that builds an image stays: it only builds, and another step pushes; make one step of them',
      '10 a step that builds an image stays: it pushes an image that another step builds; make one step of them',
      '15 a step that builds an image stays: it only builds, and another step pushes; make one step of them',
      '16 a step that builds an image stays: it pushes an image that another step builds; make one step of them',
      '22 a step that builds an image stays: its steps have variables of one name and different values',
      '30 a step that builds an image stays: it only builds, and another step pushes; make one step of them',
      '32 a step that builds an image stays: it pushes an image that another step builds; make one step of them',
      '37 a step that builds an image stays: more than one of its steps has an id',
    ],
  ],
];

/** Without those that say the version of a pinned action, which go with it. */
const commentsOf = (text: string) =>
  text
    .split('\n')
    .flatMap((line) => /(?:^|\s)(#.*)$/.exec(line)?.[1]?.trim() ?? [])
    .filter((comment) => !/^# ?v[\d.]+$/.test(comment));

it('all workflows of the folder are moved here', () => {
  const files = ['codecatalyst', 'github'].flatMap((host) =>
    readdirSync(join(__dirname, host)).map((name) => `${host}/${name}`),
  );
  expect(files.sort()).toEqual(workflows.map(([name]) => name).sort());
});

describe.each(workflows)('%s', (name, moved, left) => {
  const before = read(name);
  const result = move(before);

  it('is moved as far as it can be, and the rest is listed with its reason', () => {
    expect(result.left.map(({ line, text }) => `${line} ${text}`)).toEqual(left);
    expect(result.moved).toHaveLength(moved);
    expect(result.text).toBe(existsSync(join(__dirname, 'expected', name)) ? read(`expected/${name}`) : before);
    expect(result.text === before).toBe(moved === 0);
  });

  it('keeps the line breaks of Windows', () => {
    const windows = (text: string) => text.replace(/\n/g, '\r\n');
    expect(move(windows(before))).toEqual({ ...result, text: windows(result.text) });
  });

  it('is not changed again', () => {
    expect(move(result.text)).toEqual({ text: result.text, moved: [], left: expect.any(Array) });
  });

  it('keeps its comments', () => {
    expect(commentsOf(result.text)).toEqual(expect.arrayContaining(commentsOf(before)));
  });
});

const named = (pattern: RegExp) => workflows.map(([name]) => name).filter((name) => pattern.test(name));

it('each workflow of which something is moved is run by a test', () => {
  const run = [
    ...Object.keys(runByLocalRunner).map((name) => `codecatalyst/${name}`),
    ...[runByGitHub, runElsewhere].flatMap((one) => Object.keys(one)),
    ...runByActOnly,
  ];
  const moved = workflows.flatMap(([name, count]) => (count > 0 ? [name.replace(/\.ya?ml$/, '')] : []));
  expect(run.sort()).toEqual(moved.sort());
});

// The local runner has neither GitHub's runner nor what the labs published.
it.each(named(/^codecatalyst\/(?!github-runner|labs-push)/))('%s is read by the local runner', (name) => {
  const { text } = move(read(name));
  expect(() => readWorkflow('w.yaml', text, actionFinder(project, project))).not.toThrow();
});

it.each(named(/^github\/(?!run-task)/))('%s has inputs and outputs that the actions have', (name) => {
  expect(githubFindings(move(read(name)).text)).toEqual([]);
});

it('a file with lines lost, cut or moved is refused, or moved into a file that can be read and is not changed again', () => {
  const change = fc.tuple(fc.constantFrom('lose', 'cut', 'double'), fc.nat(), fc.nat(40));
  const texts = workflows.map(([name]) => read(name));
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 4 }), (text, changes) => {
      const lines = text.split('\n');
      for (const [way, at, length] of changes) {
        const place = at % lines.length;
        if (way === 'cut') lines[place] = lines[place]!.slice(0, length);
        else lines.splice(place, way === 'lose' ? 1 : 0, ...(way === 'lose' ? [] : [lines[length % lines.length]!]));
      }
      let moved: string;
      try {
        moved = move(lines.join('\n')).text;
      } catch (error) {
        if (error instanceof InputError) return;
        throw error;
      }
      expect(move(moved).text).toBe(moved);
    }),
  );
});

describe('a file that is not a workflow', () => {
  it.each([
    ['a: [', 'w.yaml:1: '],
    ['a: 1', 'w.yaml: is not a workflow: it has neither Actions nor jobs at its top'],
    ['', 'w.yaml: is not a workflow'],
  ])('%j is refused', (text, problem) => expect(() => move(text)).toThrow(problem));
});
