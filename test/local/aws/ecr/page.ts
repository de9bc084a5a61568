import { AwsRefusal } from '../service';

/** One page of a list; tokens are places in it. */
export function page<T>(
  all: readonly T[],
  size = 100,
  from?: string,
): { items: readonly T[]; token: { nextToken?: string } } {
  const start = from === undefined ? 0 : Number(Buffer.from(from, 'base64').toString('utf8'));
  if (!Number.isInteger(start)) throw new AwsRefusal('InvalidParameterException', 'Invalid parameter at nextToken');
  const end = start + size;
  const token = end < all.length ? { nextToken: Buffer.from(String(end)).toString('base64') } : {};
  return { items: all.slice(start, end), token };
}
