import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { refuseForeign } from '../aws/local-only';
import type { History } from './history';
import { reportsIn } from './reports';
import { measured, type TrafficWindow } from './traffic-line';

/** What the page shows of a deployment. */
export interface LiveDeployment {
  readonly title: string;
  readonly windows: () => readonly TrafficWindow[];
  readonly history: History;
  /** Why it failed, once it has. */
  readonly failure?: string;
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
  /** The folder of the artifacts; their reports are served as `/report/<act>`. */
  readonly artifacts: string;
  readonly read: () => LiveDeployment;
}

/** Milliseconds between two updates. */
const every = 400;

/** A page on loopback that shows the traffic as it moves, beside the service itself and the reports of its deployments. */
export async function startLivePage(options: LivePageOptions): Promise<LivePage> {
  const file = (name: string) => readFileSync(join(options.project, 'test/local/tour', name), 'utf8');
  const page = file('live-page.html').replace('APPLICATION', options.application);
  const script = file('live-chart.js');
  const timers = new Set<NodeJS.Timeout>();
  const server = createServer((request, response) => {
    if (refuseForeign(request, response)) return;
    const path = request.url ?? '/';
    if (path === '/events') return sendEvents(response, options, timers);
    // The current state is drawn at once, before the first event arrives.
    if (path === '/live-chart.js') {
      return send(
        response,
        'text/javascript',
        `${script}\nshow(${JSON.stringify(pictureOf(options.read(), options.artifacts))});\n`,
      );
    }
    const report = reportsIn(options.artifacts).find(({ name }) => pathOf(name) === path);
    return send(response, 'text/html', path === '/' ? page : report?.read());
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

function send(response: ServerResponse, type: string, text: string | undefined): void {
  response.writeHead(text === undefined ? 404 : 200, { 'content-type': `${type}; charset=utf-8` });
  response.end(text ?? 'not found');
}

const pathOf = (name: string) => `/report/${encodeURIComponent(name)}`;

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
function pictureOf({ title, failure, windows, history }: LiveDeployment, artifacts: string) {
  const rows = windows().map((window) => ({
    asked: window.asked,
    measured: measured(window),
    answers: Object.fromEntries(window.counts.versions),
    failed: window.counts.failed,
    lost: window.counts.lost,
  }));
  const reports = reportsIn(artifacts).map(({ name }) => ({ name, path: pathOf(name) }));
  return { title, failure, rows, ...history, reports };
}
