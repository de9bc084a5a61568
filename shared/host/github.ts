import { appendFileSync, existsSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import type { Finding, Place } from '../errors';
import { escapeMarkdown } from '../markdown';
import { unwrittenOutputs } from './failure';
import { type Folders, foldersOf } from './folders';
import { debugging, type Host, type Surroundings } from './host';
import { environmentInputs } from './inputs';
import { createLog } from './log';
import { isPipe } from './user-file';

/** Data of a workflow command: percent signs and line breaks are escaped as GitHub's toolkit does. */
const escapeData = (text: string) => text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');

const escapeProperty = (text: string) => escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');

/**
 * Where GitHub shows an annotation: in a file of the checkout, by its path there. Nothing where the file is another one,
 * such as a rendered one in the folder of the job.
 */
function placeProperties(place: Place | undefined, env: NodeJS.ProcessEnv, working: string): string {
  if (!place) return '';
  const checkout = env['GITHUB_WORKSPACE'] || working;
  const path = resolve(working, place.file);
  const within = relative(checkout, path);
  if (within.startsWith('..') || isAbsolute(within) || !existsSync(path)) return '';
  const column = place.column === undefined ? '' : `,col=${place.column}`;
  return ` file=${escapeProperty(within)},line=${place.line}${column}`;
}

/** An entry of GITHUB_OUTPUT. The delimiter is random, so that no value can end its own entry and forge another. */
export function outputEntry(name: string, value: string): string {
  // Required here, not imported: it takes long to load, and only this host needs it.
  const { randomUUID } = require('node:crypto') as typeof import('node:crypto');
  const delimiter = `end-${randomUUID()}`;
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}

/** Why the outputs could not be added to the file; nothing where they can. The file keeps what it has. */
function unwritable(file: string): Finding[] {
  try {
    // A pipe is not opened twice: its reader would take the first end for the last.
    if (!isPipe(file)) appendFileSync(file, '');
    return [];
  } catch (error) {
    const problem = `cannot be written: ${(error as Error).message}; make it writable and run again`;
    return [{ where: 'GITHUB_OUTPUT', problem }];
  }
}

/** The folders of a job. What is written for later steps goes into the job's own one, which GitHub empties at its end. */
function githubFolders(env: NodeJS.ProcessEnv, working: string): Folders {
  const folders = foldersOf(env, working);
  const ofJob = env['RUNNER_TEMP'];
  return ofJob && existsSync(ofJob) ? { ...folders, results: ofJob } : folders;
}

export function githubHost({ env, working, stdout }: Surroundings): Host {
  const write = (line: string) => stdout.write(`${line}\n`);
  const log = createLog({
    colour: !env['NO_COLOR'],
    debug: debugging(env),
    env,
    write,
    showsPlaces: true,
    group: { begin: (title) => `::group::${escapeData(title)}`, end: '::endgroup::' },
    mark(level, line, place) {
      if (level === 'warn') return `::warning${placeProperties(place, env, working)}::${escapeData(line)}`;
      if (level === 'error') return `::error${placeProperties(place, env, working)}::${escapeData(line)}`;
      return level === 'debug' ? `::debug::${escapeData(line)}` : line;
    },
    announceSecret: (secret) => write(`::add-mask::${escapeData(secret)}`),
  });
  return {
    name: 'github',
    project: env['GITHUB_REPOSITORY'],
    raw: environmentInputs(env),
    folders: githubFolders(env, working),
    log,
    obstacles: () => (env['GITHUB_OUTPUT'] ? unwritable(env['GITHUB_OUTPUT']) : []),
    outputs(values) {
      const entries = Object.entries(values).map(([name, value]) => outputEntry(name, value));
      const file = env['GITHUB_OUTPUT'];
      if (entries.length === 0) return;
      if (!file) return log.warn('GITHUB_OUTPUT is not set: the outputs are lost');
      try {
        appendFileSync(file, entries.join(''));
      } catch (error) {
        throw unwrittenOutputs('GITHUB_OUTPUT', error as Error);
      }
    },
    end({ action, failure, summary }) {
      const file = env['GITHUB_STEP_SUMMARY'];
      const failed = failure === undefined ? [] : [`**Failed:** ${escapeMarkdown(failure)}`];
      const text = [...failed, ...(summary ? [summary] : failed.length > 0 ? [] : ['Done.'])].join('\n\n');
      try {
        if (file) appendFileSync(file, `### ${action}\n\n${text}\n`);
      } catch (error) {
        log.warn(`The step summary could not be written: ${(error as Error).message}`);
      }
    },
  };
}
