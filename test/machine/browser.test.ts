import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { startLivePage } from '../local/tour/live-page';

const chromium = process.env['CHROMIUM'] ?? 'chromium';
const isThere = spawnSync(chromium, ['--version']).status === 0;
if (!isThere) console.warn('LEFT OUT: the live page in a browser, as there is no Chromium');

(isThere ? describe : describe.skip)('the live page in a real browser', () => {
  it('draws the traffic of both colours, the events and the failure', async () => {
    const counts = { versions: new Map([['Las Vegas', 9]]), failed: 1, lost: 0 };
    const live = await startLivePage({
      project: join(__dirname, '../..'),
      application: 'about:blank',
      artifacts: '/nowhere',
      read: () => ({
        title: 'New York was rolled back',
        failure: 'an alarm went off',
        windows: () => [{ asked: 10, green: 'New York', counts }],
        history: {
          slices: [{ at: 250, blue: 90, green: 0, failed: 10 }],
          moments: [{ at: 200, text: 'AllowTraffic', bad: false }],
        },
      }),
    });
    try {
      const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--timeout=4000', '--dump-dom'];
      const { stdout } = await promisify(execFile)(chromium, [...flags, live.address], { timeout: 50_000 });
      expect(stdout).toMatch(/<h1 [^>]*>New York was rolled back<\/h1>/);
      expect(stdout).toMatch(/<p [^>]*id="failure">an alarm went off<\/p>/);
      for (const colour of ['blue', 'green', 'red']) expect(stdout).toMatch(new RegExp(`<rect [^>]*--${colour}`));
      expect(stdout).toMatch(/<text [^>]*>AllowTraffic<\/text>/);
    } finally {
      await live.close();
    }
  });
});
