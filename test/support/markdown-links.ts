import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** The text without code: what looks like a link or heading there is none. */
const prose = (markdown: string): string =>
  markdown
    .replace(/^(```+|~~~+)[^\n]*\n[\s\S]*?^\1\s*$/gm, '')
    .replace(/(`+)(?!`)[^\n]*?[^`]\1(?!`)/g, (code) => code.replace(/[[\]()]/g, ''));

/** The anchors of a page's headings, as GitHub makes them: lower case, no punctuation, hyphens, numbered when repeated. */
export function anchorsOf(markdown: string): string[] {
  const seen = new Map<string, number>();
  return [...prose(markdown).matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading]) => {
    const text = heading!.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = text.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replace(/ /g, '-');
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${times}`;
  });
}

/** The targets of a page's inline links and pictures, apart from those with a scheme such as https. */
export const relativeLinksOf = (markdown: string): string[] =>
  [...prose(markdown).matchAll(/\]\(<?([^)>\s]+)>?(?: "[^"]*")?\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z][a-z+.-]*:/i.test(target));

/**
 * The relative links of a page that lead nowhere.
 * @param root the folder that no link may leave
 * @param page the page's path in it
 * @returns each link with the reason
 */
export function brokenLinks(root: string, page: string): string[] {
  const markdown = readFileSync(join(root, page), 'utf8');
  return relativeLinksOf(markdown).flatMap((link) => {
    const [path = '', anchor] = link.split('#') as [string, string?];
    const target = path === '' ? join(root, page) : join(root, dirname(page), decodeURI(path));
    if (relative(root, target).startsWith('..')) return [`${page}: ${link} leaves the repository`];
    if (!existsSync(target)) return [`${page}: ${link} does not exist`];
    if (anchor === undefined || !target.endsWith('.md')) return [];
    return anchorsOf(readFileSync(target, 'utf8')).includes(anchor) ? [] : [`${page}: ${link} has no such heading`];
  });
}
