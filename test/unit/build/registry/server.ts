import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RegistryClient, type RegistryOptions } from '../../../../actions/build-and-push/src/registry/client';
import { SimulationClock } from '../../../local/aws/clock';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** How a scripted server answers: a status with headers and a body, or something of its own. */
export type Answer =
  | { status: number; headers?: Record<string, string>; body?: string | Buffer }
  | ((response: ServerResponse) => void);

/** Cuts the connection instead of an answer. */
export const drop: Answer = (response) => response.destroy();

/** A server on loopback that answers as the script says, and notes what it was asked. */
export async function serve(script: (request: Seen) => Answer) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const one = { method, path, headers, body: Buffer.concat(chunks) };
      seen.push(one);
      const answer = script(one);
      if (typeof answer === 'function') return answer(response);
      response.writeHead(answer.status, answer.headers).end(method === 'HEAD' ? undefined : answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { seen, base, close };
}

/** A client on a clock that sleeps take no time on. */
export function clientOf(base: URL, options: Partial<RegistryOptions> = {}) {
  const clock = new SimulationClock();
  const log: string[] = [];
  const effects = { clock, log: { info: (text: string) => log.push(text) }, signal: new AbortController().signal };
  return { client: new RegistryClient({ base, ...effects, ...options }), clock, log };
}
