import type { Repository } from '../ecr/state';
import type { RegistryAnswer } from './answer';

/** The tags of a repository in order, a page of `n` after `last`. */
export function answerTags({ name, tags }: Repository, url: URL): RegistryAnswer {
  const last = url.searchParams.get('last') ?? '';
  const all = [...tags.keys()].sort().filter((tag) => tag > last);
  const page = all.slice(0, Number(url.searchParams.get('n') ?? all.length));
  const more = page.length < all.length && page.length > 0;
  const next = new URLSearchParams({ n: String(page.length), last: page.at(-1) ?? '' });
  return {
    status: 200,
    headers: { 'content-type': 'application/json', ...(more ? { link: `<${url.pathname}?${next}>; rel="next"` } : {}) },
    body: Buffer.from(JSON.stringify({ name, tags: page })),
  };
}
