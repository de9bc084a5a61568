/** The checksum of gzip (RFC 1952, CRC-32), of parts that are put together. */

import * as zlib from 'node:zlib';

/** Newer releases of Node have it by itself; the older ones write it behind what they compress, or only store. */
export function crc32(bytes: Uint8Array): number {
  const { crc32: native } = zlib as { crc32?: (bytes: Uint8Array) => number };
  if (native) return native(bytes);
  const stored = zlib.gzipSync(bytes, { level: 0 });
  return stored.readUInt32LE(stored.length - 8);
}

const polynomial = 0xedb88320;

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
