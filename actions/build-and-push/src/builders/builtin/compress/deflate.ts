import { BitWriter } from './bits';
import { crc32 } from './crc';
import { codeLengths, codesOf } from './huffman';
import { looksPacked, lookTables } from './looks-packed';
import { distanceOf, lengthOf, MatchFinder } from './matches';

/** What is judged at a time, whether it is packed already. */
const judgedSize = 64 * 1024;

/** The most that a stored block holds. */
const storedSize = 65_535;

/** Tokens that have one code; more would be told apart too little, fewer would tell their codes too often. */
const tokensPerBlock = 24 * 1024;

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

/** The order in which the lengths of the codes for lengths are written. */
const orderOfLengths = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

export class Deflater {
  readonly #finder = new MatchFinder();
  readonly #tables = lookTables();
  readonly #tokens = new Uint32Array(tokensPerBlock + 258);

  /**
   * Blocks none of which is the last one, ending with a whole byte, so that those of other data can follow.
   *
   * @param into what they are written to where it is large enough
   */
  deflate(data: Uint8Array, into: Uint8Array = new Uint8Array((data.length >> 1) + 1024)): Uint8Array {
    const out = new BitWriter(into);
    this.#finder.begin(data);
    for (let at = 0; at < data.length; ) {
      const isPacked = this.#looksPacked(data, at);
      let end = at;
      do end = Math.min(end + judgedSize, data.length);
      while (end < data.length && this.#looksPacked(data, end) === isPacked);
      if (isPacked) store(out, data.subarray(at, end));
      else this.#pack(out, data, at, end);
      at = end;
    }
    // An empty stored block ends with a whole byte.
    store(out, data.subarray(0, 0));
    return out.result();
  }

  #looksPacked(data: Uint8Array, at: number): boolean {
    return looksPacked(data.subarray(at, at + judgedSize), this.#tables);
  }

  #pack(out: BitWriter, data: Uint8Array, from: number, end: number): void {
    for (let at = from; at < end; ) {
      const { next, count } = this.#finder.read(at, end, this.#tokens);
      writeBlock(out, this.#tokens.subarray(0, count), data.subarray(at, next));
      at = next;
    }
  }
}

/** Blocks that hold bytes as they are. */
function store(out: BitWriter, bytes: Uint8Array): void {
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

/** The codes of a block. */
interface Codes {
  readonly literals: Uint8Array;
  readonly distances: Uint8Array;
}

/** Writes tokens in the shortest of the three forms that a block can have. */
function writeBlock(out: BitWriter, tokens: Uint32Array, bytes: Uint8Array): void {
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

/** The head of a block with codes of its own (RFC 1951, 3.2.7). */
function headerOf({ literals, distances }: Codes): { bits: number; write(out: BitWriter): void } {
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
      out.write(literalsUsed - 257, 5);
      out.write(distancesUsed - 1, 5);
      out.write(told - 4, 4);
      for (const symbol of orderOfLengths.slice(0, told)) out.write(lengths[symbol]!, 3);
      for (const { symbol, extra, value } of runs) {
        out.write(codes[symbol]!, lengths[symbol]!);
        out.write(value, extra);
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

/** What is compressed at a time, on any core; a piece does not refer to those before it. */
export const pieceSize = 1024 * 1024;

/** Room for what a piece becomes: one that does not compress is stored, in blocks with five bytes before each. */
export const packedSize = pieceSize + 1024;

/** A compressed piece. */
export interface PackedPiece {
  readonly bytes: Uint8Array;
  /** Of the piece before it was compressed. */
  readonly crc: number;
  readonly length: number;
}

/** What compresses pieces, one after the other. */
export function pieceCompressor(): (piece: Uint8Array, into: Uint8Array) => PackedPiece {
  const deflater = new Deflater();
  return (piece, into) => ({ bytes: deflater.deflate(piece, into), crc: crc32(piece), length: piece.length });
}
