import { ScanStatus } from '@aws-sdk/client-ecr';
import { describe, expect, it } from '@jest/globals';
import { scanStateOf } from '../../../../../actions/build-and-push/src/ecr/scan/await-scan';

const answer = (status: string, findings = true) => ({
  imageScanStatus: { status: status as ScanStatus, description: 'as it is' },
  ...(findings && { imageScanFindings: {} }),
});
const kindOf = (status: string, findings?: boolean) => Object.keys(scanStateOf(answer(status, findings)))[0];

describe('scanStateOf', () => {
  it('knows every status of the API', () => {
    const kinds = Object.fromEntries(Object.values(ScanStatus).map((status) => [status, kindOf(status)]));
    expect(kinds).toEqual({
      IN_PROGRESS: 'waiting',
      PENDING: 'waiting',
      COMPLETE: 'done',
      ACTIVE: 'done',
      FAILED: 'why',
      UNSUPPORTED_IMAGE: 'why',
      SCAN_ELIGIBILITY_EXPIRED: 'why',
      FINDINGS_UNAVAILABLE: 'why',
      LIMIT_EXCEEDED: 'why',
      IMAGE_ARCHIVED: 'why',
    });
  });

  it('waits for a scan that has not begun, and for the first findings of one that never ends', () => {
    expect(scanStateOf(undefined)).toEqual({ waiting: 'not started yet' });
    expect(kindOf('ACTIVE', false)).toBe('waiting');
  });

  it('gives the reason in the words of AWS', () => {
    expect(scanStateOf(answer('FAILED', false))).toEqual({ why: 'the scan ended with FAILED: as it is' });
    expect(scanStateOf(answer('UNSUPPORTED_IMAGE', false))).toEqual({
      why: 'ECR cannot scan an image of this kind (UNSUPPORTED_IMAGE: as it is); set scan-severity to none',
    });
  });
});
