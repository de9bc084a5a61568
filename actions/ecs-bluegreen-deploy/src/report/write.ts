import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../../../../shared/host/run-action';
import type { Delivery } from '../delivery';
import type { DeploymentStatus } from '../outcome';
import { shortId } from '../text';
import { reportPage } from './page';

/** Writes the report into the source folder, else the system's folder for temporary files. The answer is its path. */
export function writeReport(delivery: Delivery, status: DeploymentStatus, context: Context): string | undefined {
  const { deployment, startedAt } = delivery;
  const page = context.log.masked(reportPage(delivery, status, context.clock.now()));
  const name = `deployment-report-${deployment ? shortId(deployment.id) : startedAt}.html`;
  for (const folder of [context.folders.source, tmpdir()]) {
    const path = join(folder, name);
    try {
      writeFileSync(path, page);
      context.log.info(`Report: ${path}`);
      return path;
    } catch (error) {
      context.log.debug(`The report cannot be written to ${folder}: ${(error as Error).message}`);
    }
  }
  context.log.warn('The report could not be written');
  return undefined;
}
