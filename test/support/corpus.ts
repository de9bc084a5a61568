import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../shared/task-definition/document';

const folder = join(__dirname, '../corpus');

/** What is expected of a file of the corpus. Without any of these, it comes out as it was written, with not a word said. */
interface Expected {
  /** The paths that are left out, in the order of the text. */
  readonly leftOut?: readonly string[];
  /** What is warned about: the path, and how the problem begins. */
  readonly warnings?: readonly string[];
  /** Why it is refused, because ECS refuses it: the path, and how the problem begins. */
  readonly errors?: readonly string[];
  /** What comes out, where the file is not JSON, with comments or without. */
  readonly out?: JsonObject;
}

export interface CorpusFile {
  /** Such as `codepipeline/tutorial.json`. */
  readonly name: string;
  readonly text: string;
  readonly expected: Expected;
}

const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Readonly<Record<string, Expected>>;

/** Task definitions in the shapes that are in use. */
export const corpus: readonly CorpusFile[] = readdirSync(folder, { withFileTypes: true })
  .filter((kind) => kind.isDirectory())
  .flatMap((kind) => readdirSync(join(folder, kind.name)).map((file) => `${kind.name}/${file}`))
  .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8'), expected: expected[name] ?? {} }));

/** Files that are expected and are not there. */
export const missingFiles = Object.keys(expected).filter((name) => !corpus.some((file) => file.name === name));
