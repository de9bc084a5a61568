import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
import { projectRoot } from '../../support/project-files';

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

const rows = readFileSync(join(projectRoot, 'docs/troubleshooting.md'), 'utf8').matchAll(
  /^\| `+ ?(.*?) ?`+ \| (.+) \|$/gm,
);
const entries = [...rows].map(([, text, next]) => ({ text: text!, next: next! }));

/** Whether a message is one of a text of the page. */
function isListed(message: string): boolean {
  return entries.some(({ text }) => {
    const pieces = text
      .replace(/\\\|/g, '|')
      .split(/<[A-Za-z]\w*>|…/)
      .map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    // A rule is often told with the value around it.
    return new RegExp(`(?:^|[ :])${pieces.join('.*')}(?:, got .*)?$`, 's').test(message);
  });
}

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
    const [, line] = /^Error: (.*)$/m.exec(output)!;
    const findings = line!.replace(/^\d+ inputs are wrong: /, '').split(' | ');
    expect(findings.filter((finding) => ![finding, ...afterColons(finding)].some(isListed))).toEqual([]);
  });

  it('has no text that anything would fit', () => {
    expect(isListed('no action has ever said these words')).toBe(false);
  });
});

/** A finding is told with its place, which has colons itself. */
const afterColons = (text: string) => [...text.matchAll(/: /g)].map(({ index }) => text.slice(index + 2));
