import type { ServerResponse } from 'node:http';
import type { RecordedCall } from './calls';
import type { SimulationClock } from './clock';
import type { Fault, Faults } from './faults';
import { type HttpPart, readBody } from './server';

export interface Controlled {
  readonly clock: SimulationClock;
  readonly faults: Faults;
  readonly calls: readonly RecordedCall[];
}

/** The interface by which other processes drive the time and set faults: everything below /_control. */
export const createControl =
  (controlled: Controlled): HttpPart =>
  async (request, response, url) => {
    if (!url.pathname.startsWith('/_control/')) return false;
    const action = `${request.method} ${url.pathname.slice('/_control/'.length)}`;
    const body = (await readBody(request)).toString('utf8');
    await perform(controlled, action, read(body), response);
    return true;
  };

/** No JSON is as nothing: the action says what it needs. */
function read(body: string): unknown {
  try {
    return body === '' ? {} : JSON.parse(body);
  } catch {
    return {};
  }
}

async function perform({ clock, faults, calls }: Controlled, action: string, body: unknown, response: ServerResponse) {
  switch (action) {
    case 'POST advance': {
      const { ms } = body as { ms?: unknown };
      if (typeof ms !== 'number' || !(ms >= 0))
        return send(response, 400, { problem: 'ms must be a number, 0 or more' });
      await clock.advance(ms);
      return send(response, 200, { now: clock.now() });
    }
    case 'GET now':
      return send(response, 200, { now: clock.now() });
    case 'POST fault':
      faults.add(body as Fault);
      return send(response, 200, {});
    case 'GET calls':
      return send(response, 200, { calls });
    default:
      return send(response, 404, { problem: `no ${action}` });
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
