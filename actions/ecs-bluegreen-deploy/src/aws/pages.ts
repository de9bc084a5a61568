/** A page of a list; the token says that there is another one, also where this one is empty (API models). */
interface Page<T> {
  readonly items: readonly T[] | undefined;
  readonly nextToken: string | undefined;
}

/** Lists that are asked for by name or state are short: with so many pages, nearly all of them are empty. */
const mostPages = 20;

/** The items of a list, page by page until there are enough of them. A token that is repeated leads nowhere. */
export async function readPages<T>(
  enough: number,
  read: (nextToken: string | undefined) => Promise<Page<T>>,
): Promise<T[]> {
  const all: T[] = [];
  let token: string | undefined;
  for (let count = 1; count <= mostPages; count++) {
    const { items = [], nextToken } = await read(token);
    all.push(...items);
    if (all.length >= enough || !nextToken || nextToken === token) break;
    token = nextToken;
  }
  return all;
}
