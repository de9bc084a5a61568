/** Blocks of deflate (RFC 1951, 3.2.3). */

import type { BitWriter } from './bits';
import { type Codes, headerOf } from './block-header';
import { codeLengths, codesOf } from './huffman';
import { distanceOf, lengthOf } from './matches';

/** The most that a stored block holds. */
const storedSize = 65_535;

const endOfBlock = 256;
const [literalCount, distanceCount] = [286, 30];

/** The bases and extra bits of length codes from 257 on, and of distance codes. */
const lengthExtra = Uint8Array.from({ length: 29 }, (_, at) => (at === 28 ? 0 : Math.max(0, (at >> 2) - 1)));
const distanceExtra = Uint8Array.from({ length: 30 }, (_, at) => Math.max(0, (at >> 1) - 1));

const lengthBase = bases(lengthExtra, 3);
lengthBase[28] = 258;
const distanceBase = bases(distanceExtra, 1);

const lengthCode = codeTable(lengthBase, 259);
const distanceCode = codeTable(distanceBase, 32_769);

function bases(extra: Uint8Array, first: number): Uint16Array {
  const found = new Uint16Array(extra.length);
  for (let code = 0, next = first; code < extra.length; next += 1 << extra[code]!, code++) found[code] = next;
  return found;
}

/** The code of each value. */
function codeTable(base: Uint16Array, size: number): Uint8Array {
  const table = new Uint8Array(size);
  for (let value = 0, code = 0; value < size; value++) {
    while (code + 1 < base.length && base[code + 1]! <= value) code++;
    table[value] = code;
  }
  return table;
}

const fixedLiterals = Uint8Array.from({ length: 288 }, (_, symbol) =>
  symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
);
const fixedDistances = new Uint8Array(30).fill(5);

/** Blocks that hold bytes as they are. */
export function store(out: BitWriter, bytes: Uint8Array): void {
  let at = 0;
  do {
    const part = bytes.subarray(at, at + storedSize);
    out.write(0, 3);
    out.align();
    const { length } = part;
    out.append(Uint8Array.of(length & 0xff, length >> 8, ~length & 0xff, (~length >> 8) & 0xff));
    out.append(part);
    at += storedSize;
  } while (at < bytes.length);
}

/** Writes tokens in the shortest of the three forms that a block can have. */
export function writeBlock(out: BitWriter, tokens: Uint32Array, bytes: Uint8Array): void {
  const { literals, distances, extraBits } = countsOf(tokens);
  const own = { literals: codeLengths(literals, 15), distances: codeLengths(distances, 15) };
  const header = headerOf(own);
  const fixed = { literals: fixedLiterals, distances: fixedDistances };
  const cost = (codes: Codes) => bitsFor(literals, codes.literals) + bitsFor(distances, codes.distances) + extraBits;
  const [ownCost, fixedCost] = [cost(own) + header.bits, cost(fixed)];
  const storedCost = (bytes.length + 5) * 8;
  if (storedCost <= Math.min(ownCost, fixedCost)) {
    store(out, bytes);
    return;
  }
  out.write(0, 1);
  out.write(ownCost < fixedCost ? 2 : 1, 2);
  if (ownCost < fixedCost) header.write(out);
  writeTokens(out, tokens, ownCost < fixedCost ? own : fixed);
}

function countsOf(tokens: Uint32Array) {
  const [literals, distances] = [new Uint32Array(literalCount), new Uint32Array(distanceCount)];
  let extraBits = 0;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    const length = lengthOf(token);
    if (length === 0) {
      literals[token]!++;
      continue;
    }
    const [code, far] = [lengthCode[length]!, distanceCode[distanceOf(token)]!];
    literals[257 + code]!++;
    distances[far]!++;
    extraBits += lengthExtra[code]! + distanceExtra[far]!;
  }
  literals[endOfBlock] = 1;
  return { literals, distances, extraBits };
}

const bitsFor = (counts: Uint32Array, lengths: Uint8Array): number =>
  counts.reduce((bits, count, symbol) => bits + count * lengths[symbol]!, 0);

function writeTokens(out: BitWriter, tokens: Uint32Array, { literals, distances }: Codes): void {
  const [literalCodes, distanceCodes] = [codesOf(literals), codesOf(distances)];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    const length = lengthOf(token);
    if (length === 0) {
      out.write(literalCodes[token]!, literals[token]!);
      continue;
    }
    const distance = distanceOf(token);
    const [code, far] = [lengthCode[length]!, distanceCode[distance]!];
    out.write(literalCodes[257 + code]!, literals[257 + code]!);
    out.write(length - lengthBase[code]!, lengthExtra[code]!);
    out.write(distanceCodes[far]!, distances[far]!);
    out.write(distance - distanceBase[far]!, distanceExtra[far]!);
  }
  out.write(literalCodes[endOfBlock]!, literals[endOfBlock]!);
}
