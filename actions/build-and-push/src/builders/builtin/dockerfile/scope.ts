import type { Platform } from '../../../registry/oci';
import { type Dockerfile, type Instruction, located, type Stage } from './dockerfile';
import { quotedWords } from './dockerfile-words';
import { expandWord, type Lookup } from './expand';
import { platformText } from './platform';
import { BuildProblem } from './problem';
import type { Variables } from './variables';

/** Ten times the longest reference of an image, and more than any name of a variable. */
const longestName = 4096;

/** Build arguments in force, by name. */
export type Args = ReadonlyMap<string, string>;

/** The arguments that every Dockerfile may ask for without being given them. */
export function platformArgs(prefix: 'TARGET' | 'BUILD', platform: Platform): [string, string][] {
  return [
    [`${prefix}PLATFORM`, platformText(platform)],
    [`${prefix}OS`, platform.os],
    [`${prefix}ARCH`, platform.architecture],
    [`${prefix}VARIANT`, platform.variant ?? ''],
  ];
}

/**
 * The arguments before the first FROM: in force in FROM lines, and in stages that declare them again.
 *
 * @throws InputError
 */
export function globalArgs(dockerfile: Dockerfile, given: Readonly<Record<string, string>>, platforms: Args): Args {
  const args = new Map(platforms);
  const scope = { args, given, outer: platforms, lookup: (name: string) => args.get(name) };
  for (const instruction of dockerfile.globalArgs) {
    try {
      declareArgs(instruction, scope, dockerfile.escaper);
    } catch (error) {
      throw located(dockerfile.file, instruction, error);
    }
  }
  return args;
}

/** The image or stage that a stage is made from. @throws BuildProblem */
export function baseOf({ escaper }: Dockerfile, { base }: Stage, globals: Args): string {
  const name = expandWord(base, (variable) => globals.get(variable), escaper);
  if (name.length > longestName) throw new BuildProblem(`names an image in more than ${longestName} characters`);
  if (name !== '') return name;
  throw new BuildProblem('names no image: the variable in it is empty; set a build argument or a default');
}

/** What an ARG instruction sees. */
export interface ArgScope {
  /** What has been declared so far; the instruction adds to it. */
  readonly args: Pick<Map<string, string>, 'get'> & { set(name: string, value: string): unknown };
  /** The values that the user gave. */
  readonly given: Readonly<Record<string, string>>;
  /** Where a declaration without a default takes its value from. */
  readonly outer: Args;
  readonly lookup: Lookup;
}

/** Adds the arguments of an ARG instruction: what the user gave, else the default, else the global one of that name. */
export function declareArgs(instruction: Instruction, { args, given, outer, lookup }: ArgScope, escaper: string): void {
  const words = quotedWords(instruction.text, escaper);
  if (words.length === 0) throw new BuildProblem('must name a variable');
  // Each word sees what the words before it declared.
  for (const word of words) {
    const equals = word.indexOf('=');
    // As it is written: BuildKit expands the value only.
    const name = equals < 0 ? word : word.slice(0, equals);
    if (name === '') throw new BuildProblem('must name a variable before the equals sign');
    if (name.length > longestName) throw new BuildProblem(`has a name of more than ${longestName} characters`);
    const fallback = () => (equals < 0 ? outer.get(name) : expandWord(word.slice(equals + 1), lookup, escaper));
    const value = Object.hasOwn(given, name) ? given[name] : fallback();
    if (value !== undefined) args.set(name, value);
  }
}

/** Of a variable of the image and an argument, the one that was set last counts: ENV takes the argument away. */
export const lookupIn =
  (env: Pick<Variables, 'get'>, args: Args): Lookup =>
  (name) =>
    args.get(name) ?? env.get(name);

/** The names that any ARG of the Dockerfile declares. */
export function declaredArgs(dockerfile: Dockerfile): Set<string> {
  const all = [...dockerfile.globalArgs, ...dockerfile.stages.flatMap(({ instructions }) => instructions)];
  const words = all
    .filter(({ keyword }) => keyword === 'ARG')
    .flatMap(({ text }) => quotedWords(text, dockerfile.escaper));
  return new Set(words.map((word) => word.split('=')[0]!));
}
