import type { DescribeImageScanFindingsResponse, ECR } from '@aws-sdk/client-ecr';
import type { Clock } from '../../../../../shared/clock';
import type { Log } from '../../../../../shared/host/log';
import type { RepositoryPlace } from '../repository';
import { readFindings, type ScanResult } from './findings';

/** A scan that came to an end. `why` says why there is nothing to read. */
export type ScanEnd = (ScanResult & { readonly account: string }) | { readonly why: string };

export interface ScanEffects {
  readonly clock: Clock;
  readonly log: Pick<Log, 'info'>;
  readonly signal: AbortSignal;
}

/** The most that ECR gives at once. */
const pageSize = 1_000;
const pollInterval = 5_000;
/** Scans take seconds to a few minutes. */
const longestWait = 15 * 60_000;
/** A scan on push begins shortly after the push; one that does not exist by then will not come. */
const latestStart = 60_000;

/** Waits for the scan that ECR makes of an image by itself, and reads what it found. */
export async function awaitScan(
  ecr: ECR,
  place: RepositoryPlace,
  digest: string,
  { clock, log, signal }: ScanEffects,
): Promise<ScanEnd> {
  const began = clock.now();
  let last = '';
  for (;;) {
    const state = scanStateOf(await describeScan(ecr, place, digest));
    if ('why' in state) return state;
    if ('done' in state) return readResult(ecr, place, digest, state.done);
    const waited = clock.now() - began;
    if (state.waiting === notFound && waited >= latestStart) return { why: off };
    if (waited >= longestWait) {
      return { why: `it did not end within ${longestWait / 60_000} minutes (${state.waiting}); run again later` };
    }
    if (state.waiting !== last) log.info(`scan: ${state.waiting}`);
    last = state.waiting;
    await clock.sleep(pollInterval, signal);
  }
}

const notFound = 'not started yet';
const off = 'ECR does not scan it; turn on scan on push for the repository, or set scan-severity to none';

type Answer = DescribeImageScanFindingsResponse | undefined;

/** Undefined where there is no scan. */
async function describeScan(ecr: ECR, place: RepositoryPlace, imageDigest: string): Promise<Answer> {
  try {
    return await ecr.describeImageScanFindings({ ...place, imageId: { imageDigest }, maxResults: pageSize });
  } catch (error) {
    if ((error as Error).name === 'ScanNotFoundException') return undefined;
    throw error;
  }
}

type ScanState =
  | { readonly done: DescribeImageScanFindingsResponse }
  | { readonly waiting: string }
  | { readonly why: string };

/** What an answer says of the scan. The words are those of ScanStatus in ECR's API model. */
export function scanStateOf(answer: Answer): ScanState {
  if (!answer) return { waiting: notFound };
  const { status, description = '' } = answer.imageScanStatus ?? {};
  switch (status) {
    case 'PENDING':
    case 'IN_PROGRESS':
      return { waiting: status };
    case 'COMPLETE':
      return { done: answer };
    case 'ACTIVE':
      // An enhanced scan never ends; it counts as done once there is a list of findings, even an empty one.
      return answer.imageScanFindings ? { done: answer } : { waiting: status };
    case 'UNSUPPORTED_IMAGE':
      return { why: `ECR cannot scan an image of this kind (${status}: ${description}); set scan-severity to none` };
    default:
      return { why: `the scan ended with ${status}${description && `: ${description}`}` };
  }
}

async function readResult(
  ecr: ECR,
  place: RepositoryPlace,
  digest: string,
  first: DescribeImageScanFindingsResponse,
): Promise<ScanEnd> {
  const findings = readFindings(first);
  const { registryId: account = '', imageScanFindings } = first;
  if (first.nextToken) {
    const query = { ...place, imageId: { imageDigest: digest } };
    const further = { startingToken: first.nextToken, pageSize, stopOnSameToken: true };
    for await (const page of ecr.paginateDescribeImageScanFindings(query, further))
      findings.push(...readFindings(page));
  }
  const own: Record<string, number> = {};
  for (const { severity } of findings) own[severity] = (own[severity] ?? 0) + 1;
  return { account, findings, counts: imageScanFindings?.findingSeverityCounts ?? own };
}
