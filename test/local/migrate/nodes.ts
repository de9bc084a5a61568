import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { type Composed, composeYaml } from '../../../shared/yaml/compose';
import { type Edit, lineEnd, lineStart, skipSpace } from './edits';

/** A YAML file with its text: nodes are looked up, and changes are edits of the text, so that all else stays as it was. */
export class YamlFile {
  constructor(
    readonly text: string,
    readonly composed: Composed,
  ) {}

  /** What a node is, its alias followed. */
  follow(node: unknown): Node | undefined {
    if (isAlias(node)) return this.composed.aliases.get(node);
    return (node ?? undefined) as Node | undefined;
  }

  map(node: unknown): YAMLMap | undefined {
    const found = this.follow(node);
    return isMap(found) ? found : undefined;
  }

  items(node: unknown): Node[] {
    const found = this.follow(node);
    return isSeq(found) ? found.items.flatMap((item) => this.follow(item) ?? []) : [];
  }

  /** The pairs of a mapping whose keys are plain texts. */
  pairs(node: unknown): { readonly name: string; readonly pair: Pair }[] {
    return (this.map(node)?.items ?? []).flatMap((pair) =>
      isScalar(pair.key) ? [{ name: String(pair.key.value), pair }] : [],
    );
  }

  pair(node: unknown, name: string): Pair | undefined {
    return this.pairs(node).find((one) => one.name === name)?.pair;
  }

  field(node: unknown, name: string): Node | undefined {
    return this.follow(this.pair(node, name)?.value);
  }

  /** A scalar as written, whatever its YAML type. */
  scalar(node: unknown): string | undefined {
    const found = this.follow(node);
    if (!isScalar(found)) return undefined;
    return typeof found.value === 'string' ? found.value : (found.source ?? '');
  }

  textIn(node: unknown, name: string): string | undefined {
    return this.scalar(this.field(node, name));
  }

  lineOf(node: unknown): number {
    return this.composed.place(startOf(node)).line;
  }

  /** Every scalar that holds a value, once. */
  scalars(node: unknown = this.composed.contents): Scalar[] {
    if (isScalar(node)) return [node];
    if (isMap(node)) return node.items.flatMap(({ value }) => this.scalars(value));
    return isSeq(node) ? node.items.flatMap((item) => this.scalars(item)) : [];
  }

  /** Whether an alias elsewhere may mean this node, or one within it. */
  hasAnchor(node: unknown): boolean {
    if (isPair(node)) return this.hasAnchor(node.key) || this.hasAnchor(node.value);
    if (isCollection(node) && node.items.some((item) => this.hasAnchor(item))) return true;
    return isNode(node) && !isAlias(node) && node.anchor !== undefined;
  }

  /** Whether each alias means something: one whose anchor is gone makes the file unreadable. */
  hasAllAnchors(node: unknown = this.composed.contents): boolean {
    if (isPair(node)) return this.hasAllAnchors(node.key) && this.hasAllAnchors(node.value);
    if (isCollection(node)) return node.items.every((item) => this.hasAllAnchors(item));
    return !isAlias(node) || this.composed.aliases.has(node);
  }

  /** Replaces what a scalar says, its quotes kept where the new text can stand in them. */
  replaceScalar(node: unknown, value: string): Edit {
    const found = this.follow(node) as Scalar;
    const [from, end] = found.range!;
    // A block below `>-` or `|` ends with its line break, which stays.
    const to = this.text.slice(0, end).trimEnd().length;
    const quote = found.type === 'QUOTE_DOUBLE' ? '"' : found.type === 'QUOTE_SINGLE' ? "'" : '';
    return { from, to, text: `${quote}${value}${quote}` };
  }

  /** Replaces a pair by other lines, which stand at the column of its key. */
  replacePair(pair: Pair, lines: readonly string[], indent: string): Edit {
    const from = startOf(pair.key);
    return { from, to: this.endOf(pair), text: lines.join(`\n${indent}`) };
  }

  /** Takes a pair out, with the line that it leaves empty. */
  removePair(pair: Pair, of: YAMLMap): Edit {
    const from = startOf(pair.key);
    const isFirst = of.items[0] === pair;
    if (isFirst && of.items.length > 1) return { from, to: skipSpace(this.text, this.endOf(pair)), text: '' };
    return { from: lineStart(this.text, from), to: lineEnd(this.text, this.endOf(pair)), text: '' };
  }

  /** Takes pairs out that stand between braces, each run of them with the comma before it or, at the start, behind it. */
  removeFromFlow(gone: readonly Pair[], of: YAMLMap): Edit[] {
    return of.items.flatMap((pair, at): Edit[] => {
      const before = of.items[at - 1];
      if (!gone.includes(pair) || (before && gone.includes(before))) return [];
      const next = of.items.findIndex((one, place) => place > at && !gone.includes(one));
      const last = of.items[(next < 0 ? of.items.length : next) - 1]!;
      if (before) return [{ from: this.endOf(before), to: this.endOf(last), text: '' }];
      return [{ from: startOf(pair.key), to: next < 0 ? this.endOf(last) : startOf(of.items[next]!.key), text: '' }];
    });
  }

  /** The comments of a pair on its lines, and between them. */
  commentsIn(pair: Pair): string[] {
    const [from, to] = [startOf(pair.key), lineEnd(this.text, this.endOf(pair))];
    let text = this.text.slice(from, to);
    for (const { range } of this.scalars(pair.value)) {
      const [start, end] = [range![0] - from, range![1] - from];
      text = text.slice(0, start) + ' '.repeat(end - start) + text.slice(end);
    }
    return [...text.matchAll(/(?:^|\s)(#.*?)\r?$/gm)].map(([, comment]) => comment!);
  }

  /** Where the value of a pair ends: before the line break behind it, and before a comment on its line. */
  endOf({ key, value }: Pair): number {
    const end = endOf(value) ?? endOf(key)!;
    return this.text.slice(0, end).trimEnd().length;
  }
}

export const startOf = (node: unknown): number => (node as Node | undefined)?.range?.[0] ?? 0;
const endOf = (node: unknown): number | undefined => (node as Node | null)?.range?.[1];

/** Takes a file apart. */
export function openYaml(text: string): YamlFile | { readonly problem: string; readonly line: number } {
  const composed = composeYaml(text, { version: '1.2', schema: 'core' });
  if (!('fault' in composed)) return new YamlFile(text, composed);
  return { problem: composed.fault.problem, line: composed.place(composed.fault.offset).line };
}
