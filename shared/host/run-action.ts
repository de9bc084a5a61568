import { tmpdir } from 'node:os';
import { awsClients } from '../aws/clients';
import { systemClock } from '../clock';
import { ActionError, exitStatus } from '../errors';
import type { ActionDefinition } from '../manifest/definition';
import type { Action } from './action';
import { asActionError } from './failure';
import { shownAlone } from './log';
import { outputTo } from './output';
import { runIn } from './run-in';

export { type Action, type Context, type Outcome, shortGrace } from './action';
export { Interruption } from './interruption';

/** Runs an action in this process, and ends the process with the documented exit status. */
export async function runAction<D extends ActionDefinition>(action: Action<D>): Promise<void> {
  const [stdout, stderr] = [outputTo(1), outputTo(2)];
  // What fails outside of the job has no log to be told in.
  const say = (text: string) => stderr.write(`${shownAlone(text, process.env)}\n`);
  let status: number;
  try {
    status = await runIn(action, {
      env: process.env,
      argv: process.argv.slice(2),
      working: workingFolder(),
      tempRoot: tmpdir(),
      stdout,
      stderr,
      clock: systemClock,
      events: process,
      exit: (status) => process.exit(status),
      aws: awsClients,
    });
  } catch (error) {
    say(`Error: ${asActionError(error).message}`);
    status = asActionError(error).exit;
  }
  const lost = stdout.lost();
  // A disk that is full loses the outputs. Whoever reads the log may go, though: that changes nothing about how it ended.
  if (lost) say(`Error: cannot write the outputs to standard output: ${lost.message}`);
  // Open connections must not keep the process alive.
  process.exit(lost && status === exitStatus.done ? exitStatus.failed : status);
}

/** @throws ActionError where it was deleted */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new ActionError('cannot start: the working folder no longer exists; start from another one', {
      cause: error,
    });
  }
}
