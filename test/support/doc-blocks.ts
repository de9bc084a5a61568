/** A fenced block of a Markdown page. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** The line of its fence, from 1. */
  readonly line: number;
}

/** The fenced blocks of a page, in their order. */
export const blocksOf = (markdown: string): readonly Block[] =>
  [...markdown.matchAll(/^( *)```([\w-]*)\n(.*?)^\1```$/gms)].map((found) => ({
    language: found[2]!,
    text: found[3]!.replace(new RegExp(`^${found[1]}`, 'gm'), ''),
    line: markdown.slice(0, found.index).split('\n').length,
  }));
