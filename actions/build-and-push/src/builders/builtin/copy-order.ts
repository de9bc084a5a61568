/** COPY and ADD as they are written: their words and flags, before any file is looked at. */

import { posix } from 'node:path';
import { heredocOpener, type Instruction } from './dockerfile/dockerfile';
import { jsonWords, plainWords } from './dockerfile/dockerfile-words';
import { excludesOf, isOn } from './dockerfile/flags';
import { BuildProblem } from './dockerfile/problem';
import { quoted } from './dockerfile/quote';
import { matchPatterns } from './tree/ignore';
import { type Chmod, parseMode } from './tree/mode';
import { needsLists } from './tree/owner';

/** A document that is copied as a file. */
export interface InlineFile {
  readonly name: string;
  readonly content: string;
}

/** What is copied, and where. */
export interface CopyWords {
  /** Paths and patterns, and then documents, in which order they are copied. */
  readonly sources: readonly string[];
  readonly documents: readonly InlineFile[];
  /** An absolute path; a slash at its end says that it is a directory. */
  readonly destination: string;
}

/** Fills in variables. */
export interface Expansion {
  readonly word: (word: string) => string;
  readonly document: (text: string) => string;
}

/** Reads the words of COPY and ADD. @throws BuildProblem */
export function copyWords({ text, heredocs }: Instruction, workingDir: string, expand: Expansion): CopyWords {
  const words = jsonWords(text) ?? plainWords(text);
  if (words.length < 2) throw new BuildProblem('must name at least one source and the destination');
  const last = words[words.length - 1]!;
  if (heredocOpener(last)) throw new BuildProblem('has a here-document as its destination, which must be a path');
  const sources: string[] = [];
  const documents: InlineFile[] = [];
  for (const word of words.slice(0, -1)) {
    const opener = heredocOpener(word);
    if (!opener) {
      sources.push(expand.word(word));
      continue;
    }
    // Of two documents of one name the last one wins.
    const found = heredocs.filter(({ name }) => name === opener.name).pop();
    const content = found?.expand ? expand.document(found.content) : (found?.content ?? '');
    documents.push({ name: opener.name, content });
  }
  const given = expand.word(last);
  const isDirectory = /(^|\/)\.?$/.test(given);
  return { sources, documents, destination: posix.resolve('/', workingDir, given) + (isDirectory ? '/' : '') };
}

/** How files are copied. */
export interface CopyFlags {
  readonly chown?: string;
  readonly chmod?: Chmod;
  /** Whether the path of a file below its source is left out, by its path in the directory that is copied. */
  readonly excludes?: (path: string) => boolean;
  readonly keepsParents: boolean;
  /** Whether links and files of the image count for nothing, as if it were put on top of it. */
  readonly isLinked: boolean;
  readonly unpacks: boolean;
}

/** Reads the flags of COPY and ADD. @throws BuildProblem */
export function copyFlags({ keyword, flags }: Instruction, expand: Expansion['word']): CopyFlags {
  const chown = flags['chown'] === undefined ? undefined : expand(flags['chown']);
  const mode = flags['chmod'] === undefined ? undefined : expand(flags['chmod']);
  const chmod = mode ? parseMode(mode) : undefined;
  if (mode && !chmod) {
    throw new BuildProblem(`--chmod must be octal and at most 7777, or like u=rwX,go=rX, got ${quoted(mode)}`);
  }
  const isLinked = isOn(flags, 'link');
  if (isLinked && chown !== undefined && needsLists(chown)) {
    throw new BuildProblem('--chown must be numbers where --link is set, which knows no users and groups');
  }
  const patterns = excludesOf(flags);
  const excludes = patterns.length === 0 ? undefined : matchPatterns(patterns);
  if (patterns.length > 0 && !excludes) throw new BuildProblem('--exclude has a malformed pattern');
  return {
    ...(chown && { chown }),
    ...(chmod && { chmod }),
    ...(excludes && { excludes }),
    keepsParents: isOn(flags, 'parents'),
    // As in BuildKit, which does without it where modes are given.
    isLinked: isLinked && !mode,
    unpacks: keyword === 'ADD' && (flags['unpack'] === undefined || isOn(flags, 'unpack')),
  };
}
