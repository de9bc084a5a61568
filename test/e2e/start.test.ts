import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const project = join(__dirname, '../..');

/** Everything that the run makes has to be in here, and gone at its end. */
let temp: string;
let out = '';
let status: number | null;

beforeAll(async () => {
  temp = mkdtempSync(join(tmpdir(), 'start-test-'));
  const env = { PATH: process.env['PATH'], HOME: temp, TMPDIR: temp, npm_config_update_notifier: 'false' };
  const run = spawn('npm', ['start', '--silent'], { cwd: project, env });
  for (const stream of [run.stdout, run.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      out += text;
    });
  }
  status = await new Promise((resolve) => run.once('close', resolve));
}, 120_000);
afterAll(() => rmSync(temp, { recursive: true }));

/** The lines about the traffic, in numbers. */
const trafficLines = () =>
  [...out.matchAll(/^traffic │ .* weight +(\d+) % +measured +(\d+) % +(.*)$/gm)].map(
    ([, asked, measured, answers]) => ({
      asked: Number(asked),
      measured: Number(measured),
      answers: [...answers!.matchAll(/ (\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0),
    }),
  );

describe('npm start', () => {
  it('ends by itself with exit status 0 where there is no terminal', () => {
    expect({ status, end: out.slice(-2_000) }).toMatchObject({ status: 0 });
  });

  it('pushes an image for each version and deploys it by digest', () => {
    const images = [
      ...out.matchAll(/→ IMAGE = (127\.0\.0\.1:\d+\/codecatalyst-ecs-image-repo@sha256:[0-9a-f]{64})$/gm),
    ];
    expect(new Set(images.map(([, image]) => image)).size).toBe(2);
    for (const [, image] of images) {
      expect(out).toContain(`image: "$REPOSITORY_URI:$IMAGE_TAG" → "${image}"`);
      expect(out).toMatch(new RegExp(`^(Las Vegas|New York): exit status 0, ${image}$`, 'm'));
    }
  });

  it('moves the traffic at several weights to all, and the answers divide as the weights say', () => {
    const lines = trafficLines();
    expect(lines.map(({ asked }) => asked)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 0, 10, 100]);
    for (const { asked, measured, answers } of lines) {
      // Two answers may have been on their way when the weights moved.
      expect(Math.abs(measured - asked)).toBeLessThanOrEqual(1 + 200 / answers);
    }
  });

  it('loses no request', () => {
    expect(out).toMatch(/^Requests: First version \d+, Las Vegas \d+, New York \d+; lost: 0\. Time: \d+ s\.$/m);
  });

  it('leaves no folder and no process behind', () => {
    // The loader of TypeScript and npm keep caches of their own.
    expect(readdirSync(temp).filter((name) => !/^(tsx-|\.npm$|node-compile-cache$)/.test(name))).toEqual([]);
    expect(foldersOfProcesses().filter((folder) => folder.startsWith(temp))).toEqual([]);
  });
});

/** The working folders of all processes that can be seen; none where the machine has no /proc. */
function foldersOfProcesses(): string[] {
  const pids = existsSync('/proc/self/cwd') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return pids.flatMap((pid) => {
    try {
      return [readlinkSync(`/proc/${pid}/cwd`)];
    } catch {
      // It has ended meanwhile, or is somebody else's.
      return [];
    }
  });
}
