import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ActionError, exitStatus } from '../../../shared/errors';
import { parseArguments } from '../runner/arguments';
import { createShow } from '../runner/show';
import { untilSignal } from '../runner/signals';
import { openStage } from './stage';
import { runTour } from './tour';

const project = fileURLToPath(new URL('../../..', import.meta.url));

const usage = `Runs the tutorial's workflow on this machine, from the sample application to finished deployments.

npm start [-- --processes]

  --processes  Each task is a plain process, also where an engine could run containers.
`;

const options = { processes: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } } as const;

/** Runs the tutorial on this machine. On a terminal its page stays until Ctrl-C. */
async function main(args: string[]): Promise<number> {
  const { processes, help } = parseArguments({ args, options }).values;
  if (help) {
    process.stdout.write(usage);
    return exitStatus.done;
  }
  const signal = untilSignal();
  const { show, colour } = createShow(process.stdout, process.env);
  const stage = await openStage(project, !processes);
  try {
    const status = await runTour(stage, { project, show, colour, signal });
    if (signal.aborted) return 128 + constants.signals[signal.reason as NodeJS.Signals];
    if (status === exitStatus.done && process.stdout.isTTY) {
      show(`Look at ${stage.page}, and at ${stage.live} with the reports of the deployments. Ctrl-C ends it.`);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    }
    return status;
  } finally {
    await stage.close();
  }
}

main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: unknown) => {
    const unexpected = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`Error: ${error instanceof ActionError ? error.message : unexpected}\n`);
    process.exit(error instanceof ActionError ? error.exit : exitStatus.failed);
  },
);
