import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainText } from '../../../../shared/foreign-text';
import type { Context } from '../../../../shared/host/run-action';
import { shortId } from '../text';
import type { DeploymentRun } from '../watch/model';
import { type ReportEnd, type ReportFacts, reportFacts } from './facts';
import { reportPage } from './page';
import { stepSummary } from './step-summary';

/**
 * Writes the report as a page, and its facts as JSON next to it, into the folder for results, else the system's folder for
 * temporary files. The answer is the path of the page.
 */
export function writeReport(run: DeploymentRun, end: ReportEnd, context: Context): string | undefined {
  const { deployment, startedAt } = run;
  const facts = reportFacts(run, end, context.clock.now());
  const name = reportName(deployment ? shortId(deployment.id) : String(startedAt));
  const jsonName = name.replace(/html$/, 'json');
  const page = context.log.masked(reportPage(facts, jsonName));
  const json = `${JSON.stringify(maskedTexts(facts, context.log.masked), undefined, 2)}\n`;
  for (const folder of [context.folders.results, context.tempRoot]) {
    const path = join(folder, name);
    try {
      replaceFile(join(folder, jsonName), json);
      replaceFile(path, page);
      context.log.info(`Report: ${path}`);
      return path;
    } catch (error) {
      context.log.debug(`The report cannot be written to ${folder}: ${(error as Error).message}`);
    }
  }
  context.log.warn('The report could not be written');
  return undefined;
}

/** What GitHub shows of the deployment below the steps; `line` says how it ended, where that is not reported as an error. */
export function stepSummaryOf(
  run: DeploymentRun,
  end: ReportEnd,
  line: string | undefined,
  { clock, log }: Pick<Context, 'clock' | 'log'>,
): string {
  // Before it is escaped: in Markdown a secret would look different.
  const facts = maskedTexts(reportFacts(run, end, clock.now()), log.masked) as ReportFacts;
  return stepSummary(facts, line === undefined ? undefined : log.masked(line));
}

/** The same value with each of its texts clean and masked: in JSON a secret with a quote would look different. */
function maskedTexts(value: unknown, masked: (text: string) => string): unknown {
  if (typeof value === 'string') return masked(plainText(value));
  if (Array.isArray(value)) return value.map((item) => maskedTexts(item, masked));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, maskedTexts(item, masked)]));
}

const longestId = 100;

/** AWS names the deployment; a file is named by safe characters only. */
export const reportName = (id: string): string =>
  `deployment-report-${id.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, longestId)}.html`;

/** Writes a file whole, replacing whatever has its name: a link that came with a repository is not followed. */
function replaceFile(path: string, content: string): void {
  const fresh = `${path}.${process.pid}.new`;
  // Only what is made here is written to.
  writeFileSync(fresh, content, { flag: 'wx' });
  try {
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}
