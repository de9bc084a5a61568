import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Scan } from '../local/aws/ecr/scan';
import { openScene, type Scene } from './build-scene';
import { atCall } from './signal-at';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

/** Pushes an image whose scan comes to this, and waits for it in driven time. */
function scanned(scan: Scan | undefined, inputs: Record<string, string> = {}) {
  if (scan) scene.aws.ecr.setScan('team/app', '*', scan);
  return scene.run({ tags: 'v1', 'scan-severity': 'high', ...inputs }, { clock: scene.aws.clock });
}
const asks = () => scene.aws.calls.filter(({ operation }) => operation === 'DescribeImageScanFindings').length;
const findings: Scan['findings'] = [
  { name: 'CVE-1', severity: 'HIGH' },
  { name: 'CVE-2', severity: 'CRITICAL' },
  { name: 'CVE-3', severity: 'LOW' },
];

describe('scan-severity', () => {
  it.each(['basic', 'enhanced'] as const)('fails at findings of a %s scan, with the outputs set', async (kind) => {
    const result = await scanned({ kind, takes: 22_000, findings });
    expect(result.status).toBe(1);
    const digest = scene.aws.ecr.repository('team/app').tags.get('v1');
    const link = `https://console.aws.amazon.com/ecr/repositories/private/123456789012/team/app/_/image/${digest}/scan-results?region=us-west-2`;
    expect(result.errors).toEqual([
      `Error: the scan of the image has 2 findings of severity high or above (1 critical, 1 high, 0 medium, 1 low, 0 informational); fix them, or see ${link}`,
    ]);
    expect(result.stdout).toMatch(/CRITICAL {7}CVE-2.*\nHIGH {11}CVE-1/);
    expect(result.stdout).not.toContain('CVE-3');
    expect(result.outputs).toMatchObject({ 'image-digest': digest, 'image-tags': 'v1', skipped: 'false' });
    expect(asks()).toBeGreaterThan(3);
  });

  it('is done where nothing is as grave', async () => {
    const result = await scanned({ kind: 'basic', findings }, { 'scan-severity': 'critical', tags: 'v1' });
    expect(result.status).toBe(1);
    const mild = await scanned({ kind: 'basic', findings: findings.slice(2) });
    expect([mild.status, mild.errors]).toEqual([0, []]);
    expect(mild.stdout).toContain('scan: 0 critical, 0 high, 0 medium, 1 low, 0 informational');
  });

  it('looks at the scan of an image that existed already', async () => {
    await scene.run({ tags: 'v1' });
    scene.aws.ecr.repository('team/app').mutability = 'IMMUTABLE';
    const result = await scanned({ kind: 'enhanced', findings });
    expect([result.status, result.outputs['skipped']]).toEqual([1, 'true']);
  });

  it.each<[string, Scan | undefined, RegExp]>([
    [
      'scanning that is off',
      undefined,
      /cannot read the scan of the image: ECR does not scan it; turn on scan on push/,
    ],
    [
      'an image that cannot be scanned',
      { kind: 'basic', status: 'UNSUPPORTED_IMAGE', description: 'no OS' },
      /ECR cannot scan an image of this kind \(UNSUPPORTED_IMAGE: no OS\)/,
    ],
    ['a scan that failed', { kind: 'basic', status: 'FAILED' }, /the scan ended with FAILED/],
    ['a scan that never ends', { kind: 'enhanced', takes: 3_600_000 }, /did not end within 15 minutes \(PENDING\)/],
  ])('fails clearly with %s, and keeps the outputs', async (_, scan, line) => {
    const result = await scanned(scan);
    expect(result.status).toBe(1);
    expect(result.errors).toEqual([expect.stringMatching(line)]);
    expect(result.outputs['IMAGE']).toContain('@sha256:');
  });

  it('says which permission is missing, and does not say that nothing was changed', async () => {
    scene.aws.faults.add({ on: 'ecr:DescribeImageScanFindings', effect: { kind: 'refuse' } });
    const result = await scanned({ kind: 'basic' });
    expect([result.status, result.errors.length]).toEqual([1, 1]);
    expect(result.errors[0]).toMatch(/allow ecr:DescribeImageScanFindings to the role of this action$/);
    expect(result.outputs['IMAGE']).toContain('@sha256:');
  });

  it('waits no longer once it is interrupted', async () => {
    scene.aws.ecr.setScan('team/app', '*', { kind: 'basic', takes: 3_600_000 });
    const scanning = { call: 'ecr:DescribeImageScanFindings', nth: 2 };
    const result = await scene.run({ tags: 'v1', 'scan-severity': 'low' }, { onStart: atCall(scene.aws, scanning) });
    expect([result.status, result.outputs['IMAGE']]).toEqual([143, expect.stringContaining('@sha256:')]);
  });
});
