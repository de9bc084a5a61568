/** Replaces the text between two offsets. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * A text with all edits made, new lines ended as its first one is. The same edit twice, as an anchor and its alias may lead to,
 * is made once.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const unique = new Map(edits.map((edit) => [`${edit.from}-${edit.to}-${edit.text}`, edit]));
  const ordered = [...unique.values()].sort((a, b) => a.from - b.from || a.to - b.to);
  const lineBreak = /\r?\n/.exec(text)?.[0] ?? '\n';
  let made = '';
  let at = 0;
  for (const { from, to, text: replacement } of ordered) {
    if (from < at) throw new Error(`two edits overlap at offset ${from}`);
    made += text.slice(at, from) + replacement.replace(/\r?\n/g, lineBreak);
    at = to;
  }
  return made + text.slice(at);
}

/** Where the line of an offset begins. */
export const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

/** Behind the line break that ends the line of an offset. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

/** How far the line of an offset is indented, its dashes counted as spaces. */
export const columnOf = (text: string, offset: number): number => offset - lineStart(text, offset);

/** The first offset from here on that is not white space. */
export function skipSpace(text: string, offset: number): number {
  const found = text.slice(offset).search(/\S/);
  return found < 0 ? text.length : offset + found;
}

/** The edit of an action's name, with the comment behind it that says the version of what was there: `@<commit> # v6.18.0`. */
export function withVersionComment(text: string, edit: Edit): Edit {
  const comment = /^[ \t]+#[ \t]*v?\d+(?:\.\d+)*[ \t]*(?=\r?\n|$)/.exec(text.slice(edit.to))?.[0] ?? '';
  return { ...edit, to: edit.to + comment.length };
}
