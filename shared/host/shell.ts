import { plainLines } from '../foreign-text';
import type { RawInputs } from '../manifest/parse';
import { defuse } from './defuse';
import { foldersOf } from './folders';
import { colourful, debugging, type Host, type Surroundings } from './host';
import { environmentInputs, plainLineEnds } from './inputs';
import { createLog, plainMark } from './log';

/** What the command line said. */
export interface ShellOptions {
  /** Inputs given as `--name value`. */
  readonly given: RawInputs;
  /** `--json`: results as one JSON object. */
  readonly json: boolean;
}

/** A shell: the log on standard error, the results on standard output, so that they can be piped on. */
export function shellHost({ env, working, stdout, stderr }: Surroundings, options: ShellOptions): Host {
  const colour = colourful(stderr, env);
  const fromEnvironment = environmentInputs(env);
  return {
    name: 'shell',
    project: undefined,
    raw(name) {
      const given = options.given(name);
      return given === undefined ? fromEnvironment(name) : plainLineEnds(given);
    },
    folders: foldersOf(env, working),
    log: createLog({
      colour,
      debug: debugging(env),
      env,
      write: (line) => stderr.write(`${line}\n`),
      mark: plainMark(colour),
    }),
    outputs(values) {
      stdout.write(options.json ? `${safeJson(values)}\n` : outputList(values));
    },
    end() {
      // The log has said it all.
    },
  };
}

/**
 * One `name=value` a line, further lines of a value indented. In a step of CodeCatalyst or GitHub the host reads this for
 * commands.
 */
export const outputList = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${plainLines(value).map(defuse).join('\n  ')}\n`)
    .join('');

/** Control characters that JSON may hold as they are, line breaks of other languages, and turns of direction. */
const unsafe = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** JSON in one line for every reader, with nothing in it that a host takes for a command. The values are the same when read. */
const safeJson = (values: Readonly<Record<string, string>>): string =>
  JSON.stringify(values)
    .replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/##(?=\w{0,32}\[)/g, '#\\u0023');
