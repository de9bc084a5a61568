import { appendFileSync } from 'node:fs';
import { foldersOf } from './folders';
import { debugging, type Host, type Surroundings } from './host';
import { environmentInputs } from './inputs';
import { createLog } from './log';

/** Data of a workflow command: percent signs and line breaks are escaped as GitHub's toolkit does. */
const escapeData = (text: string) => text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');

/** An entry of GITHUB_OUTPUT. The delimiter is random, so that no value can end its own entry and forge another. */
export function outputEntry(name: string, value: string): string {
  // Required here, not imported: it takes long to load, and only this host needs it.
  const { randomUUID } = require('node:crypto') as typeof import('node:crypto');
  const delimiter = `end-${randomUUID()}`;
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}

export function githubHost({ env, working, stdout }: Surroundings): Host {
  const write = (line: string) => stdout.write(`${line}\n`);
  const append = (variable: string, text: string) => {
    const file = env[variable];
    if (file) appendFileSync(file, text);
  };
  return {
    name: 'github',
    project: env['GITHUB_REPOSITORY'],
    raw: environmentInputs(env),
    folders: foldersOf(env, working),
    log: createLog({
      colour: !env['NO_COLOR'],
      debug: debugging(env),
      write,
      mark(level, line) {
        if (level === 'warn') return `::warning::${escapeData(line)}`;
        if (level === 'error') return `::error::${escapeData(line)}`;
        return level === 'debug' ? `::debug::${escapeData(line)}` : line;
      },
      announceSecret: (secret) => write(`::add-mask::${escapeData(secret)}`),
    }),
    outputs(values) {
      for (const [name, value] of Object.entries(values)) append('GITHUB_OUTPUT', outputEntry(name, value));
    },
    end({ action, failure, summary }) {
      const text = failure === undefined ? (summary ?? 'Done.') : `**Failed:** ${failure}`;
      append('GITHUB_STEP_SUMMARY', `### ${action}\n\n${text}\n`);
    },
  };
}
