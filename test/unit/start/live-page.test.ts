import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type LivePage, startLivePage } from '../../local/tour/live-page';

let artifacts: string;
let live: LivePage;
beforeEach(async () => {
  artifacts = mkdtempSync(join(tmpdir(), 'live-test-'));
  const counts = { versions: new Map(Object.entries({ 'Las Vegas': 3, 'New York': 1 })), failed: 1, lost: 2 };
  live = await startLivePage({
    project: join(__dirname, '../../..'),
    application: 'http://127.0.0.1:1/',
    artifacts,
    read: () => ({
      title: 'New York was rolled back',
      failure: 'an alarm',
      windows: () => [{ asked: 10, green: 'New York', counts }],
      history: { slices: [{ at: 250, blue: 60, green: 20, failed: 20 }], moments: [{ at: 9, text: 'x', bad: true }] },
    }),
  });
});
afterEach(async () => {
  await live.close();
  rmSync(artifacts, { recursive: true });
});

const get = (path: string) => fetch(new URL(path, live.address));

describe('startLivePage', () => {
  it('serves a page with the service in it, and nothing that it does not know', async () => {
    expect(await (await get('/')).text()).toContain('src="http://127.0.0.1:1/"');
    expect(await (await get('/live-chart.js')).text()).toMatch(
      /EventSource.*show\(\{"title":"New York was rolled back"/s,
    );
    expect((await get('/other')).status).toBe(404);
    expect((await get('/report/%2e%2e%2f%')).status).toBe(404);
  });

  it('tells what happens as events, and serves the reports that are there by then', async () => {
    mkdirSync(join(artifacts, 'New York', 'Report'), { recursive: true });
    writeFileSync(join(artifacts, 'New York', 'Report', 'deployment-report-d-1.html'), '<p>done</p>');
    const { value } = await (await get('/events')).body!.getReader().read();
    expect(JSON.parse(Buffer.from(value!).toString().replace('data: ', ''))).toEqual({
      title: 'New York was rolled back',
      failure: 'an alarm',
      rows: [{ asked: 10, measured: 40, answers: { 'Las Vegas': 3, 'New York': 1 }, failed: 1, lost: 2 }],
      slices: [{ at: 250, blue: 60, green: 20, failed: 20 }],
      moments: [{ at: 9, text: 'x', bad: true }],
      reports: [{ name: 'New York', path: '/report/New%20York' }],
    });
    expect(await (await get('/report/New%20York')).text()).toBe('<p>done</p>');
  });
});
