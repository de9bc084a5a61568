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
