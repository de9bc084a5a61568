import { AwsRefusal } from '../service';

/** One page of a list; the token is the position where the next begins. */
export function page<T>(
  all: readonly T[],
  token: string | undefined,
  size: number,
): { readonly items: T[]; readonly nextToken: string | undefined } {
  const start = Number(token ?? 0);
  const items = all.slice(start, start + size);
  return { items, nextToken: start + size < all.length ? String(start + size) : undefined };
}

/** A list in a request, no longer than the service accepts. @throws AwsRefusal */
export function bounded<T>(named: readonly T[] | undefined, most: number, refusal: string): readonly T[] {
  if ((named ?? []).length <= most) return named ?? [];
  throw new AwsRefusal(refusal, `The maximum number of names or IDs allowed for this request (${most}) was exceeded.`);
}
