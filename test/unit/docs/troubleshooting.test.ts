import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from '@babel/parser';
import { describe, expect, it } from '@jest/globals';
import { areaOf } from '../../../shared/dev/troubleshooting/areas';
import { messagesIn } from '../../../shared/dev/troubleshooting/messages';
import type { SyntaxNode } from '../../../shared/dev/troubleshooting/syntax';
import { SimulationClock } from '../../local/aws/clock';
import type { ActionName } from '../../support/bundles';
import { runInProcess } from '../../support/in-process';
import { entries, isListed, unlistedIn } from '../../support/listed-messages';

const textsOf = (...sources: readonly string[]) =>
  messagesIn(
    sources.map((text, at) => ({
      path: `shared/file${at}.ts`,
      tree: parse(text, { sourceType: 'module', plugins: ['typescript'] }).program as unknown as SyntaxNode,
    })),
  ).map(({ text }) => text);

/** A value in a template literal of such code. */
const value = (name: string) => `\${${name}}`;

describe('the texts of errors in the code', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'given to a class',
      [`throw new ActionError(\`cannot read ${value('file')}: it is gone\`)`],
      ['cannot read <file>: it is gone'],
    ],
    ['as the problem of a finding', ["const f = [{ where: 'x', problem: 'must be short' }]"], ['must be short']],
    [
      'one of two',
      [`new ActionError(a ? 'cannot do this' : \`cannot do ${value('b.that')}\`)`],
      ['cannot do this', 'cannot do <that>'],
    ],
    ['in a constant', ["const said = 'it was gone then';\nnew ActionError(said)"], ['it was gone then']],
    [
      'returned by a function',
      ["function why() { return 'no answer came' }\nnew ActionError(why())"],
      ['no answer came'],
    ],
    [
      'given to a function that hands it on, in another file',
      [
        'export const fault = (where: string, problem: string) => new InputError([{ where, problem }]);',
        "fault('a', 'is not a file')",
      ],
      ['is not a file'],
    ],
    [
      'a reason within another text',
      [`const why = a ? 'the disk is full' : undefined;\nnew ActionError(\`cannot write: ${value('why')}\`)`],
      ['cannot write: <why>', 'the disk is full'],
    ],
    [
      'returned by a function of another file',
      ["export function rule() { return 'must be of lower case' }", 'const f = { problem: rule() }'],
      ['must be of lower case'],
    ],
    [
      'given to a class that extends one',
      ["class Trouble extends Error {}\nclass Stuck extends Trouble {}\nnew Stuck('it does not move')"],
      ['it does not move'],
    ],
    [
      'given on by the class itself',
      ["class Ended extends Error { constructor() { super('ended by a signal') } }"],
      ['ended by a signal'],
    ],
    ['of an exception of AWS', ["read({ ClusterNotFoundException: 'there is no cluster' })"], ['there is no cluster']],
    [
      'in a list of problems',
      [
        `const problems = names.map((name) => [\`has no field ${value('name')}\`]);
problems.push('requires a role')`,
      ],
      ['has no field <name>', 'requires a role'],
    ],
    [
      'waited for',
      ["async function end() { return 'it ended meanwhile' }\nnew ActionError(await end())"],
      ['it ended meanwhile'],
    ],
    ['of a warning', ["log.warn('nothing was copied')"], ['nothing was copied']],
    [
      'of a note',
      ["const plan = { notices: [...(a ? ['nothing is deployed here'] : [])] }"],
      ['nothing is deployed here'],
    ],
    ['of what was done before', ["effects.done.push('a task was started')"], ['a task was started']],
    [
      'in a list that is joined',
      ["new ActionError([a, 'it was gone then'].filter(Boolean).join('; '))"],
      ['it was gone then'],
    ],
    [
      'of words in a constant',
      [`const gone = 'because it was gone';\nnew ActionError(\`cannot read, ${value('gone')}\`)`],
      ['cannot read, <gone>', 'because it was gone'],
    ],
    ['no sentence', ["new ActionError(error.message); new ActionError('x')"], []],
  ])('are found: %s', (_, sources, texts) => {
    expect(textsOf(...sources)).toEqual(texts);
  });

  it('are found in each place of a function, and for each value of a name', () => {
    const handsOn = 'const broken = (rule: string, problem: string) => ({ rule, problem });';
    const uses =
      "broken('it must be short', 'is too long here');\nconst why = 'one is wrong'; { const why = 'two are wrong'; new ActionError(why) }";
    expect(textsOf(handsOn, uses)).toEqual(
      expect.arrayContaining(['it must be short', 'is too long here', 'one is wrong', 'two are wrong']),
    );
  });

  it('belong to an area, the most special one, or are refused', () => {
    expect(areaOf('shared/aws/errors.ts').heading).toBe('Access to AWS');
    expect(areaOf('shared/nearest.ts').heading).toBe('Inputs, files and the host');
    expect(() => areaOf('elsewhere.ts')).toThrow('no area');
  });
});

/** What actions say in the field, one for each area. */
const runs: readonly [ActionName, readonly string[], files: Readonly<Record<string, string>>][] = [
  ['build-and-push', ['--tags', 'a b'], {}],
  [
    'build-and-push',
    ['--repository', 'app', '--region', 'us-west-2', '--builder', 'builtin'],
    { Dockerfile: 'FROM scratch\nRUN x\n' },
  ],
  ['render-task-definition', ['--task-definition', 'none.json'], {}],
  [
    'render-task-definition',
    ['--task-definition', 'task.json', '--image', 'x y'],
    { 'task.json': '{"family": 7, "cpu": "1"}' },
  ],
  ['ecs-bluegreen-deploy', ['--service', 's', '--task-definition', 'none.json', '--region', 'us-west-2'], {}],
  [
    'ecs-bluegreen-deploy',
    ['--service', 's', '--task-definition', 't:1', '--wait-until', 'never', '--region', 'x'],
    {},
  ],
];

describe('docs/troubleshooting.md', () => {
  it('says of each text what to do', () => {
    expect(entries.length).toBeGreaterThan(300);
    for (const { next } of entries) expect(next).toMatch(/^[A-Z].*\.$/);
  });

  it.each(runs)('has what %s says to %j', async (action, args, files) => {
    const cwd = mkdtempSync(join(tmpdir(), 'trouble-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
    const { output, status } = await runInProcess(action, { args, cwd, env: {}, clock: new SimulationClock() });
    rmSync(cwd, { recursive: true });
    expect(status).toBe(2);
    expect(unlistedIn(output)).toEqual([]);
  });

  it.each([
    ['one text', 'task.json is not a file'.replace('task.json', 'task-definition: task.json'), true],
    ['a rule behind its place', 'task-definition: task.json:1:2 family: must be a string, got 7', true],
    [
      'several sentences',
      'cannot use the network: down; check the network of this machine. Nothing was changed.',
      true,
    ],
    ['words that nothing says', 'no action has ever said these words', false],
    ['a sentence more', 'cannot use the network: down; check the network of this machine. The moon was full.', false],
    ['a sentence less', 'The moon was full. Nothing was changed.', false],
  ])('is searched for %s', (_, message, isThere) => {
    expect(isListed(message)).toBe(isThere);
  });

  it('is searched for each error, warning and note of an output', () => {
    const output =
      'Plan\nNote: the moon is full\nWarning: the moon was full\nError: the moon will be full\n  Error: of a container\n';
    expect(unlistedIn(output)).toEqual(['the moon is full', 'the moon was full', 'the moon will be full']);
    expect(unlistedIn('Error: 2 inputs are wrong: a: is not a file | b: is a moon')).toEqual(['b: is a moon']);
  });
});
