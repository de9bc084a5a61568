import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { isMutating, type RecordedCall } from '../calls';
import type { SimulationClock } from '../clock';
import type { FaultEffect, Faults } from '../faults';
import { answerRefusal, type RegistryAnswer, RegistryRefusal } from './answer';
import { operationOf, type Resource } from './resource';

export interface RegistryBackend {
  readonly clock: SimulationClock;
  readonly faults: Faults;
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
  const effect = backend.faults.take({ call: `registry:${operation}` });
  const answer = await withFault(effect, backend, operation, run);
  const { kind: _, ...input } = resource ?? { kind: undefined };
  const outcome =
    typeof answer === 'string' ? answer : (answer.code ?? (answer.status < 300 ? 'ok' : `status ${answer.status}`));
  backend.record({
    service: 'registry',
    operation,
    input,
    mutating: isMutating(operation),
    at: backend.clock.now(),
    outcome,
  });
  if (answer === 'hung') return;
  if (answer === 'dropped') request.socket.destroy();
  else await send(answer, response);
}

async function withFault(
  effect: FaultEffect | undefined,
  { account }: RegistryBackend,
  operation: string,
  run: () => Promise<RegistryAnswer>,
): Promise<RegistryAnswer | 'dropped' | 'hung'> {
  const refuse = (status: number, code: string, message: string) =>
    answerRefusal(new RegistryRefusal(status, code, message));
  switch (effect?.kind) {
    case 'throttle':
      return refuse(429, 'TOOMANYREQUESTS', 'Rate exceeded');
    case 'refuse':
      return refuse(
        403,
        'DENIED',
        `User: arn:aws:sts::${account}:assumed-role/workflow/session is not authorized: ${operation}`,
      );
    case 'error':
      return refuse(effect.status ?? 400, effect.code, effect.message);
    case 'status': {
      const body = Buffer.from(effect.body ?? `<html><body>${effect.status}</body></html>`);
      return { status: effect.status, headers: { 'content-type': 'text/html' }, body };
    }
    case 'drop':
    case 'hang':
      if (effect.when === 'after') await run();
      return effect.kind === 'drop' ? 'dropped' : 'hung';
    case 'wrong-digest':
      return withWrongDigest(await run());
    default:
      return run();
  }
}

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
