import { explainAwsError } from '../../../../../shared/aws/errors';
import { ActionError } from '../../../../../shared/errors';
import type { Context } from '../../../../../shared/host/run-action';
import { escapeMarkdown, markdownLink } from '../../../../../shared/markdown';
import type { Severity } from '../../definition';
import type { RegistryClient } from '../../registry/client';
import { isIndex, readIndex } from '../../registry/read-manifest';
import type { RepositoryPlace } from '../repository';
import { awaitScan } from './await-scan';
import { countFrom, countsText, findingsTable, scanLink } from './findings';

/** What the scan says of the image that was pushed. */
export interface ScanVerdict {
  /** For the summary. */
  readonly lines: readonly string[];
  /** Why the action fails: findings, or no scan to tell that there are none. */
  readonly failure?: ActionError;
}

/** Which image is looked at, and the severity at which it is refused. */
export interface ScanSubject {
  readonly severity: Severity | 'none';
  readonly region: string;
  readonly place: RepositoryPlace;
  readonly digest: string;
}

/** Waits for ECR's scan of the image, or of each image of an index. It never throws: the image is pushed by now. */
export async function checkScan(subject: ScanSubject, client: RegistryClient, context: Context): Promise<ScanVerdict> {
  const { severity, place } = subject;
  if (severity === 'none') return { lines: [] };
  const verdicts: ScanVerdict[] = [];
  try {
    for (const image of await imagesOf(client, place.repositoryName, subject.digest)) {
      verdicts.push(await checkImage({ ...subject, digest: image }, severity, context));
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
  { region, place, digest }: ScanSubject,
  severity: Severity,
  context: Context,
): Promise<ScanVerdict> {
  const { log } = context;
  const ecr = await context.aws(region, context.signal).ecr();
  log.info(`waiting for the scan of ${digest}`);
  const end = await awaitScan(ecr, place, digest, context);
  if ('why' in end) return { lines: [escapeMarkdown(`Scan: ${end.why}`)], failure: notRead(end.why) };
  const link = scanLink(region, end.account, place.repositoryName, digest);
  for (const line of [`scan: ${countsText(end)}`, ...findingsTable(end, severity), link]) log.info(line);
  const lines = [`Scan: ${escapeMarkdown(countsText(end))} (${markdownLink('findings', link)})`];
  const grave = countFrom(end, severity);
  if (grave === 0) return { lines };
  const level = severity === 'critical' ? severity : `${severity} or above`;
  const problem = `the scan of the image has ${grave} finding${grave === 1 ? '' : 's'} of severity ${level}`;
  return { lines, failure: new ActionError(`${problem} (${countsText(end)}); fix them, or see ${link}`) };
}

/** The images behind a digest: itself, or those of an index without its attestations. */
export async function imagesOf(client: RegistryClient, repository: string, digest: string): Promise<string[]> {
  const stored = await client.manifest(repository, digest);
  if (!stored || !isIndex(stored.mediaType)) return [digest];
  const { manifests } = readIndex(stored);
  return manifests.filter(({ platform }) => platform?.os !== 'unknown').map((child) => child.digest);
}
