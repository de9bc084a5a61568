/** Blocks of deflate (RFC 1951, 3.2.3). */

import { headerOf } from './block-header';
import { type Codes, codeLengths, codesOf } from './huffman';
import type { Loops } from './loops';

const endOfBlock = 256;

/** Codes that every reader knows (3.2.6). Two of them are not used, and only make the others what they are. */
const fixed: Codes = {
  literals: Uint8Array.from({ length: 288 }, (_, symbol) =>
    symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
  ),
  distances: new Uint8Array(30).fill(5),
};

/** Writes what was read between two positions in the shortest of the three forms that a block can have. */
export function writeBlock(loops: Loops, from: number, end: number): void {
  const { literals, distances, extraBits } = loops.tally();
  literals[endOfBlock] = 1;
  const own = { literals: codeLengths(literals, 15), distances: codeLengths(distances, 15) };
  const header = headerOf(own);
  const cost = (codes: Codes) => bitsFor(literals, codes.literals) + bitsFor(distances, codes.distances) + extraBits;
  const [ownCost, fixedCost] = [cost(own) + header.bits, cost(fixed)];
  const storedCost = (end - from + 5) * 8;
  if (storedCost <= Math.min(ownCost, fixedCost)) {
    loops.store(from, end);
    return;
  }
  const isOwn = ownCost < fixedCost;
  loops.put(0, 1);
  loops.put(isOwn ? 2 : 1, 2);
  if (isOwn) header.write(loops);
  const codes = isOwn ? own : fixed;
  loops.write(entries(codes.literals), entries(codes.distances));
}

function bitsFor(counts: Uint32Array, lengths: Uint8Array): number {
  let bits = 0;
  for (let symbol = 0; symbol < counts.length; symbol++) bits += counts[symbol]! * lengths[symbol]!;
  return bits;
}

/** Codes as the loops read them. */
function entries(lengths: Uint8Array): Uint32Array {
  const codes = codesOf(lengths);
  return Uint32Array.from(lengths, (length, symbol) => codes[symbol]! | (length << 16));
}
