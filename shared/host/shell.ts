import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RawInputs } from '../manifest/parse';
import { unwrittenOutputs } from './failure';
import { foldersOf } from './folders';
import { colourful, debugging, type Host, type Surroundings } from './host';
import { environmentInputs, plainLineEnds } from './inputs';
import { createLog, plainMark } from './log';
import { type ResultFormat, resultText } from './results';

/** What the command line said. */
export interface ShellOptions {
  /** Inputs given as `--name value`. */
  readonly given: RawInputs;
  readonly format: ResultFormat;
  /** A file that the outputs are written into. */
  readonly output?: string | undefined;
}

/** A shell: the log on standard error, the results on standard output or in a file, so that they can be piped on. */
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
    outputs(values, failure) {
      const text = resultText(options.format, values, failure);
      if (options.output === undefined) stdout.write(text);
      else writeResults(resolve(working, options.output), text);
    },
    end() {
      // The log has said it all.
    },
  };
}

/** @throws ActionError where the file cannot be written */
function writeResults(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw unwrittenOutputs(path, error as Error);
  }
}
