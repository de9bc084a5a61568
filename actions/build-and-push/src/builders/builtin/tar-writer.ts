/** The headers of tar archives (POSIX ustar, with pax records for what does not fit). */

import { capabilityRecord } from './tar-header';
import type { Node } from './tree/tree';

export const blockSize = 512;

/** The zeros that two blocks long end an archive. */
export const archiveEnd = Buffer.alloc(2 * blockSize);

/** How many zeros fill the last block of a file. */
export const paddingOf = (size: number): number => (blockSize - (size % blockSize)) % blockSize;

/** Larger numbers do not fit their octal fields. */
const [largestId, largestSize] = [0o7777777, 0o77777777777];
const [nameBytes, prefixBytes] = [100, 155];

const typeFlags = {
  file: '0',
  link: '1',
  symlink: '2',
  'character-device': '3',
  'block-device': '4',
  directory: '5',
  fifo: '6',
};

const nothing = Buffer.alloc(0);
const noDevice = [0, 0] as const;

/** An entry of an archive. */
export interface TarEntryHeader {
  readonly path: string;
  readonly node: Node;
  /** Seconds since the epoch. */
  readonly time: number;
  /** The path of an entry before this one, which it is a further name of. */
  readonly linkTo?: string;
}

/**
 * The blocks before the bytes of an entry. Users have no names in them.
 *
 * @param block what they may be written to; it is theirs until the next call
 */
export function encodeHeader({ path, node, time, linkTo }: TarEntryHeader, block = Buffer.alloc(blockSize)): Buffer {
  const name = Buffer.from(node.kind === 'directory' ? `${path}/` : path);
  const target = Buffer.from(linkTo ?? (node.kind === 'symlink' ? node.target : ''));
  const size = node.kind === 'file' && linkTo === undefined ? node.size : 0;
  const fitting = splitName(name);
  const records: [string, Buffer][] = [];
  if (!fitting) records.push(['path', name]);
  if (target.length > nameBytes) records.push(['linkpath', target]);
  if (size > largestSize) records.push(['size', Buffer.from(String(size))]);
  for (const id of ['uid', 'gid'] as const) if (node[id] > largestId) records.push([id, Buffer.from(String(node[id]))]);
  if (node.capability !== undefined) records.push([capabilityRecord, Buffer.from(node.capability, 'latin1')]);
  const special = node.kind === 'special' ? node.special : undefined;
  const fields = {
    name: fitting ? fitting.name : name.subarray(0, nameBytes),
    prefix: fitting ? fitting.prefix : nothing,
    target: target.subarray(0, nameBytes),
    mode: node.mode,
    uid: Math.min(node.uid, largestId),
    gid: Math.min(node.gid, largestId),
    size: size > largestSize ? 0 : size,
    time,
    type: typeFlags[linkTo !== undefined ? 'link' : (special?.type ?? (node.kind as 'file'))],
    device: special ? ([special.major, special.minor] as const) : noDevice,
  };
  const own = ustar(fields, block);
  return records.length === 0 ? own : Buffer.concat([paxBlocks(records), own]);
}

interface Fields {
  readonly name: Buffer;
  readonly prefix: Buffer;
  readonly target: Buffer;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly time: number;
  readonly type: string;
  readonly device: readonly [major: number, minor: number];
}

function ustar(fields: Fields, block: Buffer): Buffer {
  block.fill(0);
  fields.name.copy(block, 0);
  writeOctal(block, fields.mode, 100, 7);
  writeOctal(block, fields.uid, 108, 7);
  writeOctal(block, fields.gid, 116, 7);
  writeOctal(block, fields.size, 124, 11);
  writeOctal(block, Math.min(Math.max(0, Math.floor(fields.time)), largestSize), 136, 11);
  block.write('        ', 148, 'latin1');
  block.write(fields.type, 156, 'latin1');
  fields.target.copy(block, 157);
  block.write('ustar\x0000', 257, 'latin1');
  writeOctal(block, fields.device[0], 329, 7);
  writeOctal(block, fields.device[1], 337, 7);
  fields.prefix.copy(block, 345);
  let sum = 0;
  for (const byte of block) sum += byte;
  writeOctal(block, sum, 148, 6);
  block[154] = 0;
  return block;
}

/** Digits are written one by one: texts of them for each field of each file would be garbage by the megabyte. */
function writeOctal(block: Buffer, value: number, at: number, digits: number): void {
  let left = value;
  for (let place = at + digits - 1; place >= at; place--) {
    block[place] = 0x30 + (left % 8);
    left = Math.floor(left / 8);
  }
}

/** Divides a long path at a slash into the two fields for it; undefined where that cannot be. */
function splitName(path: Buffer): { name: Buffer; prefix: Buffer } | undefined {
  if (path.length <= nameBytes) return { name: path, prefix: nothing };
  const slash = path.lastIndexOf('/', Math.min(prefixBytes, path.length - 2));
  if (slash <= 0 || path.length - slash - 1 > nameBytes) return undefined;
  return { name: path.subarray(slash + 1), prefix: path.subarray(0, slash) };
}

/** A header of records, each with its own length before it, which counts itself. */
function paxBlocks(records: readonly (readonly [name: string, value: Buffer])[]): Buffer {
  const body = Buffer.concat(records.map(([name, value]) => record(name, value)));
  const fields = {
    name: Buffer.from('PaxHeader'),
    prefix: nothing,
    target: nothing,
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: body.length,
    time: 0,
    type: 'x',
    device: noDevice,
  };
  const header = ustar(fields, Buffer.alloc(blockSize));
  return Buffer.concat([header, body, Buffer.alloc(paddingOf(body.length))]);
}

function record(name: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${name}=`), value, Buffer.from('\n')]);
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}
