import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../../../../shared/host/run-action';
import { shortId } from '../text';
import type { DeploymentRun } from '../watch/deployment-run';
import type { DeploymentStatus } from './outcome';
import { reportPage } from './page';

/** Writes the report into the folder for results, else the system's folder for temporary files. The answer is its path. */
export function writeReport(run: DeploymentRun, status: DeploymentStatus, context: Context): string | undefined {
  const { deployment, startedAt } = run;
  const page = context.log.masked(reportPage(run, status, context.clock.now()));
  const name = reportName(deployment ? shortId(deployment.id) : String(startedAt));
  for (const folder of [context.folders.results, context.tempRoot]) {
    const path = join(folder, name);
    try {
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

const longestId = 100;

/** AWS names the deployment; a file is named by safe characters only. */
export const reportName = (id: string): string =>
  `deployment-report-${id.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, longestId)}.html`;

/** Writes a file whole, in place of whatever has its name: a link that a repository brought is not written through. */
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
