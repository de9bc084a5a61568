import { describe, expect, it } from '@jest/globals';
import { awaitScan, type ScanEnd } from '../../../../../actions/build-and-push/src/ecr/scan/await-scan';
import { countFrom } from '../../../../../actions/build-and-push/src/ecr/scan/findings';
import { SimulationClock } from '../../../../local/aws/clock';
import { type EcrAnswer, ecrClient } from '../../ecr-client';

const seconds = 1000;
const signal = new AbortController().signal;
const place = { registryId: '111122223333', repositoryName: 'app' };

/** Waits on a driven clock; ECR answers by the time that went by and by the page that is asked for. */
async function scanned(answer: (elapsed: number, page: string | undefined) => EcrAnswer) {
  const clock = new SimulationClock();
  const [began, log]: [number, string[]] = [clock.now(), []];
  const ecr = await ecrClient((input) => answer(clock.now() - began, input['nextToken'] as string | undefined));
  const end = await awaitScan(ecr, place, 'sha256:1', { clock, log: { info: (text) => log.push(text) }, signal });
  return { end, log, took: clock.now() - began };
}

const none = { refuse: 'ScanNotFoundException' };
const running = { imageScanStatus: { status: 'IN_PROGRESS' } };
const page = (names: readonly string[], nextToken?: string, counts?: object) => ({
  registryId: '111122223333',
  imageScanStatus: { status: 'COMPLETE' },
  imageScanFindings: {
    findings: names.map((name) => ({ name, severity: name.split('-')[0] })),
    ...(counts && { findingSeverityCounts: counts }),
  },
  ...(nextToken && { nextToken }),
});
const namesOf = (end: ScanEnd) => ('findings' in end ? end.findings.map(({ name }) => name) : end.why);

describe('a scan that begins late', () => {
  it('is waited for', async () => {
    const { end, log, took } = await scanned((elapsed) =>
      elapsed < 50 * seconds ? none : elapsed < 90 * seconds ? running : page(['HIGH-1']),
    );
    expect(namesOf(end)).toEqual(['HIGH-1']);
    expect(log).toEqual(['scan: not started yet', 'scan: IN_PROGRESS']);
    expect(took).toBe(90 * seconds);
  });

  it('is given up after a minute', async () => {
    const { end, took } = await scanned(() => none);
    expect(end).toEqual({ why: expect.stringContaining('ECR does not scan it; turn on scan on push') });
    expect(took).toBe(60 * seconds);
  });

  it('may take a quarter of an hour once it has begun', async () => {
    const { end, took } = await scanned(() => running);
    expect(end).toEqual({ why: 'it did not end within 15 minutes (IN_PROGRESS); run again later' });
    expect(took).toBe(15 * 60 * seconds);
  });
});

describe('findings on several pages', () => {
  const pages: Readonly<Record<string, object>> = {
    first: page(['LOW-1'], 'second'),
    second: page(['CRITICAL-2', 'HIGH-3'], 'third'),
    third: page(['HIGH-4']),
  };

  it('are all read, and counted where ECR does not count them', async () => {
    const { end } = await scanned((_, token = 'first') => pages[token]!);
    expect(namesOf(end)).toEqual(['LOW-1', 'CRITICAL-2', 'HIGH-3', 'HIGH-4']);
    expect(end).toMatchObject({ account: '111122223333', counts: { LOW: 1, CRITICAL: 1, HIGH: 2 } });
    expect('counts' in end && countFrom(end, 'high')).toBe(3);
  });

  it('are counted by ECR where it does', async () => {
    const counts = { HIGH: 1200 };
    const { end } = await scanned((_, token) => (token ? page(['HIGH-2']) : page(['HIGH-1'], 'second', counts)));
    expect(namesOf(end)).toEqual(['HIGH-1', 'HIGH-2']);
    expect(end).toMatchObject({ counts });
  });
});
