/** Prefix codes as deflate has them (RFC 1951, 3.2.2). The same counts give the same codes on every machine. */

/** The lengths of the codes of a block. */
export interface Codes {
  readonly literals: Uint8Array;
  readonly distances: Uint8Array;
}

/**
 * The length of each symbol's code, 0 for one that does not occur. At least two symbols have one, as every reader accepts that.
 *
 * @param counts how often each symbol occurs; changed where fewer than two do
 * @param longest no code has more bits
 */
export function codeLengths(counts: Uint32Array, longest: number): Uint8Array {
  for (let symbol = 0, used = counts.filter((count) => count > 0).length; used < 2; symbol++) {
    if (counts[symbol] === 0) used++;
    counts[symbol] ||= 1;
  }
  const symbols = [...counts.keys()].filter((symbol) => counts[symbol]! > 0);
  symbols.sort((a, b) => counts[a]! - counts[b]! || a - b);
  const perLength = limited(depths(symbols.map((symbol) => counts[symbol]!)), longest);
  const lengths = new Uint8Array(counts.length);
  // The rarest symbols come first and get the longest codes.
  let next = 0;
  for (let length = longest; length > 0; length--) {
    for (let left = perLength[length]!; left > 0; left--) lengths[symbols[next++]!] = length;
  }
  return lengths;
}

/** How deep each of ascending weights lies in Huffman's tree. */
function depths(weights: readonly number[]): Uint8Array {
  const size = weights.length;
  const all = new Float64Array(2 * size - 1);
  all.set(weights);
  const parents = new Uint16Array(2 * size - 1);
  // Leaves and inner nodes are both in the order of their weights.
  let [leaf, inner] = [0, size];
  for (let node = size; node < all.length; node++) {
    for (let child = 0; child < 2; child++) {
      const taken = leaf < size && (inner >= node || all[leaf]! <= all[inner]!) ? leaf++ : inner++;
      all[node]! += all[taken]!;
      parents[taken] = node;
    }
  }
  const depth = new Uint8Array(all.length);
  for (let node = all.length - 2; node >= 0; node--) depth[node] = depth[parents[node]!]! + 1;
  return depth.subarray(0, size);
}

/** The number of codes of each length, where none is too long: some short ones become longer to make room. */
function limited(depth: Uint8Array, longest: number): Uint32Array {
  const perLength = new Uint32Array(longest + 1);
  for (const one of depth) perLength[Math.min(one, longest)]!++;
  let total = perLength.reduce((sum, count, length) => (length === 0 ? sum : sum + count * 2 ** (longest - length)), 0);
  for (; total > 2 ** longest; total--) {
    perLength[longest]!--;
    let length = longest - 1;
    while (perLength[length] === 0) length--;
    perLength[length]!--;
    perLength[length + 1]! += 2;
  }
  return perLength;
}

/** The codes of these lengths, their first bit lowest, as they are written. */
export function codesOf(lengths: Uint8Array): Uint16Array {
  const perLength = new Uint16Array(17);
  for (const length of lengths) perLength[length]!++;
  perLength[0] = 0;
  const next = new Uint16Array(17);
  for (let length = 1; length < 17; length++) next[length] = (next[length - 1]! + perLength[length - 1]!) << 1;
  return Uint16Array.from(lengths, (length) => (length === 0 ? 0 : reversed(next[length]!++, length)));
}

function reversed(code: number, length: number): number {
  let result = 0;
  for (let bit = 0; bit < length; bit++) result |= ((code >> bit) & 1) << (length - 1 - bit);
  return result;
}
