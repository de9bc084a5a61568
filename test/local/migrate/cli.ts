import { existsSync, writeFileSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { ActionError, exitStatus } from '../../../shared/errors';
import { readFile } from '../../../shared/host/user-file';
import { commandLineError, parseArguments } from '../runner/arguments';
import { type Migration, migrate, type Notice } from './migrate';
import { unifiedDiff } from './unified-diff';

const usage = `Moves a workflow file of CodeCatalyst or GitHub to the actions of this project.

npm run migrate -- FILE... [--space NAME] [--write]

  --space NAME  Who publishes the actions: NAME/build-and-push@v1. Default: ecs-delivery.
  --write       Makes the change. Without it, it is printed as a diff for patch or git apply, and nothing is written.

What is moved, and what is not and why, is listed on standard error.
Exit status: 0 done, also where there was nothing to do; 2 a file cannot be read, or is not a workflow.
`;

const options = {
  space: { type: 'string', default: 'ecs-delivery' },
  write: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const;

const sizeLimit = { bytes: 1024 * 1024, problem: 'is larger than 1 MiB; it is not a workflow' };

function main(args: string[]): number {
  const { values, positionals } = parseArguments({ args, options, allowPositionals: true });
  if (values.help) {
    process.stdout.write(usage);
    return exitStatus.done;
  }
  if (positionals.length === 0) throw commandLineError('must name a workflow file');
  if (!/^[\w-]+$/.test(values.space))
    throw commandLineError(`--space must be a name, got ${JSON.stringify(values.space)}`);
  // All files are read before the first one is written.
  const changes = positionals.map((given) => change(given, values.space));
  for (const { name, file, before, migration } of changes) {
    for (const line of noticesOf(name, migration)) process.stderr.write(`${line}\n`);
    if (values.write && migration.text !== before) write(file, migration.text);
    else process.stdout.write(unifiedDiff(name.replace(/^\/+/, ''), before, migration.text));
  }
  return exitStatus.done;
}

function change(given: string, space: string) {
  // npm runs its scripts in this project's folder; paths are meant from where the user stands.
  const base = process.env['INIT_CWD'] && existsSync(process.env['INIT_CWD']) ? process.env['INIT_CWD'] : process.cwd();
  const file = resolve(base, given);
  const within = relative(base, file);
  const name = /^\.\.(?:[\\/]|$)/.test(within) || isAbsolute(within) ? file : within;
  const read = readFile(file, sizeLimit);
  if ('problem' in read) throw commandLineError(`${given} ${read.problem}`);
  const before = read.bytes.toString('utf8');
  return { name, file, before, migration: migrate(before, { name, space }) };
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new ActionError(`cannot write ${file}: ${(error as Error).message}; the files before it were written`);
  }
}

function noticesOf(name: string, { moved, left }: Migration): string[] {
  const lines = (notices: readonly Notice[], sign: string) =>
    notices.map(({ line, text }) => `${sign} ${name}:${line} ${text}`);
  if (moved.length + left.length === 0) return [`${name}: nothing to move`];
  return [...lines(moved, '✓'), ...lines(left, '✗')];
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  const isTold = error instanceof ActionError;
  process.stderr.write(`Error: ${isTold ? error.message : (error as Error).stack}\n`);
  process.exitCode = isTold ? error.exit : exitStatus.failed;
}
