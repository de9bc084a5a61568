/** What builtin makes of a Dockerfile, and how that differs from BuildKit. */
import { isDeepStrictEqual } from 'node:util';
import type { Workshop } from '../../unit/build/builders/builtin/workshop';
import type { Order, Verdict } from './buildkit';
import { judged } from './image';

/** What every refusal begins with, alone or as one of several. */
const named = /(?:^| wrong: )Dockerfile(?:[.]dockerignore)?(?::\d+(?: \S+)?)?: /;

/** @throws Error where builtin fails otherwise than by naming what is wrong with the Dockerfile */
export async function ownVerdict(workshop: Workshop, order: Order): Promise<Verdict> {
  const { context, dockerfile, ignore, args = {} } = order;
  try {
    const rules = ignore === undefined ? {} : { 'Dockerfile.dockerignore': ignore };
    const { layers, config } = await workshop.build(dockerfile, rules, { context, buildArgs: args });
    return await judged(layers, config.config ?? {});
  } catch (error) {
    const refused = (error as Error).message;
    if (!named.test(refused)) throw error;
    return { refused };
  }
}

/** BuildKit refuses links that lead nowhere where something is excluded; builtin copies them. */
const isUnclear = (theirs: Verdict, own: Verdict): boolean =>
  'refused' in theirs && !('refused' in own) && /: "[^"]+": not found$|: not a directory$/.test(theirs.refused);

/** Lines of what differs; empty where nothing does, undefined where that cannot be judged. */
export function differences({ ignore }: Order, theirs: Verdict, own: Verdict): readonly string[] | undefined {
  if ('refused' in theirs && 'refused' in own) return [];
  if (isUnclear(theirs, own)) return undefined;
  if ('refused' in theirs || 'refused' in own) {
    const told = (verdict: Verdict) => ('refused' in verdict ? verdict.refused : 'builds it');
    return [`BuildKit: ${told(theirs)}`, `builtin: ${told(own)}`];
  }
  const [theirFiles, ownFiles] = [theirs.files.map(plain), own.files.map(plain)];
  const missing = theirFiles.filter((line) => !ownFiles.includes(line));
  // Its client opens a file by other rules for exclusion than those by which it lists files: what it does not open, it sends as empty.
  const isEmpty = (line: string) => / file .* 0 e3b0c44298fc$/.test(line);
  if (ignore !== undefined && missing.length > 0 && missing.every(isEmpty)) return undefined;
  const surplus = ownFiles.filter((line) => !theirFiles.includes(line));
  const settings = isDeepStrictEqual(theirs.config, own.config)
    ? []
    : [`BuildKit: ${JSON.stringify(theirs.config)}`, `builtin: ${JSON.stringify(own.config)}`];
  return [...missing.map((line) => `BuildKit: ${line}`), ...surplus.map((line) => `builtin: ${line}`), ...settings];
}

/** BuildKit copies a block device as a character device. */
const plain = (line: string): string => line.replace(' block-device ', ' character-device ');
