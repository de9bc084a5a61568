import { shown } from '../../../../shared/excerpt';
import { isDigest } from '../../../../shared/image/reference';
import { ImageFault } from './faults';

/** Reading the fields of foreign JSON, each with its path for the message. All throw ImageFault. */

export type Fields = Readonly<Record<string, unknown>>;

/** An object of JSON. @param what such as `its manifest` */
export function parseObject(bytes: Buffer, what: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch {
    throw new ImageFault(`${what} is not JSON (${shown(bytes.toString('utf8', 0, 400))})`);
  }
  return objectOf(value, what);
}

export function objectOf(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new ImageFault(`${what} must be an object, got ${shown(value)}`);
}

/** A list; `null` is one without items, as Go writes it. */
export function listOf(value: unknown, what: string, most: number): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new ImageFault(`${what} must be a list, got ${shown(value)}`);
  if (value.length > most) throw new ImageFault(`${what} has ${value.length} items; at most ${most} are read`);
  return value;
}

export function digestAt(value: unknown, what: string): string {
  if (typeof value === 'string' && isDigest(value)) return value;
  throw new ImageFault(`${what} must be a digest such as sha256: and 64 hex digits, got ${shown(value)}`);
}

/** Bytes. Beyond the safe integers nothing could be counted. */
export function sizeAt(value: unknown, what: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new ImageFault(`${what} must be a number of bytes, got ${shown(value)}`);
}

/** Source: RFC 6838, 4.2, whose names have at most 127 characters. */
const mediaTypeForm = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/i;

/** In lower case: the case of a media type means nothing. */
export function mediaTypeAt(value: unknown, what: string): string {
  if (typeof value === 'string' && mediaTypeForm.test(value)) return value.toLowerCase();
  throw new ImageFault(`${what} must be a media type such as application/json, got ${shown(value)}`);
}

/** A word such as `amd64` or `10.0.20348.2700`; it ends up in messages as it is. */
const wordForm = /^[\x20-\x7e]{0,128}$/;

/** A short word where there is one; `null` is none. */
export function checkWord(value: unknown, what: string): void {
  if (value === undefined || value === null || (typeof value === 'string' && wordForm.test(value))) return;
  throw new ImageFault(`${what} must be a short string, got ${shown(value)}`);
}

export function checkText(value: unknown, what: string): void {
  if (value === undefined || value === null || typeof value === 'string') return;
  throw new ImageFault(`${what} must be a string, got ${shown(value)}`);
}

export function checkTexts(value: unknown, what: string): void {
  const wrong = listOf(value, what, Number.POSITIVE_INFINITY).find((item) => typeof item !== 'string');
  if (wrong !== undefined) throw new ImageFault(`${what} must be a list of strings, got ${shown(wrong)} in it`);
}
