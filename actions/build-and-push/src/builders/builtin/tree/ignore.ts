/** The rules of .dockerignore files, as moby's patternmatcher and ignorefile packages read them. */

import { posix } from 'node:path';
import type { Finding } from '../../../../../../shared/errors';
import { charPiece, compileGlob, type Matcher, type Piece } from '../../../text/glob';
import { type ReadStar, readPieces } from './pattern';
import { parentOf } from './tree-path';

/** Whether .dockerignore excludes a path of the context. */
export interface Ignore {
  /** @param path relative to the context, without a leading slash */
  excludes(path: string): boolean;
  /** Whether something in an excluded directory may be an exception, so that it must be looked through. */
  readonly hasExceptions: boolean;
}

interface Rule {
  /** Counted from 1. */
  readonly line: number;
  /** As it is written, without the mark of an exception. */
  readonly written: string;
  readonly isException: boolean;
  /** Undefined where the pattern is malformed. */
  readonly matcher: Matcher | undefined;
}

/** Reads the rules of a .dockerignore file, in Docker's order: the last rule that matches decides. */
export const parseIgnore = (text: string): Ignore => ignoreOf([...readRules(text)]);

/**
 * A test of paths that one of the patterns matches, or a directory above them; those with `!` take paths out again.
 *
 * @returns undefined where a pattern is malformed
 */
export function matchPatterns(patterns: readonly string[]): ((path: string) => boolean) | undefined {
  const rules = patterns.map((pattern) => ruleOf(pattern, pattern, 0));
  if (rules.some((rule) => rule && !rule.matcher)) return undefined;
  return ignoreOf(rules.flatMap((rule) => rule ?? [])).excludes;
}

/** What the rules say of a path. */
interface Verdict {
  readonly isExcluded: boolean;
  /** Rules that match it, or a folder above it. */
  readonly matching: ReadonlySet<number>;
}

const none: ReadonlySet<number> = new Set();

function ignoreOf(all: readonly Rule[]): Ignore {
  const rules = all.filter(({ matcher }) => matcher);
  /**
   * A rule that would change nothing is not tried, so that an exception for a folder that is not excluded is none for
   * what is in it. Source: `MatchesUsingParentResults` of moby/patternmatcher.
   */
  const judge = (path: string, above: ReadonlySet<number>): Verdict => {
    let isExcluded = false;
    let own: Set<number> | undefined;
    for (let at = 0; at < rules.length; at++) {
      const { isException, matcher } = rules[at]!;
      const isKnown = above.has(at);
      if (!isKnown && (isException !== isExcluded || !matcher!.test(path))) continue;
      isExcluded = !isException;
      if (!isKnown) own = (own ?? new Set(above)).add(at);
    }
    return { isExcluded, matching: own ?? above };
  };
  const known = new Map<string, ReadonlySet<number>>([['', none]]);
  const rulesOf = (folder: string): ReadonlySet<number> => {
    const found = known.get(folder);
    if (found) return found;
    const { matching } = judge(folder, rulesOf(parentOf(folder)));
    known.set(folder, matching);
    return matching;
  };
  return {
    excludes: (path) => judge(path, rulesOf(parentOf(path))).isExcluded,
    hasExceptions: rules.some(({ isException }) => isException),
  };
}

/** Each rule is tried on each file. Ignore files of real projects have some hundred rules at most. */
const mostRules = 10_000;

/** A file of the wrong kind has nothing but malformed lines; nobody wants to read them all. */
const mostFindings = 20;

/** The malformed patterns of a .dockerignore file, which Docker refuses. @param shown the file as the user knows it. */
export function checkIgnore(text: string, shown: string): Finding[] {
  const findings: Finding[] = [];
  let count = 0;
  for (const { line, written, matcher } of readRules(text)) {
    if (++count > mostRules) {
      return [{ where: shown, problem: `has more than ${mostRules} patterns; exclude whole folders instead` }];
    }
    if (matcher) continue;
    findings.push({ where: `${shown}:${line}`, problem: `${shortened(written)} is a malformed pattern` });
  }
  const more = findings.length - mostFindings;
  if (more <= 0) return findings;
  return [...findings.slice(0, mostFindings), { where: shown, problem: `has ${more} more malformed patterns` }];
}

const shownLength = 80;

const shortened = (text: string) =>
  text.length > shownLength ? `${JSON.stringify(text.slice(0, shownLength))} (cut)` : JSON.stringify(text);

function* readRules(text: string): Generator<Rule> {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  for (const [at, whole] of lines.entries()) {
    const trimmed = whole.startsWith('#') ? '' : whole.trim();
    const written = trimmed.replace(/^!\s*/, '');
    const rule = ruleOf(`${trimmed.startsWith('!') ? '!' : ''}${relative(written)}`, written, at + 1);
    if (rule) yield rule;
  }
}

function ruleOf(text: string, written: string, line: number): Rule | undefined {
  const rule = cleaned(text);
  const isException = rule.startsWith('!');
  const pattern = isException ? rule.slice(1) : rule;
  if (rule === '') return undefined;
  // A mark without a pattern is malformed, as in Docker.
  return { line, written: written || text, isException, matcher: pattern === '' ? undefined : compilePath(pattern) };
}

const relative = (pattern: string) => (pattern === '' ? '' : cleaned(pattern).replace(/^\/(?=.)/, ''));

/** As Go's `filepath.Clean`, but that nothing stays nothing. moby does this once with the mark of an exception, too. */
function cleaned(pattern: string): string {
  const trimmed = pattern.trim();
  return trimmed === '' ? '' : posix.normalize(trimmed).replace(/(?<=.)\/$/, '');
}

/** A test of a path, which stars do not leave but for two in a row; undefined where the pattern is malformed. */
function compilePath(pattern: string): Matcher | undefined {
  // moby takes two stars before plain text for any beginning, so that **log is x.log too.
  if (/^\*\*[^/*?[\]\\]/.test(pattern) && !/[*?[\]\\]/.test(pattern.slice(2))) {
    return compileGlob([{ kind: 'all' }, ...[...pattern.slice(2)].map(charPiece)]);
  }
  const pieces = readPieces(pattern, readStars);
  return pieces && compileGlob(pieces);
}

const readStars: ReadStar = (chars, at): { piece: Piece; end: number } => {
  if (chars[at + 1] !== '*') return { piece: { kind: 'star' }, end: at + 1 };
  const end = chars[at + 2] === '/' ? at + 3 : at + 2;
  return { piece: { kind: end === chars.length ? 'all' : 'folders' }, end };
};
