import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChildOptions, runChild } from './child';
import type { ActionFolders } from './workspace';

/** Variables of the shell itself, which the next one sets anew. */
const shellOwn = ['_', 'SHLVL', 'PWD', 'OLDPWD'];

/** Leaves the variables that a step set, exported or not as in CodeCatalyst, and the folder it ended in, for the next step. */
const recorder = `require('fs').writeFileSync(process.argv[1], JSON.stringify({ env: process.env, cwd: process.cwd() }))`;

/**
 * Runs the steps of a build, each in a bash of its own that begins with the variables and in the folder that the one
 * before ended with. Answers with the first exit status that is not 0, and the variables at the end.
 */
export async function runSteps(
  steps: readonly string[],
  folders: ActionFolders,
  options: ChildOptions,
): Promise<{ readonly status: number; readonly env: Readonly<Record<string, string>> }> {
  let { env, cwd } = { env: { ...options.env }, cwd: options.cwd };
  for (const [at, step] of steps.entries()) {
    const script = join(folders.private, `step-${at + 1}.sh`);
    const record = join(folders.private, `step-${at + 1}.json`);
    // The text goes into a private file: an argument list can be read by every user of the machine.
    writeFileSync(script, `trap ${quote(recordCommand(record))} EXIT; set -a\n${step}\n`, { mode: 0o600 });
    const status = await runChild('bash', [script], { ...options, env, cwd });
    if (status !== 0) return { status, env };
    // A step that ends in another way, by exec or a trap of its own, leaves no record: what was before it stays.
    if (!existsSync(record)) continue;
    const end = JSON.parse(readFileSync(record, 'utf8')) as { env: Record<string, string>; cwd: string };
    env = Object.fromEntries(Object.entries(end.env).filter(([name]) => !shellOwn.includes(name)));
    cwd = end.cwd;
  }
  return { status: 0, env };
}

/** Keeps the step's own exit status. */
const recordCommand = (record: string): string =>
  `status=$?; ${[process.execPath, '-e', recorder, record].map(quote).join(' ')} && exit $status`;

const quote = (word: string) => `'${word.replace(/'/g, `'\\''`)}'`;
