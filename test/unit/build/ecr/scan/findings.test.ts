import { describe, expect, it } from '@jest/globals';
import {
  countFrom,
  countsText,
  findingsTable,
  readFindings,
  scanLink,
} from '../../../../../actions/build-and-push/src/ecr/scan/findings';

const finding = (name: string, severity: string, found?: string) => ({ name, severity, ...(found && { found }) });
const result = {
  counts: { CRITICAL: 1, MEDIUM: 2, UNDEFINED: 3 },
  findings: [
    finding('CVE-2', 'MEDIUM', 'zlib 1.2'),
    finding('CVE-10', 'MEDIUM'),
    finding('CVE-3', 'CRITICAL', 'openssl'),
    finding('CVE-4', 'UNDEFINED'),
  ],
};

describe('what a scan found', () => {
  it.each([
    ['informational', 3],
    ['medium', 3],
    ['high', 1],
    ['critical', 1],
  ] as const)('counts from %s', (severity, count) => {
    expect(countFrom(result, severity)).toBe(count);
  });

  it('is reported in counts and in a table of what is severe enough', () => {
    expect(countsText(result)).toBe('1 critical, 0 high, 2 medium, 0 low, 0 informational, 3 undefined');
    expect(countsText({ counts: {}, findings: [] })).toBe('0 critical, 0 high, 0 medium, 0 low, 0 informational');
    expect(findingsTable(result, 'low')).toEqual([
      'CRITICAL       CVE-3   openssl',
      'MEDIUM         CVE-10',
      'MEDIUM         CVE-2   zlib 1.2',
    ]);
    expect(findingsTable(result, 'high')).toEqual(['CRITICAL       CVE-3  openssl']);
  });

  it('is cut where it is long', () => {
    const findings = Array.from({ length: 25 }, (_, at) => finding(`CVE-${at}`, 'HIGH'));
    const table = findingsTable({ counts: {}, findings }, 'low');
    expect([table.length, table[20]]).toEqual([21, 'and 5 more']);
  });

  it('is read from basic and enhanced scans', () => {
    const attributes = [
      { key: 'package_version', value: '1.1' },
      { key: 'package_name', value: 'openssl' },
    ];
    const details = { vulnerabilityId: 'CVE-2', vulnerablePackages: [{ name: 'zlib', version: '1.2' }] };
    const enhancedFindings = [
      { title: 'CVE-2 - zlib', severity: 'LOW', packageVulnerabilityDetails: details },
      { title: 'no details', severity: 'UNTRIAGED' },
    ];
    const findings = [{ name: 'CVE-1', severity: 'HIGH' as const, attributes }, {}];
    expect(readFindings({ imageScanFindings: { findings, enhancedFindings } })).toEqual([
      finding('CVE-1', 'HIGH', 'openssl 1.1'),
      finding('', 'UNDEFINED'),
      finding('CVE-2', 'LOW', 'zlib 1.2'),
      finding('no details', 'UNTRIAGED'),
    ]);
    expect(readFindings({})).toEqual([]);
  });

  it.each([
    ['eu-west-1', 'console.aws.amazon.com'],
    ['cn-north-1', 'console.amazonaws.cn'],
    ['us-gov-west-1', 'console.amazonaws-us-gov.com'],
  ])('has a link in the console of %s', (region, host) => {
    expect(scanLink(region, '111122223333', 'team/app', 'sha256:1')).toBe(
      `https://${host}/ecr/repositories/private/111122223333/team/app/_/image/sha256:1/scan-results?region=${region}`,
    );
  });
});
