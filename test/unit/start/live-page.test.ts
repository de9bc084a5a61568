import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startLivePage } from '../../start/live-page';

describe('startLivePage', () => {
  it('serves a page with the application in it, and what happens as events', async () => {
    const counts = {
      versions: new Map([
        ['Las Vegas', 3],
        ['New York', 1],
      ]),
      lost: 2,
    };
    const state = { title: 'New York is coming', windows: [{ asked: 10, green: 'New York', counts }] };
    const live = await startLivePage(join(__dirname, '../../..'), 'http://127.0.0.1:1/', () => state);
    expect(await (await fetch(live.address)).text()).toContain('src="http://127.0.0.1:1/"');
    expect((await fetch(`${live.address}other`)).status).toBe(404);
    const events = await fetch(`${live.address}events`);
    const { value } = await events.body!.getReader().read();
    expect(JSON.parse(Buffer.from(value!).toString().replace('data: ', ''))).toEqual({
      title: 'New York is coming',
      green: 'New York',
      rows: [{ asked: 10, measured: 25, answers: { 'Las Vegas': 3, 'New York': 1 }, lost: 2 }],
    });
    await live.close();
  });
});
