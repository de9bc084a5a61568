import { constants } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ActionError, exitMeanings, exitStatus } from '../../../shared/errors';
import { parseArguments } from '../runner/arguments';
import { createShow } from '../runner/show';
import { untilSignal } from '../runner/signals';
import { createKeptFolder, type KeptFolder, nextSteps } from './kept-folder';
import type { Release, ReleaseOptions } from './release';
import { openStage, type Stage } from './stage';
import { expectDone, runTour, summarize } from './tour';
import { answersOf } from './traffic-line';

const project = fileURLToPath(new URL('../../..', import.meta.url));

const usage = `Runs the tutorial's workflow on this machine: a blue/green deployment, a canary, and a bad version that is rolled back.

npm start [-- --processes] [--output FOLDER] [--stay]

  --processes      Run each task as a plain process, even if an engine could run containers.
  --output FOLDER  Keep the reports, the log and their index page there, instead of in a new temporary folder.
  --stay           Keep the pages open until Ctrl-C, also without a terminal.
`;

const options = {
  processes: { type: 'boolean', default: false },
  output: { type: 'string' },
  stay: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Runs the tour on this machine. On a terminal its pages stay open until Ctrl-C. */
async function main(args: string[]): Promise<number> {
  const { processes, output, stay, help } = parseArguments({ args, options }).values;
  if (help) {
    process.stdout.write(usage);
    return exitStatus.done;
  }
  const signal = untilSignal();
  const { show: print, colour } = createShow(process.stdout, process.env);
  const kept = createKeptFolder(output, project);
  const show: ReleaseOptions['show'] = (line, from) => {
    kept.log(from ? `${from} │ ${line}` : line);
    print(line, from);
  };
  const stage = await openStage(project, !processes);
  try {
    const start = Date.now();
    const releases = await runTour(stage, { project, show, colour, signal });
    await tellEnd(stage, releases, { start, show, kept });
    if (signal.aborted) return 128 + constants.signals[signal.reason as NodeJS.Signals];
    expectDone(releases);
    if (process.stdout.isTTY || stay) {
      show(`Look at ${stage.page}, and at ${stage.live} with the reports of the deployments. Press Ctrl-C to end.`);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    }
    return exitStatus.done;
  } finally {
    await stage.close();
  }
}

interface End {
  readonly start: number;
  readonly show: ReleaseOptions['show'];
  readonly kept: KeptFolder;
}

/** Prints a summary, and keeps what can be inspected afterwards. */
async function tellEnd(stage: Stage, releases: readonly Release[], { start, show, kept }: End): Promise<void> {
  const total = await stage.load.stop();
  for (const line of summarize(releases, total, Date.now() - start)) show(line);
  const requests = `Requests: ${answersOf({ ...total, lost: 0 })}; lost: ${total.lost}.`;
  const index = kept.finish(releases, requests, stage.artifacts);
  show('');
  show('Exit statuses of the actions:');
  for (const [status, meaning] of Object.entries(exitMeanings)) show(`  ${status}  ${meaning}`);
  show('What to do next:');
  for (const { text, file } of nextSteps) show(`  ${file.padEnd(40)} ${text}`);
  show(`Kept: ${kept.path}, begin with ${pathToFileURL(index).href}`);
}

main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: unknown) => {
    const unexpected = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`Error: ${error instanceof ActionError ? error.message : unexpected}\n`);
    process.exit(error instanceof ActionError ? error.exit : exitStatus.failed);
  },
);
