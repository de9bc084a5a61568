/**
 * Makes the pictures of the README from a real run of the tour, with Chromium: the live page and the report of the bad
 * version, light and dark. Usage: `npm run pictures`; CHROMIUM names another program.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const folder = join(project, 'docs/pictures');
/** Bytes of a picture; a README loads all of them. */
const largest = 150_000;

const schemes = { dark: 0, light: 1 } as const;

/** Takes a picture of a page in both colour schemes. */
function takePictures(name: string, address: string, size: string): void {
  for (const [scheme, setting] of Object.entries(schemes)) {
    const file = join(folder, `${name}-${scheme}.png`);
    const { status, stderr } = spawnSync(
      process.env['CHROMIUM'] ?? 'chromium',
      [
        ...['--headless=new', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--disable-lcd-text'],
        `--blink-settings=preferredColorScheme=${setting}`,
        ...['--timeout=4000', `--window-size=${size}`, `--screenshot=${file}`, address],
      ],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`cannot take a picture of ${address}: ${stderr}; install Chromium`);
    if (statSync(file).size > largest) throw new Error(`${file} has more than ${largest} bytes`);
    process.stdout.write(`${file}\n`);
  }
}

const kept = mkdtempSync(join(tmpdir(), 'ecs-pictures-'));
mkdirSync(folder, { recursive: true });
const tour = spawn(
  process.execPath,
  ['--import', 'tsx', join(project, 'test/local/tour/main.ts'), '--processes', '--stay', '--output', kept],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
let out = '';
tour.stdout.setEncoding('utf8').on('data', (text: string) => {
  process.stdout.write(text);
  out += text;
  const [, live] = /^Look at \S+, and at (\S+) /m.exec(out) ?? [];
  if (!live) return;
  out = '';
  try {
    const { traffic } = JSON.parse(readFileSync(join(kept, '3-bad-version.json'), 'utf8'));
    // On a busy machine, the canary may be over before the action reads it.
    if (!traffic.some(({ green }: { green: number }) => green === 10))
      throw new Error('no read saw the canary; try again');
    takePictures('live', live, '1040,815');
    takePictures('report', pathToFileURL(join(kept, '3-bad-version.html')).href, '900,1120');
  } finally {
    tour.kill('SIGINT');
  }
});
tour.once('close', () => rmSync(kept, { recursive: true }));
