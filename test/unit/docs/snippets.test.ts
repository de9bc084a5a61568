import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type ParseError, parse as parseJsonc } from 'jsonc-parser';
import { parseAllDocuments } from 'yaml';
import { definition as build } from '../../../actions/build-and-push/src/definition';
import { definition as deploy } from '../../../actions/ecs-bluegreen-deploy/src/definition';
import { definition as render } from '../../../actions/render-task-definition/src/definition';
import { type Block, blocksOf } from '../../support/doc-blocks';
import { projectFiles, projectRoot } from '../../support/project-files';

const definitions: Readonly<Record<string, { readonly inputs: object; readonly outputs: object }>> = {
  'build-and-push': build,
  'render-task-definition': render,
  'ecs-bluegreen-deploy': deploy,
};
const scripts = Object.keys(JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')).scripts);
const pages = projectFiles().filter((path) => path.endsWith('.md'));
const blocks = pages.flatMap((page) =>
  blocksOf(readFileSync(join(projectRoot, page), 'utf8')).map((block) => ({ page, ...block })),
);
const of = (...languages: readonly string[]) => blocks.filter(({ language }) => languages.includes(language));
const place = ({ page, line }: { readonly page: string } & Block) => `${page}:${line}`;

/** What is wrong with a snippet, by its language. */
const problems: Readonly<Record<string, (text: string) => readonly string[]>> = {
  sh: problemsOfShell,
  bash: problemsOfShell,
  yaml: problemsOfYaml,
  yml: problemsOfYaml,
  json(text) {
    const errors: ParseError[] = [];
    parseJsonc(text, errors);
    return errors.map(({ offset }) => `no JSON at ${text.slice(offset, offset + 20)}`);
  },
};

function problemsOfShell(text: string): readonly string[] {
  const { status, stderr } = spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' });
  if (status !== 0) return [stderr];
  const asked = [...text.matchAll(/\bnpm run (?:--?[\w-]+ )*([\w:-]+)/g)].map(([, script]) => script!);
  const missing = asked
    .filter((script) => !scripts.includes(script))
    .map((script) => `npm run ${script} does not exist`);
  const flags = text.replace(/\\\n/g, ' ').split('\n').flatMap(unknownFlags);
  return [...missing, ...flags];
}

/** Inputs of a command line that its action does not have. */
function unknownFlags(line: string): readonly string[] {
  const [, name] = /\bnode \S*?([\w-]+)"?\/dist\/index\.js/.exec(line) ?? [];
  const known = definitions[name ?? ''];
  if (!known) return [];
  const given = [...line.split('index.js')[1]!.matchAll(/(?<=\s)--([\w-]+)/g)].map(([, flag]) => flag!);
  const all = ['help', 'json', 'format', 'output', 'version', ...Object.keys(known.inputs)];
  return given.filter((flag) => !all.includes(flag)).map((flag) => `${name} has no --${flag}`);
}

function problemsOfYaml(text: string): readonly string[] {
  const documents = parseAllDocuments(text);
  const errors =
    'empty' in documents ? [] : documents.flatMap((document) => document.errors.map(({ message }) => message));
  const values = errors.length > 0 || 'empty' in documents ? [] : documents.map((document) => document.toJS());
  return [...errors, ...values.flatMap(unknownKeys)];
}

/** Inputs of a step or an action that names one of ours, and that it does not have. */
function unknownKeys(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(unknownKeys);
  if (typeof value !== 'object' || value === null) return [];
  const { uses, Identifier, with: step, Configuration } = value as Record<string, unknown>;
  const name = Object.keys(definitions).find((one) => new RegExp(`/${one}@v`).test(String(uses ?? Identifier ?? '')));
  const given = name === undefined ? [] : Object.keys((step ?? Configuration ?? {}) as object);
  const unknown = given.filter((key) => !(key in definitions[name!]!.inputs));
  return [...unknown.map((key) => `${name} has no ${key}`), ...Object.values(value).flatMap(unknownKeys)];
}

describe('the snippets of the documents', () => {
  it.each(Object.keys(problems))('in %s are ones, with names that there are', (language) => {
    const wrong = of(language).flatMap((block) =>
      problems[language]!(block.text).map((one) => `${place(block)}: ${one}`),
    );
    expect(wrong).toEqual([]);
  });

  it('are in a language that is checked, or are no code', () => {
    const others = blocks.filter(
      ({ language }) => !(language in problems) && !['text', 'diff', 'mermaid', 'md'].includes(language),
    );
    expect(others.map(place)).toEqual([]);
  });

  it('and the files that commands name are there', () => {
    const named = of('sh', 'bash').flatMap((block) =>
      [...block.text.matchAll(/(?<=[\s="])(?:docs|actions|shared|test|\.codecatalyst)\/[\w./-]+\w/g)].map(([path]) => ({
        block,
        path,
      })),
    );
    const missing = named.filter(({ path }) => !path.includes('/dist/') && !existsSync(join(projectRoot, path)));
    expect(missing.map(({ block, path }) => `${place(block)}: ${path}`)).toEqual([]);
  });
});

describe('the changes that README.md shows', () => {
  const corpus = 'test/unit/workflow/migrate';
  const linesOf = (path: string) => readFileSync(join(projectRoot, path), 'utf8').split('\n');
  /** The lines of a change on one side, with the space that the corpus names. */
  const side = (text: string, sign: '-' | '+') =>
    text
      .split('\n')
      .filter((line) => line.startsWith(' ') || line.startsWith(sign))
      .map((line) => line.slice(1).replace('<space>', 'acme'));

  it.each([
    ['-', `${corpus}/codecatalyst/tutorial.yaml`],
    ['+', `${corpus}/expected/codecatalyst/tutorial.yaml`],
  ] as const)('are those that npm run migrate makes: %s', (sign, path) => {
    const changes = of('diff').filter(({ page }) => page === 'README.md');
    expect(changes).toHaveLength(2);
    for (const { text } of changes) expect(missingInOrder(side(text, sign), linesOf(path))).toEqual([]);
  });
});

/** The lines that do not come in a text behind those before them. */
function missingInOrder(lines: readonly string[], text: readonly string[]): readonly string[] {
  let from = 0;
  return lines.filter((line) => {
    const at = text.indexOf(line, from);
    from = at < 0 ? from : at + 1;
    return at < 0;
  });
}

describe('inline code', () => {
  it('names only npm scripts that exist', () => {
    const asked = pages.flatMap((page) =>
      [...readFileSync(join(projectRoot, page), 'utf8').matchAll(/`npm run (?:--?[\w-]+ )*([\w:-]+)/g)].map(
        ([, script]) => `${page}: ${script}`,
      ),
    );
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((one) => !scripts.includes(one.split(': ')[1]!))).toEqual([]);
  });
});

describe('the check', () => {
  it('finds a line of a change that the file does not have there', () => {
    expect(missingInOrder(['a', 'b', 'a'], ['a', 'x', 'b'])).toEqual(['a']);
  });

  it.each([
    ['sh', 'if true; then'],
    ['sh', 'npm run nothing'],
    ['sh', 'node actions/build-and-push/dist/index.js --repositry x'],
    ['yaml', 'a: [1'],
    ['yaml', 'steps:\n  - uses: o/render-task-definition@v1\n    with: {imagee: x}'],
    ['yaml', 'Actions:\n  A:\n    Identifier: s/build-and-push@v1\n    Configuration: {tag: x}'],
    ['json', '{"a":'],
  ])('finds what is wrong in %s: %s', (language, text) => {
    expect(problems[language]!(text)).not.toEqual([]);
  });
});
