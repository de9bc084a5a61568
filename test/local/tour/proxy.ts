import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refuseForeign } from '../aws/local-only';
import type { Target } from './choose-target';

export interface TrafficProxy {
  readonly address: string;
  close(): Promise<void>;
}

/** An HTTP proxy on loopback that asks at each request where to send it, as a load balancer's listener does. */
export async function startProxy(choose: () => Target | undefined): Promise<TrafficProxy> {
  const agent = new Agent({ keepAlive: false });
  const server = createServer((incoming, outgoing) => {
    if (refuseForeign(incoming, outgoing)) return;
    const target = choose();
    if (!target) return answer(outgoing, 503, 'no target is registered');
    forward(incoming, outgoing, { agent, target });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        agent.destroy();
      }),
  };
}

function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { agent, target }: { readonly agent: Agent; readonly target: Target },
): void {
  const { method, url, headers } = incoming;
  const { host, port } = target;
  const passed = request({ agent, host, port, path: url, method, headers: { ...headers, connection: 'close' } });
  passed.once('response', (response) => {
    outgoing.writeHead(response.statusCode ?? 502, { ...response.headers, connection: 'keep-alive' });
    response.pipe(outgoing);
    // A task that dies in the middle of an answer must not look like one that finished it.
    response.once('error', () => outgoing.destroy());
  });
  passed.once('error', (error) => answer(outgoing, 502, error.message));
  incoming.pipe(passed);
}

function answer(outgoing: ServerResponse, status: number, why: string): void {
  if (outgoing.headersSent) outgoing.destroy();
  else outgoing.writeHead(status, { 'content-type': 'text/plain' }).end(`${status}: ${why}\n`);
}
