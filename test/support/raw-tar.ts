/** Archives as no packer writes them. */

const blockSize = 512;

export interface RawHeader {
  readonly name?: string;
  /** The character of the kind: `0` file, `1` hard link, `2` symbolic link, `5` directory, `x` and `g` pax, `L` long name. */
  readonly type?: string;
  readonly linkname?: string;
  /** The text of the field; octal digits where a packer is honest. */
  readonly size?: string;
  readonly uid?: string;
}

/** A header with the right checksum. */
export function rawHeader({ name = '', type = '0', linkname = '', size = '0', uid = '0' }: RawHeader): Buffer {
  const block = Buffer.alloc(blockSize);
  block.write(name, 0, 100);
  block.write('0000644', 100);
  block.write(uid, 108, 8);
  block.write('0000000', 116);
  block.write(size, 124, 12, 'latin1');
  block.write('00000000000', 136);
  block.write(type, 156);
  block.write(linkname, 157, 100);
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((all, byte) => all + byte, 8 * 32);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** A header with its body, filled up to whole blocks. */
export function rawEntry(header: RawHeader, body: string | Buffer = ''): Buffer {
  const bytes = Buffer.from(body as string);
  const fill = Buffer.alloc((blockSize - (bytes.length % blockSize)) % blockSize);
  return Buffer.concat([rawHeader({ ...header, size: header.size ?? bytes.length.toString(8) }), bytes, fill]);
}

/** A pax header of these records. */
export const rawPax = (records: Readonly<Record<string, string>>, type = 'x'): Buffer =>
  rawEntry({ name: 'pax', type }, Object.entries(records).map(paxRecord).join(''));

/** `LENGTH KEY=VALUE`, where the length counts its own digits too. */
function paxRecord([key, value]: readonly [string, string]): string {
  const rest = ` ${key}=${value}\n`;
  const length = Buffer.byteLength(rest);
  const digits = String(length + String(length).length).length;
  return `${length + digits}${rest}`;
}

/** An archive with its end. */
export const rawTar = (...parts: readonly Buffer[]): Buffer => Buffer.concat([...parts, Buffer.alloc(2 * blockSize)]);
