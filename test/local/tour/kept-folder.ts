import { appendFileSync, copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { InputError } from '../../../shared/errors';
import { makeFolders } from '../runner/make-folders';
import { indexPage } from './index-page';
import type { Release } from './release';
import { reportsIn } from './reports';
import { answersOf, totalOf } from './traffic-line';

/** What remains of a tour: the log, the reports, and a page with links to them. */
export interface KeptFolder {
  readonly path: string;
  /** Keeps a line of the log. */
  log(line: string): void;
  /** Keeps the reports and writes the index page. Returns its path. */
  finish(releases: readonly Release[], requests: string, artifacts: string): string;
}

/** @param folder its path; by default, a new folder among the temporary files of the system */
export function createKeptFolder(folder: string | undefined, project: string): KeptFolder {
  const path = folder === undefined ? mkdtempSync(join(tmpdir(), 'ecs-start-result-')) : resolve(folder);
  const log = join(path, 'log.txt');
  try {
    makeFolders(path);
    writeFileSync(log, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError([
      { where: '--output', problem: `cannot write to ${path}: ${code}; name a folder of your own` },
    ]);
  }
  return {
    path,
    log: (line) => appendFileSync(log, `${stripVTControlCharacters(line)}\n`),
    finish(releases, requests, artifacts) {
      const reports = reportsIn(artifacts);
      const rows = releases.map(({ act, status, failure, windows, ms, problem }, index) => {
        const files = reports.find(({ name }) => name === act.name)?.files;
        const keep = (from: string | undefined, ending: string) => {
          if (from === undefined) return undefined;
          const name = `${index + 1}-${act.name}.${ending}`;
          copyFileSync(from, join(path, name));
          return name;
        };
        const answers = answersOf(totalOf(windows.map(({ counts }) => counts)));
        const kept = { report: keep(files?.html, 'html'), json: keep(files?.json, 'json') };
        const outcome = problem === undefined ? act.outcome : `Not as expected: ${problem}.`;
        return { heading: act.heading, outcome, status, failure, answers, ms, ...kept };
      });
      const index = join(path, 'index.html');
      const next = nextSteps.map(({ text, file }) => ({ text, address: pathToFileURL(join(project, file)).href }));
      writeFileSync(index, indexPage(rows, requests, next));
      return index;
    },
  };
}

/** What to do after the tour. */
export const nextSteps = [
  { text: 'from nothing to a canary in your own account', file: 'docs/getting-started.md' },
  { text: 'move an existing workflow to these actions', file: 'README.md' },
  { text: 'what an error means and what to do', file: 'docs/troubleshooting.md' },
  {
    text: 'inputs, outputs and exit statuses of the deployment action',
    file: 'actions/ecs-bluegreen-deploy/README.md',
  },
] as const;
