import * as yaml from 'yaml';
import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import type { Finding } from '../../../shared/errors';
import { cut } from '../../../shared/excerpt';
import { type Composed, composeYaml } from '../../../shared/yaml/compose';
import { merged } from '../../../shared/yaml/merge-keys';
import type { Place, Written } from './model';
import { type ScalarKind, scalarKind, truthOf } from './scalar-kind';

/** A value of the file and where it stands. */
export interface Spot extends Place {
  readonly node: Node | null;
}

/**
 * Reads the values of a YAML file and collects all that is wrong with them, each with its line. What an unquoted scalar
 * means, scalarKind decides.
 */
export class YamlReader {
  readonly findings: Finding[] = [];
  /** What the file asks for and has no effect here, one line each. */
  readonly notes: string[] = [];
  readonly top: Spot;
  readonly #file: string;
  readonly #place: Composed['place'];
  readonly #aliases: Composed['aliases'];

  constructor(file: string, text: string) {
    this.#file = file;
    const composed = composeYaml(text, { version: '1.2', schema: 'core' });
    const isFault = 'fault' in composed;
    this.#place = composed.place;
    this.#aliases = isFault ? new Map() : composed.aliases;
    if (isFault) this.refuse({ path: '', line: this.#lineAt(composed.fault.offset) }, composed.fault.problem);
    this.top = this.#spot('', isFault ? null : composed.contents, 1);
  }

  /** What is read twice is refused once. */
  refuse({ path, line }: Place, problem: string): void {
    const where = [`${this.#file}:${line}`, path].filter(Boolean).join(' ');
    if (this.findings.some((one) => one.where === where && one.problem === problem)) return;
    this.findings.push({ where, problem });
  }

  /** Says that something has no effect here. */
  tell({ path, line }: Place, what: string): void {
    this.notes.push(`${this.#file}:${line} ${path}: ${what}`);
  }

  /** The fields of a mapping. Names that are not known are refused, with the nearest one that is. */
  fields(spot: Spot | undefined, known: readonly string[]): Partial<Record<string, Spot>> {
    const fields: Partial<Record<string, Spot>> = {};
    for (const [name, field] of this.entries(spot)) {
      if (known.includes(name)) fields[name] = field;
      else this.refuse(field, `unknown key; ${hint(name, known)}`);
    }
    return fields;
  }

  /** The entries of a mapping whose names are the user's, those of its merge keys (`<<`) last. */
  entries(spot: Spot | undefined): [string, Spot][] {
    if (!spot || !this.isGiven(spot)) return [];
    if (!isMap(spot.node)) return this.#wrong(spot, 'must be a mapping of names to values', []);
    const names = new Set<string>();
    return merged(spot.node, { yaml, aliases: this.#aliases }).map(({ key, value }) => {
      const name = cut(isScalar(key) ? writtenIn(key) : 'a key that is not a string', longestName);
      const path = spot.path ? `${spot.path}.${name}` : name;
      const field = this.#spot(path, value as Node | null, this.#lineOf(key as Node, spot.line));
      if (names.size === names.add(name).size) this.refuse(field, 'this key appears twice');
      return [name, field];
    });
  }

  /** Whether there is a value. A key with nothing behind it, as one whose lines are comments, counts as one left out. */
  isGiven(spot: Spot | undefined): spot is Spot {
    return Boolean(spot?.node) && !(isScalar(spot?.node) && kindOf(spot.node) === 'null');
  }

  isMapping(spot: Spot | undefined): boolean {
    return isMap(spot?.node);
  }

  isList(spot: Spot | undefined): boolean {
    return isSeq(spot?.node);
  }

  items(spot: Spot | undefined): Spot[] {
    if (!spot || !this.isGiven(spot)) return [];
    if (!isSeq(spot.node)) return this.#wrong(spot, 'must be a list', []);
    return spot.node.items.map((item, at) => this.#spot(`${spot.path}[${at}]`, item as Node | null, spot.line));
  }

  /** A scalar of any type as it was written, such as `1.0`. */
  scalar(spot: Spot | undefined): string | undefined {
    if (!spot) return undefined;
    if (!isScalar(spot.node) || kindOf(spot.node) === 'null') return this.#wrong(spot, 'must have a value', undefined);
    return writtenIn(spot.node);
  }

  /** A boolean as YAML 1.1 spells it, such as `yes` and `Off`, with quotes or without. */
  flag(spot: Spot | undefined): boolean | undefined {
    const value = this.scalar(spot);
    const truth = value === undefined ? undefined : truthOf(value);
    if (spot && value !== undefined && truth === undefined) this.refuse(spot, 'must be true or false');
    return truth;
  }

  /** A scalar where a string is wanted: CodeCatalyst reads numbers and booleans as they were written. */
  text(spot: Spot | undefined): string | undefined {
    if (!spot) return undefined;
    const { node } = spot;
    if (!isScalar(node)) return this.#wrong(spot, 'must be one string; write the lines below |', undefined);
    if (kindOf(node) === 'null') return this.#wrong(spot, 'has no value; write one, or leave the key out', undefined);
    return writtenIn(node);
  }

  /** The kind of a scalar that is not a string, `null` left aside. */
  bareKind({ node }: Spot): ScalarKind | undefined {
    const kind = isScalar(node) ? kindOf(node) : 'null';
    return kind === 'string' || kind === 'null' ? undefined : kind;
  }

  written(spot: Spot | undefined): Written | undefined {
    const text = this.text(spot);
    return spot && text !== undefined ? { text, place: spot } : undefined;
  }

  /** A list of strings. */
  list(spot: Spot | undefined): Written[] {
    return this.items(spot).flatMap((item) => this.written(item) ?? []);
  }

  oneOf(spot: Spot | undefined, values: readonly string[], letters?: 'in any case'): string | undefined {
    const value = this.scalar(spot);
    const form = (text: string) => (letters ? text.toLowerCase() : text);
    if (spot && value !== undefined && !values.some((one) => form(one) === form(value)))
      this.refuse(spot, `must be ${values.join(' or ')}`);
    return value;
  }

  #wrong<T>(spot: Spot, problem: string, answer: T): T {
    this.refuse(spot, problem);
    return answer;
  }

  #spot(path: string, written: Node | null, line: number): Spot {
    const node = isAlias(written) ? (this.#aliases.get(written) ?? null) : written;
    return { path, node, line: this.#lineOf(written, line) };
  }

  #lineOf(node: Node | null, otherwise: number): number {
    return node?.range ? this.#lineAt(node.range[0]) : otherwise;
  }

  #lineAt(offset: number): number {
    return this.#place(offset).line;
  }
}

/** With quotes or an explicit tag, a scalar has the type that its author gave it. */
const isPlain = ({ type, tag }: Scalar): boolean => type === 'PLAIN' && tag === undefined;

const kindOf = (node: Scalar): ScalarKind =>
  isPlain(node) ? scalarKind(writtenIn(node)) : node.value === null ? 'null' : 'string';

/** The text of a scalar; what the parser reads as a number or a boolean is kept as written. */
const writtenIn = (node: Scalar): string =>
  typeof node.value === 'string' ? node.value : (node.source ?? String(node.value ?? ''));

/** Of a key in a message. */
const longestName = 100;

function hint(name: string, known: readonly string[]): string {
  const near = known.find((other) => other.toLowerCase() === name.toLowerCase());
  return near ? `did you mean ${near}?` : `known here: ${known.join(', ')}`;
}
