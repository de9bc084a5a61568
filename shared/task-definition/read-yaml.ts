import type { Alias, Pair, Node as Parsed } from 'yaml';
import { type Finding, InputError, refuse } from '../errors';
import { type Composed, composeYaml, type YamlFault } from '../yaml/compose';
import { merged } from '../yaml/merge-keys';
import { templateAt } from './placeholder';
import { deepest, eachOnce, type Field, type Node, type OnTwice } from './tree';

/** More parts than this come only from aliases that multiply each other. */
const mostNodes = 100_000;

/** What a conversion needs on its way. */
interface Reading {
  readonly yaml: typeof import('yaml');
  readonly aliases: Composed['aliases'];
  readonly finding: (offset: number, problem: string) => Finding;
  /** What is wrong at an offset where a template stands. */
  readonly templateIn: (offset: number) => string | undefined;
  readonly findings: Finding[];
  readonly onTwice: OnTwice | undefined;
  nodes: number;
}

/**
 * Takes YAML (1.2, core schema, and the merge keys of 1.1) apart. `thing` is what the file should hold.
 *
 * @param onTwice is called with each field that appears twice; without it, that is an error
 * @throws InputError
 */
export function readYaml(text: string, name: string, thing = 'a task definition', onTwice?: OnTwice): Node {
  const composed = composeYaml(text, { version: '1.2', schema: 'core' });
  const finding = (offset: number, problem: string): Finding => {
    const { line, column } = composed.place(offset);
    return { where: `${name}:${line}:${column}`, problem };
  };
  const templateIn = (offset: number) =>
    /^.?\{/.test(text.slice(Math.max(0, offset - 1))) ? templateAt(text, offset) : undefined;
  if ('fault' in composed) throw new InputError([explain(composed.fault, finding, thing, templateIn)]);
  const yaml = require('yaml') as typeof import('yaml');
  const reading: Reading = { yaml, aliases: composed.aliases, finding, templateIn, findings: [], onTwice, nodes: 0 };
  const node = toNode(composed.contents, 0, reading);
  refuse(reading.findings);
  return node;
}

function explain(
  { offset, code, problem }: YamlFault,
  finding: Reading['finding'],
  thing: string,
  templateIn: Reading['templateIn'],
): Finding {
  if (code === 'MULTIPLE_DOCS') {
    return finding(offset, `${problem}; a file holds one ${thing.replace(/^an? /, '')}`);
  }
  if (code === 'TOO_DEEP') return finding(offset, `is nested too deeply to be ${thing}`);
  if (code === 'TAG_RESOLVE_FAILED') {
    // Its name is not shown: it may be a password that begins with !.
    return finding(
      offset,
      'has a tag (!), which has no meaning here, as those of CloudFormation; write a string that begins with ! in quotes',
    );
  }
  return finding(offset, templateIn(offset) ?? `is not YAML: ${problem}`);
}

function toNode(parsed: unknown, depth: number, reading: Reading): Node {
  const { yaml, aliases, finding } = reading;
  const offset = (parsed as Parsed | null)?.range?.[0] ?? 0;
  const count = () => countNode(offset, reading);
  count();
  if (depth > deepest) throw new InputError([finding(offset, `is nested more than ${deepest} levels deep`)]);
  if (yaml.isAlias(parsed)) {
    const named = aliases.get(parsed as Alias);
    // Its name is not shown: it may be a password that begins with *.
    const problem = 'is an alias (*) without its anchor; write a string that begins with * in quotes';
    if (!named) reading.findings.push(finding(offset, problem));
    return { ...toNode(named, depth + 1, reading), at: offset };
  }
  if (yaml.isMap(parsed)) {
    const pairs = merged(parsed, { yaml, aliases, visit: count });
    const fields = pairs.map((pair) => toField(pair, depth, reading));
    // The parser tells 1 and "1" apart, which are the same name here.
    return { kind: 'object', at: offset, fields: eachOnce(fields, (again) => tellTwice(again, reading)) };
  }
  if (yaml.isSeq(parsed)) {
    return { kind: 'list', at: offset, items: parsed.items.map((item) => toNode(item, depth + 1, reading)) };
  }
  if (!yaml.isScalar(parsed)) return { kind: 'scalar', at: offset, value: null, written: '' };
  const isPlain = parsed.type === 'PLAIN' && parsed.tag === undefined;
  const value = parsed.value as string | number | boolean | null;
  return { kind: 'scalar', at: offset, value, ...(isPlain && { written: parsed.source ?? '' }) };
}

function countNode(offset: number, reading: Reading): void {
  reading.nodes++;
  if (reading.nodes <= mostNodes) return;
  throw new InputError([reading.finding(offset, 'holds too many values; aliases multiply them')]);
}

function tellTwice({ at }: Field, { finding, findings, onTwice }: Reading): void {
  if (onTwice) onTwice(finding(at, 'this field appears twice; the last one wins'));
  else findings.push(finding(at, 'this field appears twice'));
}

function toField({ key, value }: Pair, depth: number, reading: Reading): Field {
  const { yaml, finding, findings, templateIn } = reading;
  const offset = (key as Parsed | null)?.range?.[0] ?? 0;
  const name = yaml.isScalar(key) ? (key.source ?? String(key.value)) : '';
  if (!yaml.isScalar(key)) findings.push(finding(offset, templateIn(offset) ?? 'the name of a field must be a string'));
  if (name === '<<' && yaml.isScalar(key) && key.type === 'PLAIN') {
    findings.push(finding(offset, 'a merge key (<<) must name a mapping by its alias, or a list of such'));
  }
  return { name, at: offset, value: toNode(value, depth + 1, reading) };
}
