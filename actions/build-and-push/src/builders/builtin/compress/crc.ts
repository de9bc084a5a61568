/** The checksum of gzip (RFC 1952, CRC-32), of parts that are put together. */

import * as zlib from 'node:zlib';

const polynomial = 0xedb88320;

/** Newer releases of Node have it by themselves. */
export function crc32(bytes: Uint8Array): number {
  const { crc32: native } = zlib as { crc32?: (bytes: Uint8Array) => number };
  return native ? native(bytes) : crcByTables(bytes);
}

/** What a byte adds to the checksum; in the second table when another byte follows it, and so on. */
const tables = new Int32Array(4 * 256);
for (let byte = 0; byte < 256; byte++) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >>> 1) ^ polynomial : crc >>> 1;
  tables[byte] = crc;
}
for (let at = 256; at < tables.length; at++) tables[at] = next(tables[at - 256]!);

function next(crc: number): number {
  return tables[crc & 0xff]! ^ (crc >>> 8);
}

/** Four bytes at a time. Without these tables older releases tell it only behind a copy of what they pack, which is garbage. */
export function crcByTables(bytes: Uint8Array): number {
  let crc = -1;
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    const lower = tables[768 + (crc & 0xff)]! ^ tables[512 + ((crc >>> 8) & 0xff)]!;
    crc = lower ^ tables[256 + ((crc >>> 16) & 0xff)]! ^ tables[crc >>> 24]!;
  }
  for (; at < bytes.length; at++) crc = next(crc ^ bytes[at]!);
  return ~crc >>> 0;
}

/** The product of two polynomials modulo that of the checksum, their highest powers in the lowest bits. */
function product(a: number, b: number): number {
  let result = 0;
  for (let bit = 0x80000000, left = b; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) result ^= left;
    left = (left & 1) !== 0 ? (left >>> 1) ^ polynomial : left >>> 1;
  }
  return result >>> 0;
}

/** The checksum of two parts from theirs. @param length of the second, in bytes */
export function combinedCrc(first: number, second: number, length: number): number {
  // One byte more multiplies by the eighth power.
  let power = 0x00800000;
  let shift = 0x80000000;
  for (let left = length; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) shift = product(power, shift);
    power = product(power, power);
  }
  return (product(shift, first) ^ second) >>> 0;
}
