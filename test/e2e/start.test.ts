import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { samplesOf } from '../support/doc-output';

const project = join(__dirname, '../..');

/** Everything that a run makes has to be in here, and gone at its end. */
let temp: string;
beforeAll(() => {
  temp = mkdtempSync(join(tmpdir(), 'start-test-'));
});
afterAll(() => rmSync(temp, { recursive: true }));

/** Runs a program to its end. `see` is told of all that it has printed so far. */
async function run(program: string, args: readonly string[], see: (out: string, pid: number) => void = () => {}) {
  const env = { PATH: process.env['PATH'], HOME: temp, TMPDIR: temp, npm_config_update_notifier: 'false' };
  const child = spawn(program, args, { cwd: project, env });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      out += text;
      see(out, child.pid!);
    });
  }
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, out };
}

function expectNothingLeft(kept: string): void {
  // The loader of TypeScript and npm keep caches of their own.
  const left = readdirSync(temp).filter((name) => !/^(tsx-.*|\.npm|node-compile-cache)$/.test(name));
  expect(left.map((name) => join(temp, name))).toEqual([kept]);
  expect(foldersOfProcesses().filter((folder) => folder.startsWith(temp))).toEqual([]);
}

describe('npm start', () => {
  let status: number | null;
  let out: string;
  let kept: string;
  beforeAll(async () => {
    ({ status, out } = await run('npm', ['start', '--silent']));
    kept = /^Kept: (\S+), begin with file:\/\/\S+\/index\.html$/m.exec(out)?.[1] ?? '';
  }, 180_000);
  afterAll(() => rmSync(kept, { recursive: true }));

  it('ends on its own with exit status 0 where there is no terminal', () => {
    expect({ status, end: out.slice(-2_000) }).toMatchObject({ status: 0 });
  });

  it('pushes an image for each version and deploys it by digest', () => {
    const images = [
      ...out.matchAll(/→ IMAGE = (127\.0\.0\.1:\d+\/codecatalyst-ecs-image-repo@sha256:[0-9a-f]{64})$/gm),
    ];
    expect(new Set(images.map(([, image]) => image)).size).toBe(3);
    for (const [, image] of images) {
      expect(out).toContain(`image: "$REPOSITORY_URI:$IMAGE_TAG" → "${image}"`);
      expect(out).toMatch(
        new RegExp(
          `^(Las Vegas: exit status 0|New York: exit status 0|Atlantis: exit status 3, as expected: an alarm went off: .*EcsService-5xx.*), ${image}$`,
          'm',
        ),
      );
    }
  });

  it('moves the traffic at several weights to all, and the answers divide as the weights say', () => {
    const lines = trafficLines(out);
    expect(lines.map(({ asked }) => asked)).toEqual([
      ...[0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100],
      ...[0, 10, 100],
      ...[0, 10, 0],
    ]);
    // On a machine that is busy with other things, a weight may last too short for many answers.
    const answered = lines.filter(({ answers }) => answers >= 10);
    expect(new Set(answered.map(({ asked }) => asked)).size).toBeGreaterThanOrEqual(5);
    for (const { asked, measured, answers } of answered) {
      // Two answers may have been on their way when the weights moved.
      expect(Math.abs(measured - asked)).toBeLessThanOrEqual(1 + 200 / answers);
    }
  });

  it('catches the bad version in its canary, rolls it back and explains it', () => {
    const [atlantis = ''] = /^3 of 3 {2}Atlantis.*?^✗ .*?$/ms.exec(out) ?? [];
    expect(atlantis).toMatch(
      /^traffic │ alarm EcsService-5xx: ALARM, \d+ of the answers within a minute had status 500$/m,
    );
    expect(atlantis).toMatch(/│ Log of a new task:\n(?:.*serving on port \d+\n)?.*GET \/: TypeError: .*undefined/);
    expect(atlantis).toMatch(/Error: cannot deploy .* was rolled back by d-\w+: an alarm went off: .*EcsService-5xx/);
  });

  it('loses no request, and none but the share of the canary fails', () => {
    const answers =
      /^Requests: First version \d+, Las Vegas \d+, New York \d+, status 500 (\d+); lost: 0\. Time: \d+ s\.$/m;
    expect(Number(answers.exec(out)?.[1])).toBeGreaterThan(0);
  });

  it('prints what the README shows', () => {
    const printed = out.split('\n');
    const [sample] = samplesOf('README.md');
    const shown = sample!.text.split('\n').filter((line) => line !== '' && line !== '…');
    expect(shown.length).toBeGreaterThan(15);
    expect(shown.filter((line) => !printed.some((one) => patternOf(line).test(one)))).toEqual([]);
  });

  it('keeps the reports, the log and a page that leads to them', () => {
    const files = readdirSync(kept);
    expect(files).toEqual(expect.arrayContaining(['index.html', 'log.txt']));
    const pages = ['1-blue-green.html', '2-canary.html', '3-bad-version.html'];
    for (const page of pages) {
      expect(readFileSync(join(kept, page), 'utf8')).toContain('</html>');
      expect(readFileSync(join(kept, 'index.html'), 'utf8')).toContain(`href="${page}"`);
    }
    expect(readFileSync(join(kept, 'log.txt'), 'utf8')).toContain('DeploytoAmazonECS │ Log of a new task:');
  });

  it('says what the exit statuses mean and what to do next', () => {
    expect(out).toMatch(/^ {2}3 {2}the deployment was rolled back$/m);
    for (const [, file] of out.split('What to do next:')[1]!.matchAll(/^ {2}(\S+\.md) /gm)) {
      expect(existsSync(join(project, file!))).toBe(true);
    }
  });

  it('leaves no other folder and no process behind', () => expectNothingLeft(kept));
});

