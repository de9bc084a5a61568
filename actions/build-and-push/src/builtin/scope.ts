import type { Platform } from '../registry/oci';
import { envValue } from './config';
import { type Dockerfile, type Instruction, located, type Stage } from './dockerfile';
import { expandWord, type Lookup } from './expand';
import { platformText } from './platform';
import { BuildProblem } from './problem';
import { quotedWords } from './words';

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
  let args = platforms;
  for (const instruction of dockerfile.globalArgs) {
    const scope = { args, given, outer: platforms, lookup: (name: string) => args.get(name) };
    try {
      args = declareArgs(instruction, scope, dockerfile.escaper);
    } catch (error) {
      throw located(dockerfile.file, instruction, error);
    }
  }
  return args;
}

/** The image or stage that a stage is made from. @throws BuildProblem */
export function baseOf({ escaper }: Dockerfile, { base }: Stage, globals: Args): string {
  const name = expandWord(base, (variable) => globals.get(variable), escaper);
  if (name !== '') return name;
  throw new BuildProblem('names no image: the variable in it is empty; give a build argument or a default');
}

/** What an ARG instruction of a stage sees. */
export interface ArgScope {
  readonly args: Args;
  /** The values that the user gave. */
  readonly given: Readonly<Record<string, string>>;
  /** Where a declaration without a default takes its value from. */
  readonly outer: Args;
  readonly lookup: Lookup;
}

/** The arguments after an ARG instruction: what the user gave, else the default, else the global one of that name. */
export function declareArgs(instruction: Instruction, scope: ArgScope, escaper: string): Args {
  const args = new Map(scope.args);
  // Each word sees what the words before it declared.
  const lookup: Lookup = (name) => args.get(name) ?? scope.lookup(name);
  for (const word of quotedWords(instruction.text, escaper)) {
    const equals = word.indexOf('=');
    const name = expandWord(equals < 0 ? word : word.slice(0, equals), lookup, escaper);
    const fallback = equals < 0 ? scope.outer.get(name) : expandWord(word.slice(equals + 1), lookup, escaper);
    const value = Object.hasOwn(scope.given, name) ? scope.given[name] : fallback;
    if (value !== undefined) args.set(name, value);
  }
  return args;
}

/** Of a variable of the image and an argument, the one that was set last counts: ENV takes the argument away. */
export const lookupIn =
  (env: readonly string[], args: Args): Lookup =>
  (name) =>
    args.get(name) ?? envValue(env, name);

/** The names that any ARG of the Dockerfile declares. */
export function declaredArgs(dockerfile: Dockerfile): Set<string> {
  const all = [...dockerfile.globalArgs, ...dockerfile.stages.flatMap(({ instructions }) => instructions)];
  const words = all
    .filter(({ keyword }) => keyword === 'ARG')
    .flatMap(({ text }) => quotedWords(text, dockerfile.escaper));
  return new Set(words.map((word) => word.split('=')[0]!));
}
