import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { refuseForeign } from './local-only';
import { type Backend, dispatch } from './protocol/dispatch';
import type { WireRequest } from './wire';

/** Answers requests below a path; false for any other path. */
export type HttpPart = (request: http.IncomingMessage, response: http.ServerResponse, url: URL) => Promise<boolean>;

/** Starts a server on loopback; the parts are asked in order, the AWS protocols take what is left. `names` lead to it too. */
export function startServer(
  backend: Backend,
  parts: readonly HttpPart[],
  port: number,
  names: readonly string[] = [],
): Promise<RunningServer> {
  const server = http.createServer((request, response) => {
    if (refuseForeign(request, response, names)) return;
    answer(backend, parts, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else if (error instanceof TooLarge) response.writeHead(413, { connection: 'close' }).end('too large\n');
      else
        response
          .writeHead(500, { 'content-type': 'text/plain' })
          .end(`the embedded AWS failed: ${(error as Error).stack}`);
    });
  });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(running(server)));
  });
}

export interface RunningServer {
  readonly port: number;
  /** Ends all connections and stops listening. */
  close(): Promise<void>;
}

function running(server: http.Server): RunningServer {
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port: (server.address() as AddressInfo).port, close };
}

async function answer(
  backend: Backend,
  parts: readonly HttpPart[],
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  for (const part of parts) if (await part(request, response, url)) return;
  await answerAws(backend, request, response, url);
}

async function answerAws(backend: Backend, request: http.IncomingMessage, response: http.ServerResponse, url: URL) {
  const { outcome } = await dispatch(backend, await toWire(request, url));
  if (outcome === 'hung') return;
  if (outcome === 'dropped') {
    request.socket.destroy();
    return;
  }
  const headers = { ...outcome.headers, ...dateOf(request), 'content-length': Buffer.byteLength(outcome.body) };
  response.writeHead(outcome.status, headers).end(outcome.body);
}

/**
 * The caller's own time: a caller may live in the driven time or in the real one, and with a date of the other the SDK
 * would take its clock for wrong and send every refused request again.
 */
function dateOf({ headers }: http.IncomingMessage): { date?: string } {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(headers['x-amz-date'])) ?? [];
  const [year, month, day, hour, minute, second] = parts.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return parts.length === 0
    ? {}
    : { date: new Date(Date.UTC(year, month - 1, day, hour, minute, second)).toUTCString() };
}

async function toWire(request: http.IncomingMessage, url: URL): Promise<WireRequest> {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(headers),
    body: (await readBody(request)).toString('utf8'),
  };
}

/** Requests of AWS have less than 1 MiB, and manifests of registries up to 4 MiB. */
const largestBody = 8 * 1024 * 1024;

class TooLarge extends Error {}

/** The whole body, for the small requests of the AWS protocols and manifests. */
export async function readBody(request: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length > largestBody) throw new TooLarge();
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
