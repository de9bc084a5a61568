import type { RawInputs } from '../manifest/parse';
import { foldersOf } from './folders';
import { colourful, debugging, type Host, type Surroundings } from './host';
import { environmentInputs } from './inputs';
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
    raw: (name) => options.given(name) ?? fromEnvironment(name),
    folders: foldersOf(env, working),
    log: createLog({
      colour,
      debug: debugging(env),
      write: (line) => stderr.write(`${line}\n`),
      mark: plainMark(colour),
    }),
    outputs(values) {
      const list = Object.entries(values).map(([name, value]) => `${name}=${value.replace(/\r?\n/g, '\n  ')}\n`);
      stdout.write(options.json ? `${JSON.stringify(values)}\n` : list.join(''));
    },
    end() {
      // The log has said it all.
    },
  };
}
