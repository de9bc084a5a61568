/** Lines around a change. */
const context = 3;

type Op = { readonly sign: ' ' | '-' | '+'; readonly line: string };

/** The change of a file as `diff -u` and `git diff` write it; empty if there is none. */
export function unifiedDiff(name: string, before: string, after: string): string {
  if (before === after) return '';
  const ops = operations(linesOf(before), linesOf(after));
  const hunks = hunksOf(ops).map((hunk) => shownHunk(ops, hunk));
  return [`--- a/${name}`, `+++ b/${name}`, ...hunks].join('\n').concat('\n');
}

/** The lines, each with its own end: a last one without a line break says so, as diff does. */
function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') return lines.slice(0, -1);
  return [...lines.slice(0, -1), `${lines.at(-1)}\n\\ No newline at end of file`];
}

/** Pairs of lines that are compared at most; a change that is larger is shown as removed and added whole. */
const mostPairs = 4_000_000;

/** The lines of both: the same ones at the start and the end, and what changed between them. */
function operations(before: readonly string[], after: readonly string[]): Op[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const [removed, added] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  const changed =
    removed.length * added.length > mostPairs
      ? [...signed('-', removed), ...signed('+', added)]
      : aligned(removed, added);
  return [...signed(' ', before.slice(0, start)), ...changed, ...signed(' ', before.slice(before.length - end))];
}

const signed = (sign: Op['sign'], lines: readonly string[]): Op[] => lines.map((line) => ({ sign, line }));

/** The lines of both, by their longest common subsequence. */
function aligned(before: readonly string[], after: readonly string[]): Op[] {
  const [rows, columns] = [before.length, after.length];
  const lengths = Array.from({ length: rows + 1 }, () => new Uint32Array(columns + 1));
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      lengths[i]![j] =
        before[i] === after[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  const ops: Op[] = [];
  let [i, j] = [0, 0];
  while (i < rows || j < columns) {
    if (i < rows && j < columns && before[i] === after[j]) {
      ops.push({ sign: ' ', line: before[i]! });
      i++;
      j++;
    } else if (j >= columns || (i < rows && lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) {
      ops.push({ sign: '-', line: before[i++]! });
    } else {
      ops.push({ sign: '+', line: after[j++]! });
    }
  }
  return ops;
}

/** Ranges of operations, each with its context; those that touch are one. */
function hunksOf(ops: readonly Op[]): [from: number, to: number][] {
  const hunks: [number, number][] = [];
  for (const [at, { sign }] of ops.entries()) {
    if (sign === ' ') continue;
    const [from, to] = [Math.max(0, at - context), Math.min(ops.length, at + context + 1)];
    const last = hunks.at(-1);
    if (last && from <= last[1]) last[1] = to;
    else hunks.push([from, to]);
  }
  return hunks;
}

function shownHunk(ops: readonly Op[], [from, to]: readonly [number, number]): string {
  const count = (part: readonly Op[], sign: '-' | '+') =>
    part.filter((op) => op.sign === ' ' || op.sign === sign).length;
  const [head, part] = [ops.slice(0, from), ops.slice(from, to)];
  const range = (sign: '-' | '+') => {
    const lines = count(part, sign);
    return `${sign}${count(head, sign) + (lines > 0 ? 1 : 0)},${lines}`;
  };
  return [`@@ ${range('-')} ${range('+')} @@`, ...part.map(({ sign, line }) => sign + line)].join('\n');
}
