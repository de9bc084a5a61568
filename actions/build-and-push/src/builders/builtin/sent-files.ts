import { posix } from 'node:path';
import type { Instruction } from './dockerfile/dockerfile';
import { jsonWords, plainWords } from './dockerfile/dockerfile-words';
import { BuildProblem } from './dockerfile/problem';
import { hasWildcard } from './tree/pattern';
import { expandSource } from './tree/sources';
import type { FileTree } from './tree/tree';
import { parentOf, treePath } from './tree/tree-path';

/**
 * What of the build context a client sends to BuildKit: only what sources of COPY and ADD name, where there is such a file. A
 * pattern that matches nothing fails there, if its folder does not come along with something else.
 */
export class SentFiles {
  /** Paths without links. */
  readonly #named = new Set<string>();
  readonly #above = new Set<string>(['']);
  /** Folders of which a pattern may bring anything: it goes through links in them, which clients follow to more than it names. */
  readonly #linked = new Set<string>();
  /** Words with variables, which may name anything. */
  readonly #unknown: readonly string[];

  /** @param sources those of all stages that are built, as they are written; what they name is to be added */
  constructor(
    readonly context: FileTree,
    sources: Iterable<string>,
  ) {
    this.#unknown = [...sources].filter((word) => /["'\\$]/.test(word));
  }

  /** Whether a folder comes along. @param asking the sources of the instruction that asks, filled in */
  has(folder: string, asking: readonly string[], { text }: Instruction): boolean {
    for (const source of asking) this.add(source);
    const path = this.context.resolve(folder, true) ?? folder;
    if (this.#above.has(path)) return true;
    const isNamed = (one: string) => this.#named.has(one) || this.#linked.has(one);
    for (let one = path; one !== ''; one = parentOf(one)) if (isNamed(one)) return true;
    const own = wordsOf(text);
    return isNamed('') || this.#unknown.some((word) => !own.includes(word) && mayName(word, path));
  }

  add(source: string): void {
    for (const path of this.#matches(treePath(source))) {
      this.#named.add(path);
      for (let above = parentOf(path); above !== '' && !this.#above.has(above); above = parentOf(above)) {
        this.#above.add(above);
      }
    }
  }

  #matches(source: string): string[] {
    try {
      this.#addLinked(source.split('/'));
      const paths = expandSource(this.context, source).map((path) => this.context.resolve(path, true) ?? path);
      return paths.filter((path) => this.context.get(path));
    } catch (error) {
      // It is refused where it stands.
      if (error instanceof BuildProblem) return [];
      throw error;
    }
  }

  #addLinked(parts: readonly string[]): void {
    const first = parts.findIndex(hasWildcard);
    if (first < 0 || first === parts.length - 1) return;
    const through = expandSource(this.context, parts.slice(0, first + 1).join('/'));
    const isLinked = through.some((path) => this.context.get(path)?.kind === 'symlink');
    if (isLinked) this.#linked.add(parts.slice(0, first).join('/'));
  }
}

/** The sources of instructions that copy from the build context, as they are written, each once. */
export function writtenSources(instructions: readonly Instruction[]): ReadonlySet<string> {
  const fromContext = instructions.filter(
    ({ keyword, flags }) => (keyword === 'COPY' || keyword === 'ADD') && flags['from'] === undefined,
  );
  return new Set(fromContext.flatMap(({ text }) => wordsOf(text).slice(0, -1)));
}

const wordsOf = (text: string): readonly string[] => jsonWords(text) ?? plainWords(text);

/** By what stands before the variable. */
function mayName(word: string, folder: string): boolean {
  const fixed = posix.normalize(`/${word.split(/["'\\$*?[]/, 1)[0]!}`).replace(/^\/+/, '');
  return `${folder}/`.startsWith(fixed) || fixed.startsWith(`${folder}/`);
}
