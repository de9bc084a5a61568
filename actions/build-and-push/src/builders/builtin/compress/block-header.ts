import { type Codes, codeLengths, codesOf } from './huffman';
import type { Loops } from './loops';

/** The order in which the lengths of the codes for lengths are written. */
const orderOfLengths = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** The head of a block with codes of its own (RFC 1951, 3.2.7). */
export function headerOf({ literals, distances }: Codes): { bits: number; write(out: Loops): void } {
  const literalsUsed = Math.max(257, lastUsed(literals) + 1);
  const distancesUsed = Math.max(1, lastUsed(distances) + 1);
  const runs = runsOf([...literals.subarray(0, literalsUsed), ...distances.subarray(0, distancesUsed)]);
  const counts = new Uint32Array(19);
  for (const { symbol } of runs) counts[symbol]!++;
  const lengths = codeLengths(counts, 7);
  let told = 19;
  while (told > 4 && lengths[orderOfLengths[told - 1]!] === 0) told--;
  const bits = 17 + 3 * told + runs.reduce((sum, { symbol, extra }) => sum + lengths[symbol]! + extra, 0);
  return {
    bits,
    write(out) {
      const codes = codesOf(lengths);
      out.put(literalsUsed - 257, 5);
      out.put(distancesUsed - 1, 5);
      out.put(told - 4, 4);
      for (const symbol of orderOfLengths.slice(0, told)) out.put(lengths[symbol]!, 3);
      for (const { symbol, extra, value } of runs) {
        out.put(codes[symbol]!, lengths[symbol]!);
        out.put(value, extra);
      }
    },
  };
}

function lastUsed(lengths: Uint8Array): number {
  let last = lengths.length - 1;
  while (last >= 0 && lengths[last] === 0) last--;
  return last;
}

interface Run {
  readonly symbol: number;
  readonly extra: number;
  readonly value: number;
}

/** Lengths of codes, those that repeat told once. */
function runsOf(lengths: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (let at = 0; at < lengths.length; ) {
    const length = lengths[at]!;
    let same = 1;
    while (at + same < lengths.length && lengths[at + same] === length) same++;
    at += same;
    if (length !== 0) {
      runs.push({ symbol: length, extra: 0, value: 0 });
      same--;
    }
    const longest = length === 0 ? 138 : 6;
    for (; same >= 3; ) {
      const taken = Math.min(same, longest);
      if (length !== 0) runs.push({ symbol: 16, extra: 2, value: taken - 3 });
      else if (taken < 11) runs.push({ symbol: 17, extra: 3, value: taken - 3 });
      else runs.push({ symbol: 18, extra: 7, value: taken - 11 });
      same -= taken;
    }
    for (; same > 0; same--) runs.push({ symbol: length, extra: 0, value: 0 });
  }
  return runs;
}
