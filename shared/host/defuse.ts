import { once } from '../once';

/** Characters that show nothing, and that comparing by a culture's rules (.NET) passes over. */
const invisible =
  '\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2060-\\u206f\\ufe00-\\ufe0f\\ufeff';

/** What GitHub's runner trims before it looks for a command (.NET's `TrimStart`, which knows U+0085), or may not see. */
const command = once(() => new RegExp(`^([\\s\\u0085${invisible}]*:)(?=[${invisible}]*:)`));

/** Whether a line begins with a character that no command begins with: most do, and V8 need not compile the form. */
function beginsPlainly(line: string): boolean {
  const first = line.charCodeAt(0);
  return first > 0x20 && first < 0x7f && line[0] !== ':';
}

/** `##[…]` of GitHub, `##vso[…]` of Azure, `##teamcity[…]`: anywhere in a line. */
const marked = /##(?=\w{0,32}\[)/g;

/**
 * A line of foreign text (build output, a service event) must not be read as a command of the host: `::set-output …` by
 * CodeCatalyst and GitHub, `##[…]` by GitHub. A space is put in between, as no comparison passes over one.
 */
export function defuse(line: string): string {
  const safe = beginsPlainly(line) ? line : line.replace(command(), '$1 ');
  return safe.includes('##') ? safe.replace(marked, '## ') : safe;
}
