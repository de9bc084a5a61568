import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { definition as build } from '../../../actions/build-and-push/src/definition';
import { definition as deploy } from '../../../actions/ecs-bluegreen-deploy/src/definition';
import { definition as render } from '../../../actions/render-task-definition/src/definition';
import { adkManifest } from '../../../shared/dev/adk';
import { githubManifest } from '../../../shared/dev/github';
import { tables, withTables } from '../../../shared/dev/markdown';
import { type ActionDefinition, type HostName, optional } from '../../../shared/manifest/definition';
import { helpText } from '../../../shared/manifest/help';
import { text } from '../../../shared/manifest/types';

const definitions = [build, render, deploy] as unknown as ActionDefinition[];

const anInput = optional(text, { group: 'All', description: 'What it is.' });
const numbered = <T>(count: number, value: T) =>
  Array.from({ length: count }, (_, at): [string, T] => [`i${at}`, value]);

interface Adk {
  Configuration: Record<string, { Description: string; Type: string; Required: boolean; Default?: unknown }>;
  Outputs: { Variables: Record<string, { Description: string }> };
  [key: string]: unknown;
}

describe.each(definitions.map((definition) => [definition.name, definition] as const))('%s', (_, definition) => {
  const adk = parse(adkManifest(definition, '1.2.3')) as Adk;

  it('has an ADK manifest within the limits of the kit’s schema', () => {
    const parameters = Object.entries(adk.Configuration);
    const outputs = Object.entries(adk.Outputs.Variables);
    expect(adk['SchemaVersion']).toBe('1.0');
    expect(adk['Name']).toMatch(/^[A-Za-z0-9][A-Za-z0-9\s\-_]{1,62}[A-Za-z0-9]$/);
    expect(adk['Description']).toMatch(/^[^"]{1,128}$/);
    expect(adk['Runs']).toEqual({ Using: 'node16', Main: 'dist/index.js' });
    expect(parameters.length).toBeGreaterThan(0);
    expect(parameters.length).toBeLessThanOrEqual(20);
    expect(outputs.length).toBeLessThanOrEqual(10);
    for (const [name, parameter] of parameters) {
      expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9\-_]{1,34}[A-Za-z0-9]$/);
      expect(parameter.Description).toMatch(/^[^"]{1,256}$/);
      expect(['string', 'number', 'boolean']).toContain(parameter.Type);
      expect(String(parameter.Default ?? '').length).toBeLessThanOrEqual(32);
      expect(['string', 'undefined']).toContain(typeof parameter.Default);
    }
    for (const [name, output] of outputs) {
      expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9\-_]{1,30}[A-Za-z0-9]$/);
      expect(output.Description).toMatch(/^[^"]{1,256}$/);
    }
  });

  it.each<[string, Partial<ActionDefinition>]>([
    ['it has 21 inputs, and at most 20 are allowed', { inputs: Object.fromEntries(numbered(21, anInput)) }],
    ['it has 11 outputs, and at most 10 are allowed', { outputs: Object.fromEntries(numbered(11, 'A text.')) }],
    ['the description of a has a double quote', { inputs: { a: { ...anInput, description: 'a "b"' } } }],
    ['the description of a has more than 256', { outputs: { a: 'x'.repeat(257) } }],
    ['the default of a has more than 32', { inputs: { a: { ...anInput, default: 'x'.repeat(33) } } }],
  ])('is not built where %s', (rule, change) => {
    expect(() => adkManifest({ ...definition, ...change }, '1.2.3')).toThrow(rule);
  });

  it('uses no top-level key that the schema does not know', () => {
    const known = [
      ...['SchemaVersion', 'Name', 'Version', 'Description', 'Configuration'],
      ...['Environment', 'SupportedComputeTypes', 'Inputs', 'Outputs', 'Runs'],
    ];
    expect(known).toEqual(expect.arrayContaining(Object.keys(adk)));
  });

  it('has a GitHub manifest with those inputs, defaults and outputs, and the ones that are not for CodeCatalyst', () => {
    const github = parse(githubManifest(definition)) as Record<string, Record<string, { default?: string }>>;
    const { inputs, outputs } = definition;
    const isFor = (host: HostName, hosts?: readonly HostName[]) => hosts === undefined || hosts.includes(host);
    const names = (host: HostName) => Object.keys(inputs).filter((name) => isFor(host, inputs[name]!.hosts));
    const given = (host: HostName) =>
      Object.entries(outputs).flatMap(([name, of]) => (typeof of === 'string' || isFor(host, of.hosts) ? [name] : []));
    expect(Object.keys(github['inputs']!)).toEqual(names('github'));
    expect(Object.keys(adk.Configuration)).toEqual(names('codecatalyst'));
    expect(Object.keys(github['outputs']!)).toEqual(given('github'));
    expect(Object.keys(adk.Outputs.Variables)).toEqual(given('codecatalyst'));
    for (const [name, { Default }] of Object.entries(adk.Configuration)) {
      expect(github['inputs']![name]!.default).toBe(Default);
    }
  });

  // The compiler does not tell: an input that is only defined would be accepted, and change nothing.
  it('reads every input, and gives every output', () => {
    const { name, inputs, outputs } = definition;
    const folder = join(__dirname, '../../../actions', name, 'src');
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.ts') && path !== 'definition.ts',
    );
    const words = new Set(
      sources.flatMap((path) => readFileSync(join(folder, path), 'utf8').match(/[A-Za-z][\w-]*/g) ?? []),
    );
    expect([...Object.keys(inputs), ...Object.keys(outputs)].filter((one) => !words.has(one))).toEqual([]);
  });

  it('names every input and output in the help and the tables', () => {
    for (const name of [...Object.keys(definition.inputs), ...Object.keys(definition.outputs)]) {
      expect(helpText(definition)).toContain(name);
      expect(tables(definition)).toContain(`| \`${name}\` |`);
    }
  });

  it('has examples in its help that a shell reads as they are written', () => {
    const [, shown = ''] = /^Examples:\n(.*?)\n\n/ms.exec(helpText(definition)) ?? [];
    for (const example of definition.examples ?? [])
      expect(shown.replace(/ \\\n +/g, ' ')).toContain(`${definition.name} ${example}`);
    // Within quotes, the end of a line and what continues it would be a part of the word.
    const quotesIn = (line: string) => line.split("'").length - 1;
    expect(shown.split('\n').filter((line) => quotesIn(line) % 2 === 1)).toEqual([]);
  });

  it('replaces only the generated part of a README', () => {
    const first = withTables('# Title\n\nProse.\n', definition);
    const withMore = `${first}\nMore prose.\n`;
    expect(withTables(withMore, definition)).toBe(withMore);
    expect(withTables(withMore.replace('## Inputs', '## Old'), definition)).toBe(withMore);
  });
});
