import { explainAwsError } from '../../../../../shared/aws/errors';
import { ActionError } from '../../../../../shared/errors';
import type { Context } from '../../../../../shared/host/run-action';
import type { Severity } from '../../definition';
import type { Plan } from '../../plan/plan';
import type { RegistryClient } from '../../registry/client';
import { imagesOf } from '../../registry/images';
import { placeOf } from '../repository';
import { awaitScan } from './await-scan';
import { countFrom, countsText, findingsTable, scanLink } from './findings';

/** What the scan says of the image that was pushed. */
export interface ScanVerdict {
  /** For the summary. */
  readonly lines: readonly string[];
  /** Why the action fails: findings, or no scan to tell that there are none. */
  readonly failure?: ActionError;
}

/** Waits for ECR's scan of the image, or of each image of an index. It never throws: the image is pushed by now. */
export async function checkScan(
  plan: Plan,
  digest: string,
  client: RegistryClient,
  context: Context,
): Promise<ScanVerdict> {
  const severity = plan.request['scan-severity'];
  if (severity === 'none') return { lines: [] };
  const verdicts: ScanVerdict[] = [];
  try {
    for (const image of await imagesOf(client, plan.request.repository, digest)) {
      verdicts.push(await checkImage(plan, image, severity, context));
    }
  } catch (error) {
    verdicts.push({ lines: [], failure: explainAwsError(error) ?? notRead((error as Error).message, error) });
  }
  const failure = verdicts.find((verdict) => verdict.failure)?.failure;
  return { lines: verdicts.flatMap(({ lines }) => lines), ...(failure && { failure }) };
}

const notRead = (why: string, cause?: unknown) =>
  new ActionError(`cannot read the scan of the image: ${why}`, cause === undefined ? {} : { cause });

async function checkImage(
  { request, registry }: Plan,
  digest: string,
  severity: Severity,
  context: Context,
): Promise<ScanVerdict> {
  const { log } = context;
  const ecr = await context.aws(request.region, context.signal).ecr();
  log.info(`waiting for the scan of ${digest}`);
  const end = await awaitScan(ecr, placeOf(request, registry), digest, context);
  if ('why' in end) return { lines: [`Scan: ${end.why}`], failure: notRead(end.why) };
  const link = scanLink(request.region, end.account, request.repository, digest);
  for (const line of [`scan: ${countsText(end)}`, ...findingsTable(end, severity), link]) log.info(line);
  const lines = [`Scan: ${countsText(end)} ([findings](${link}))`];
  const grave = countFrom(end, severity);
  if (grave === 0) return { lines };
  const level = severity === 'critical' ? severity : `${severity} or above`;
  const problem = `the scan of the image has ${grave} finding${grave === 1 ? '' : 's'} of severity ${level}`;
  return { lines, failure: new ActionError(`${problem} (${countsText(end)}); mend them, or see ${link}`) };
}
