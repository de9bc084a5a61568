import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { isMutating, type RecordedCall } from '../calls';
import type { SimulationClock } from '../clock';
import { applyFault, deniedWords, type FaultAnswers, type Faults } from '../faults';
import type { CallMoments } from '../moments';
import { answerRefusal, type RegistryAnswer, RegistryRefusal } from './answer';
import { operationOf, type Resource } from './resource';

export interface RegistryBackend {
  readonly clock: SimulationClock;
  readonly faults: Faults;
  readonly moments: CallMoments;
  readonly account: string;
  record(call: RecordedCall): void;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly resource: Resource | undefined;
}

/** Answers one request of the registry, as its faults allow, and records it. */
export async function serve(
  backend: RegistryBackend,
  exchange: Exchange,
  run: () => Promise<RegistryAnswer>,
): Promise<void> {
  const { request, response, resource } = exchange;
  const operation = resource ? operationOf(request.method ?? 'GET', resource) : `${request.method} unknown`;
  const call = `registry:${operation}`;
  backend.moments.hear(call, 'arrives');
  const answer = await applyFault(backend.faults.take({ call }), faultAnswers(backend.account, call), async () => {
    const own = await run();
    if (own.status < 400) backend.moments.hear(call, 'took effect');
    return own;
  });
  const { kind: _, ...input } = resource ?? { kind: undefined };
  backend.record({
    service: 'registry',
    operation,
    input,
    mutating: isMutating(operation),
    at: backend.clock.now(),
    outcome: describeOutcome(answer),
  });
  if (answer === 'hung') return;
  if (answer === 'dropped') request.socket.destroy();
  else await send(answer, response);
}

const faultAnswers = (account: string, call: string): FaultAnswers<RegistryAnswer> => ({
  throttle: () => answerRefusal(new RegistryRefusal(429, 'TOOMANYREQUESTS', 'Rate exceeded')),
  refuse: () => answerRefusal(new RegistryRefusal(403, 'DENIED', deniedWords(account, call))),
  error: (code, message, status) => answerRefusal(new RegistryRefusal(status, code, message)),
  status: (status, body) => ({ status, headers: { 'content-type': 'text/html' }, body: Buffer.from(body) }),
  wrongDigest: withWrongDigest,
});

function withWrongDigest(answer: RegistryAnswer): RegistryAnswer {
  const digest = `sha256:${createHash('sha256').update('something else').digest('hex')}`;
  return { ...answer, headers: { ...answer.headers, 'docker-content-digest': digest } };
}

async function send({ status, headers, body }: RegistryAnswer, response: ServerResponse): Promise<void> {
  const own = { 'docker-distribution-api-version': 'registry/2.0', ...headers };
  if (body && !Buffer.isBuffer(body)) {
    response.writeHead(status, own);
    // A client that has seen enough may leave before the end.
    await pipeline(body, response).catch(() => response.destroy());
    return;
  }
  const length = headers['content-length'] ?? String(body?.length ?? 0);
  response.writeHead(status, { ...own, ...(status === 204 ? {} : { 'content-length': length }) }).end(body);
}

function describeOutcome(answer: RegistryAnswer | 'dropped' | 'hung'): string {
  if (typeof answer === 'string') return answer;
  return answer.code ?? (answer.status < 400 ? 'ok' : `status ${answer.status}`);
}
