import { awsClients } from '../aws/clients';
import { systemClock } from '../clock';
import { ActionError, exitStatus } from '../errors';
import type { ActionDefinition } from '../manifest/definition';
import type { Action } from './action';
import { unwrittenOutputs } from './failure';
import { outputTo } from './output';
import { runIn, sayAlone } from './run-in';

export { type Action, type Context, changedContext, type Outcome, shortGrace } from './action';
export { Interruption } from './interruption';

/** Runs an action in this process, and ends the process with the documented exit status. */
export async function runAction<D extends ActionDefinition>(action: Action<D>): Promise<void> {
  const [stdout, stderr] = [outputTo(1), outputTo(2)];
  // Node exits with 0 when nothing is left to run, even while a promise is still awaited: that is not a success.
  process.once('beforeExit', () => {
    sayAlone('cannot finish: it waits for something that will never come; report this, with the log', {
      stderr,
      env: process.env,
    });
    process.exit(exitStatus.failed);
  });
  const status = await runIn(action, {
    env: process.env,
    argv: process.argv.slice(2),
    stdin: () => process.stdin,
    working: workingFolder,
    get tempRoot() {
      // Required here, not imported: few runs need the folder.
      return (require('node:os') as typeof import('node:os')).tmpdir();
    },
    stdout,
    stderr,
    clock: systemClock,
    events: process,
    exit: (ending) => process.exit(ending),
    aws: awsClients,
  });
  const lost = stdout.lost();
  // A full disk loses the outputs. A reader of the log may leave, though, which changes nothing about how the run ended.
  if (lost) sayAlone(unwrittenOutputs('standard output', lost).message, { stderr, env: process.env });
  // Open connections must not keep the process alive.
  process.exit(lost && status === exitStatus.done ? exitStatus.failed : status);
}

/** @throws ActionError where it was deleted */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new ActionError('cannot start: the working directory no longer exists; start from another one', {
      cause: error,
    });
  }
}
