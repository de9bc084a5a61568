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
  /** Words with variables, which may name anything that begins like them. */
  readonly #unknown: ReadonlySet<string>;
  readonly #beginnings: Beginnings;

  /** @param sources those of all stages that are built, as they are written; what they name is to be added */
  constructor(
    readonly context: FileTree,
    sources: Iterable<string>,
  ) {
    this.#unknown = new Set([...sources].filter((word) => /["'\\$]/.test(word)));
    this.#beginnings = new Beginnings(this.#unknown);
  }

  /**
   * Tells whether a folder comes along, for an instruction that has a pattern in it. It is made once for all of its patterns.
   *
   * @param sources those of the instruction, filled in
   */
  seenBy({ text }: Instruction, sources: readonly string[]): (folder: string) => boolean {
    for (const source of sources) this.add(source);
    const own = new Beginnings([...new Set(wordsOf(text))].filter((word) => this.#unknown.has(word)));
    return (folder) => {
      const path = this.context.resolve(folder, true) ?? folder;
      return this.#above.has(path) || this.#isNamed(path) || this.#beginnings.near(path) > own.near(path);
    };
  }

  #isNamed(path: string): boolean {
    for (let one = path; ; one = parentOf(one)) {
      if (this.#named.has(one) || this.#linked.has(one)) return true;
      if (one === '') return false;
    }
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

/** Words by what stands before their variables, so that not each of them is looked at for each folder. */
class Beginnings {
  readonly #counts = new Map<string, number>();
  /** How many go on in a folder. */
  readonly #inside = new Map<string, number>();

  constructor(words: Iterable<string>) {
    for (const word of words) {
      const beginning = posix.normalize(`/${word.split(/["'\\$*?[]/, 1)[0]!}`).slice(1);
      increment(this.#counts, beginning);
      for (let at = beginning.indexOf('/'); at >= 0; at = beginning.indexOf('/', at + 1)) {
        increment(this.#inside, beginning.slice(0, at));
      }
    }
  }

  /** How many may name a folder, something in it, or one above it. */
  near(folder: string): number {
    const path = `${folder}/`;
    let found = this.#inside.get(folder) ?? 0;
    for (let end = 0; end <= path.length; end++) found += this.#counts.get(path.slice(0, end)) ?? 0;
    return found;
  }
}

function increment(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
