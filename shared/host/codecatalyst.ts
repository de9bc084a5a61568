import { plainLines } from '../foreign-text';
import { foldersOf } from './folders';
import { colourful, debugging, type Host, type Surroundings } from './host';
import { environmentInputs } from './inputs';
import { createLog, plainMark } from './log';
import { shorten } from './shorten';

/**
 * The kit, loaded where this host is: the others have no use for it. A plain require, because the types of its packages are
 * sources that the strict options of this project refuse.
 */
const kit = () => ({
  ...(require('@aws/codecatalyst-project') as { getProject(): { name: string } }),
  ...(require('@aws/codecatalyst-adk-core') as { getEnvironmentVariable(name: string): string }),
});

/**
 * A line that CodeCatalyst reads as an output. The kit's `setOutput` hands the value to a shell, which loses quotes and
 * runs `$(…)`; here it is written as it is. A value with a line break becomes one line, so it cannot forge another.
 */
export function outputLine(name: string, value: string): string {
  const line = plainLines(value)
    .filter((part) => part !== '')
    .join(' ');
  // AWS's local runner takes the last "::" of a line for the end of the name, and loses a value that has one.
  return `::set-output name=${name}::${line.replace(/:(?=:)/g, ':\u200b')}`;
}

/** Characters of a run summary's message; longer ones are cut by the kit, wherever that is. */
const summaryLength = 200;

/** The run summary of a failure: a JSON array whose only level is `Error` and whose message is itself JSON. */
export function runSummary(failure: string): string {
  const message = shorten(failure, summaryLength);
  const summary = JSON.stringify([{ text: 'CUSTOM', level: 'Error', message: JSON.stringify(message) }]);
  // AWS's local runner takes the last "::" of a line for the end of the name; the ARN of a role has one.
  // GitHub's looks for "##[" anywhere, should one of its logs take this line in.
  return summary.replace(/:(?=:)/g, '\\u003a').replace(/##(?=\w{0,32}\[)/g, '#\\u0023');
}

export function codecatalystHost({ env, working, stdout }: Surroundings): Host {
  const write = (line: string) => stdout.write(`${line}\n`);
  const colour = colourful(stdout, env);
  const { getProject, getEnvironmentVariable } = kit();
  return {
    name: 'codecatalyst',
    project: getProject().name || undefined,
    // The kit reads the environment of the process. Its `getInput` would delete line breaks.
    raw: environmentInputs(env, env === process.env ? getEnvironmentVariable : undefined),
    folders: foldersOf(env, working),
    log: createLog({ colour, debug: debugging(env), env, write, mark: plainMark(colour) }),
    outputs(values) {
      for (const [name, value] of Object.entries(values)) write(outputLine(name, value));
    },
    end({ failure }) {
      // An item of the summary fails the action, so there is none when it was done.
      if (failure !== undefined) write(outputLine('ACTION_RUN_SUMMARY', runSummary(failure)));
    },
  };
}
