import type {
  EnhancedImageScanFinding,
  FindingSeverity,
  ImageScanFinding,
  ImageScanFindings,
  ScanStatus,
} from '@aws-sdk/client-ecr';

/** What a scan of an image comes to. Data that a test sets. */
export interface Scan {
  /** Basic scans end with COMPLETE; enhanced ones (Amazon Inspector) stay ACTIVE. */
  readonly kind: 'basic' | 'enhanced';
  /** Milliseconds from the push, or from when this was set, until there is a result; default 5,000. */
  readonly takes?: number;
  /** What it ends with; default COMPLETE or ACTIVE. */
  readonly status?: ScanStatus;
  readonly description?: string;
  readonly findings?: readonly {
    readonly name: string;
    readonly severity: FindingSeverity;
    readonly description?: string;
  }[];
}

/** The state of a scan at a moment. */
export interface ScanState {
  readonly status: ScanStatus;
  readonly description: string;
  /** Undefined until the scan has ended well. */
  readonly findings: ImageScanFindings | undefined;
}

/** @param since when the scan began. */
export function scanStateAt(scan: Scan, since: number, now: number): ScanState {
  const ended = since + (scan.takes ?? 5_000);
  if (now < ended) {
    return scan.kind === 'basic'
      ? { status: 'IN_PROGRESS', description: 'The scan is in progress.', findings: undefined }
      : { status: 'PENDING', description: 'Scan has been requested, but not started.', findings: undefined };
  }
  const status = scan.status ?? (scan.kind === 'basic' ? 'COMPLETE' : 'ACTIVE');
  const good = status === 'COMPLETE' || status === 'ACTIVE';
  const said =
    scan.kind === 'basic' ? 'The scan was completed successfully.' : 'Continuous scan is selected for image.';
  return {
    status,
    description: scan.description ?? (good ? said : `The scan ended with ${status}.`),
    findings: good ? findingsOf(scan, new Date(ended)) : undefined,
  };
}

function findingsOf({ kind, findings = [] }: Scan, imageScanCompletedAt: Date): ImageScanFindings {
  const counts: Partial<Record<string, number>> = {};
  for (const { severity } of findings) counts[severity] = (counts[severity] ?? 0) + 1;
  const common = {
    imageScanCompletedAt,
    vulnerabilitySourceUpdatedAt: imageScanCompletedAt,
    findingSeverityCounts: counts as Record<string, number>,
  };
  if (kind === 'basic') return { ...common, findings: findings.map(toBasic) };
  return { ...common, enhancedFindings: findings.map(toEnhanced) };
}

type Found = NonNullable<Scan['findings']>[number];

const toBasic = ({ name, severity, description }: Found): ImageScanFinding => ({
  name,
  severity,
  ...(description ? { description } : {}),
  uri: `https://security-tracker.debian.org/tracker/${name}`,
  attributes: [{ key: 'package_name', value: 'openssl' }],
});

const toEnhanced = ({ name, severity, description }: Found): EnhancedImageScanFinding => ({
  title: `${name} - openssl`,
  severity,
  status: 'ACTIVE',
  type: 'PACKAGE_VULNERABILITY',
  ...(description ? { description } : {}),
  packageVulnerabilityDetails: { vulnerabilityId: name, source: 'NVD' },
});