describe('npm start, interrupted in the middle of a deployment', () => {
  it('ends with 130 and leaves nothing behind', async () => {
    let asked = false;
    const { status, out } = await run(process.execPath, ['--import', 'tsx', 'test/local/tour/main.ts'], (seen, pid) => {
      if (asked || !seen.includes('Watching d-')) return;
      asked = true;
      process.kill(pid, 'SIGINT');
    });
    expect(out).toContain('✗ DeploytoAmazonECS, exit status 130: interrupted by SIGINT');
    expect(out).not.toContain('New York');
    expect(status).toBe(130);
    const kept = /^Kept: (\S+), /m.exec(out)?.[1] ?? '';
    expect(readFileSync(join(kept, 'log.txt'), 'utf8')).toContain('interrupted by SIGINT');
    expectNothingLeft(kept);
  });
});

/** What fits a line of a sample: names are shortened in it, and numbers, ids and the width of columns are those of another run. */
function patternOf(line: string): RegExp {
  const names = { Build: 'Build_application', Render: 'RenderAmazonECStaskdefinition', Deploy: 'DeploytoAmazonECS' };
  const full = line.replace(/^(Build|Render|Deploy)(?= │)/, (name) => names[name as keyof typeof names]);
  const pattern = full
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\b(?:[0-9a-f]{12}…|d-[0-9A-Z]+\b)/g, '[\\w-]+')
    .replace(/[░█]+/g, '[░█]+')
    .replace(/…/g, '.*')
    .replace(/\d+/g, '\\d+')
    .replace(/ +/g, ' +');
  return new RegExp(`^${pattern}$`);
}

/** The lines about the traffic, in numbers. */
function trafficLines(out: string) {
  const lines = out.matchAll(/^traffic │ .* weight +(\d+) % +measured +(\d+ %|no answer) +(.*)$/gm);
  return [...lines].map(([, asked, measured, answers]) => ({
    asked: Number(asked),
    measured: Number.parseInt(measured!, 10),
    answers: [...answers!.matchAll(/ (\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0),
  }));
}

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
