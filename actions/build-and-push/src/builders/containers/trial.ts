import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { arch } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../process/run-command';
import type { Effects } from '../builder';
import { lastWords } from '../command-line/build-output';
import { emptyProgram } from './empty-program';

/** What podman and buildah need on a machine to build at all. */
export interface Setting {
  /** Words before the command. */
  readonly globals: readonly string[];
  /** Words of the build. */
  readonly build: readonly string[];
}

/** A chroot is the only isolation where containers may not be started, and it has no network of its own. */
const plainest = ['--isolation', 'chroot', '--network', 'host'];

/** The settings to try, best first: as the machine is set up; in a chroot; and without a file system of layers. */
export const settings: readonly Setting[] = [
  { globals: [], build: [] },
  { globals: [], build: plainest },
  { globals: ['--storage-driver', 'vfs'], build: plainest },
];

/** More than a build of one file takes on a slow machine. */
const trialMs = 60_000;

/** Builds the smallest image, with a step that runs, until a setting is found with which that goes well. */
export async function tryOut(
  program: 'podman' | 'buildah',
  effects: Effects,
): Promise<Setting | { readonly silent: string }> {
  const folder = writeTrial(effects.temp.path());
  const reasons: string[] = [];
  for (const setting of settings) {
    const file = join(folder, 'id');
    const words = ['--no-cache', '--layers=false', '--iidfile', file, '--file', join(folder, 'Dockerfile')];
    const args = [...setting.globals, 'build', ...setting.build, ...words, folder];
    const { status, lines } = await runCommand({ program, args, env: effects.env, timeoutMs: trialMs }, effects);
    for (const line of lines) effects.log.debug(`${program}: ${line}`);
    if (status === 0) {
      await remove(program, setting, file, effects);
      return setting;
    }
    reasons.push(lastWords(lines).replace(/^.*\| /, ''));
  }
  return { silent: `it cannot build on this machine: ${reasons[0]}` };
}

function writeTrial(temp: string): string {
  const folder = mkdtempSync(join(temp, 'trial-'));
  const runs = emptyProgram(arch());
  writeFileSync(join(folder, 'program'), runs ?? '', { mode: 0o755 });
  const run = runs ? 'RUN ["/program"]\n' : '';
  writeFileSync(join(folder, 'Dockerfile'), `FROM scratch\nCOPY program /program\n${run}`);
  return folder;
}

async function remove(program: string, { globals }: Setting, file: string, effects: Effects): Promise<void> {
  if (!existsSync(file)) return;
  const args = [...globals, 'rmi', readFileSync(file, 'utf8').trim()];
  await runCommand({ program, args, env: effects.env, timeoutMs: trialMs }, effects);
}
