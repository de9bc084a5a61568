import type {
  DescribeImageScanFindingsResponse,
  EnhancedImageScanFinding,
  ImageScanFinding,
  ImageScanFindings,
} from '@aws-sdk/client-ecr';
import { consoleHost } from '../../../../../shared/aws/arn';
import { type Severity, severities } from '../../definition';

/** One finding of a basic or an enhanced scan. */
export interface ScanFinding {
  /** Such as `CVE-2024-0727`. */
  readonly name: string;
  /** In ECR's own letter case: `HIGH`. */
  readonly severity: string;
  /** The package with its version, where it is known. */
  readonly found?: string;
}

/** What a scan came to. */
export interface ScanResult {
  /** By ECR's own words: `{HIGH: 2}`. */
  readonly counts: Readonly<Record<string, number>>;
  readonly findings: readonly ScanFinding[];
}

const rank = (severity: string) => (severities as readonly string[]).indexOf(severity.toLowerCase());

/** How many findings are of a severity or above. */
export function countFrom({ counts }: ScanResult, severity: Severity): number {
  const grave = Object.entries(counts).filter(([name]) => rank(name) >= rank(severity));
  return grave.reduce((sum, [, count]) => sum + count, 0);
}

/** The findings of one page of an answer; basic and enhanced scans have forms of their own. */
export function readFindings({ imageScanFindings = {} }: DescribeImageScanFindingsResponse): ScanFinding[] {
  const { findings = [], enhancedFindings = [] }: ImageScanFindings = imageScanFindings;
  return [...findings.map(readBasic), ...enhancedFindings.map(readEnhanced)];
}

function readBasic({ name = '', severity = 'UNDEFINED', attributes = [] }: ImageScanFinding): ScanFinding {
  const of = (key: string) => attributes.find((attribute) => attribute.key === key)?.value;
  return { name, severity, ...packageText(of('package_name'), of('package_version')) };
}

function readEnhanced(finding: EnhancedImageScanFinding): ScanFinding {
  const { title = '', severity = 'UNDEFINED', packageVulnerabilityDetails: details = {} } = finding;
  const [first] = details.vulnerablePackages ?? [];
  return { name: details.vulnerabilityId ?? title, severity, ...packageText(first?.name, first?.version) };
}

const packageText = (name: string | undefined, version: string | undefined) =>
  name ? { found: [name, version].filter(Boolean).join(' ') } : {};

/** `2 critical, 1 high, 0 medium, …`, gravest first; ECR's further severities where there are findings of them. */
export function countsText({ counts }: ScanResult): string {
  const known = [...severities].reverse().map((name) => `${counts[name.toUpperCase()] ?? 0} ${name}`);
  const others = Object.entries(counts).filter(([name, count]) => rank(name) < 0 && count > 0);
  return [...known, ...others.map(([name, count]) => `${count} ${name.toLowerCase()}`)].join(', ');
}

const shownFindings = 20;

/** The findings of a severity or above as lines of a table, gravest first. */
export function findingsTable({ findings }: ScanResult, severity: Severity): string[] {
  const grave = findings.filter((finding) => rank(finding.severity) >= rank(severity));
  const order = (a: ScanFinding, b: ScanFinding) =>
    rank(b.severity) - rank(a.severity) || a.name.localeCompare(b.name, 'en');
  const shown = [...grave].sort(order).slice(0, shownFindings);
  const width = Math.max(0, ...shown.map(({ name }) => name.length));
  const lines = shown.map((finding) =>
    `${finding.severity.padEnd(13)}  ${finding.name.padEnd(width)}  ${finding.found ?? ''}`.trimEnd(),
  );
  return grave.length > shown.length ? [...lines, `and ${grave.length - shown.length} more`] : lines;
}

/** Where a person reads the findings, in the console of the region's partition. */
export function scanLink(region: string, account: string, repository: string, digest: string): string {
  const path = `ecr/repositories/private/${account}/${repository}/_/image/${digest}/scan-results`;
  return `https://${consoleHost(region)}/${path}?region=${region}`;
}
