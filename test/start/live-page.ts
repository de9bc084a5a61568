import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { measured, type TrafficWindow } from './traffic-line';

/** What the page shows. */
export interface LiveState {
  readonly title: string;
  readonly windows: readonly TrafficWindow[];
}

export interface LivePage {
  readonly address: string;
  close(): Promise<void>;
}

/** Milliseconds between two pictures. */
const every = 400;

/** A page on loopback that shows the traffic as it moves, beside the application itself. */
export async function startLivePage(project: string, application: string, read: () => LiveState): Promise<LivePage> {
  const page = readFileSync(join(project, 'test/start/live-page.html'), 'utf8').replace('APPLICATION', application);
  const timers = new Set<NodeJS.Timeout>();
  const server = createServer((request, response) => {
    if (request.url === '/events') return sendEvents(response, read, timers);
    const found = request.url === '/';
    response
      .writeHead(found ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' })
      .end(found ? page : 'not found');
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      for (const timer of timers) clearInterval(timer);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function sendEvents(response: ServerResponse, read: () => LiveState, timers: Set<NodeJS.Timeout>): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const send = () => void response.write(`data: ${JSON.stringify(pictureOf(read()))}\n\n`);
  send();
  const timer = setInterval(send, every);
  timers.add(timer);
  response.once('close', () => {
    clearInterval(timer);
    timers.delete(timer);
  });
}

/** The state as the page's script reads it. */
function pictureOf({ title, windows }: LiveState) {
  const rows = windows.map((window) => ({
    asked: window.asked,
    measured: measured(window),
    answers: Object.fromEntries(window.counts.versions),
    lost: window.counts.lost,
  }));
  return { title, green: windows.at(-1)?.green, rows };
}
