import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { refuseForeign } from '../aws/local-only';
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

export interface LivePageOptions {
  /** The folder of this project. */
  readonly project: string;
  /** The address of the page of the service. */
  readonly application: string;
  /** The folder of the artifacts; their reports are served as `/report/<version>`. */
  readonly artifacts: string;
  readonly read: () => LiveState;
}

/** Milliseconds between two pictures. */
const every = 400;

/** A page on loopback that shows the traffic as it moves, beside the service itself and the reports of its deployments. */
export async function startLivePage(options: LivePageOptions): Promise<LivePage> {
  const file = join(options.project, 'test/local/tour/live-page.html');
  const page = readFileSync(file, 'utf8').replace('APPLICATION', options.application);
  const timers = new Set<NodeJS.Timeout>();
  const server = createServer((request, response) => {
    if (refuseForeign(request, response)) return;
    const path = request.url ?? '/';
    if (path === '/events') return sendEvents(response, options, timers);
    const text =
      path === '/'
        ? page
        : reportsIn(options.artifacts)
            .find((report) => report.path === path)
            ?.read();
    response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(text ?? 'not found');
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      for (const timer of timers) clearInterval(timer);
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The reports that the deployments have left so far. */
function reportsIn(artifacts: string) {
  const versions = existsSync(artifacts) ? readdirSync(artifacts) : [];
  return versions.flatMap((version) => {
    const folder = join(artifacts, version, 'Report');
    const [file] = existsSync(folder) ? readdirSync(folder) : [];
    return file
      ? [
          {
            version,
            path: `/report/${encodeURIComponent(version)}`,
            read: () => readFileSync(join(folder, file), 'utf8'),
          },
        ]
      : [];
  });
}

function sendEvents(response: ServerResponse, { read, artifacts }: LivePageOptions, timers: Set<NodeJS.Timeout>): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const send = () => void response.write(`data: ${JSON.stringify(pictureOf(read(), artifacts))}\n\n`);
  send();
  const timer = setInterval(send, every);
  timers.add(timer);
  response.once('close', () => {
    clearInterval(timer);
    timers.delete(timer);
  });
}

/** The state as the page's script reads it. */
function pictureOf({ title, windows }: LiveState, artifacts: string) {
  const rows = windows.map((window) => ({
    asked: window.asked,
    measured: measured(window),
    answers: Object.fromEntries(window.counts.versions),
    lost: window.counts.lost,
  }));
  return { title, rows, reports: reportsIn(artifacts).map(({ version, path }) => ({ version, path })) };
}
