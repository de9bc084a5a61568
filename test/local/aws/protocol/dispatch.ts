import { isMutating, type RecordedCall } from '../calls';
import type { SimulationClock } from '../clock';
import { accessKeyOf, refuseCredentials } from '../credentials';
import { applyFault, deniedWords, type FaultAnswers, type FaultEffect, type Faults } from '../faults';
import type { CallMoments } from '../moments';
import { AwsRefusal, type Service } from '../service';
import type { WireAnswer, WireOutcome, WireRequest } from '../wire';
import { codecOf } from './codec';
import { type NoRoute, type Route, routeOf } from './route';

/** What a request is answered from. */
export interface Backend {
  readonly services: readonly Service[];
  readonly faults: Faults;
  readonly moments: CallMoments;
  readonly clock: SimulationClock;
  readonly account: string;
  record(call: RecordedCall): void;
}

export interface Dispatched {
  readonly outcome: WireOutcome;
  /** The fault that the call ran into. */
  readonly effect: FaultEffect | undefined;
}

/** An answer, with the error code if it is an error. */
interface Reply extends WireAnswer {
  readonly code?: string;
}

/** Answers a request of the AWS protocols, and records it. */
export async function dispatch(backend: Backend, request: WireRequest): Promise<Dispatched> {
  const route = routeOf(backend.services, request);
  if ('refusal' in route) return { outcome: refuseRoute(backend, route), effect: undefined };
  const call = `${route.service.name}:${route.operation.name}`;
  backend.moments.hear(call, 'arrives');
  const effect = backend.faults.take({ call, accessKey: accessKeyOf(request) });
  const outcome = await applyFault(effect, faultAnswers(backend, route, call), async () => {
    const answer = await perform(route, request);
    if (answer.code === undefined) backend.moments.hear(call, 'took effect');
    return answer;
  });
  backend.record({
    service: route.service.name,
    operation: route.operation.name,
    get input() {
      return inputOf(route, request);
    },
    mutating: isMutating(route.operation.name),
    at: backend.clock.now(),
    outcome: describeOutcome(outcome),
  });
  return { outcome, effect };
}

function refuseRoute({ clock, record }: Backend, { codec, refusal, target }: NoRoute): WireAnswer {
  const { status, body } = codec.writeError(undefined, refusal);
  record({
    service: 'unknown',
    operation: target,
    input: undefined,
    mutating: false,
    at: clock.now(),
    outcome: refusal.code,
  });
  return reply(status, codec.contentType, body);
}

async function perform({ service, operation }: Route, request: WireRequest): Promise<Reply> {
  const codec = codecOf(service);
  try {
    refuseCredentials(service, request);
    const input = codec.readInput(service, operation, request.body);
    const run = service.operations[operation.name];
    const output = run ? await run(input as never) : refuseUnwritten(`${service.name}:${operation.name}`);
    return reply(200, codec.contentType, codec.writeOutput(service, operation, output));
  } catch (error) {
    if (error instanceof AwsRefusal) return refuse(service, error);
    throw error;
  }
}

function refuseUnwritten(call: string): never {
  throw new AwsRefusal('UnknownOperationException', `the embedded AWS has no ${call}`);
}

function faultAnswers({ account }: Backend, { service }: Route, call: string): FaultAnswers<Reply> {
  const isJson = 'json' in service.protocol;
  const error = (code: string, message: string, status: number) =>
    refuse(service, new AwsRefusal(code, message, status));
  return {
    error,
    throttle: () => error(isJson ? 'ThrottlingException' : 'Throttling', 'Rate exceeded', 400),
    refuse: () =>
      isJson
        ? error('AccessDeniedException', deniedWords(account, call), 400)
        : error('AccessDenied', deniedWords(account, call), 403),
    status: (status, body) => reply(status, 'text/html', body),
  };
}

function refuse(service: Service, refusal: AwsRefusal): Reply {
  const codec = codecOf(service);
  const { status, body } = codec.writeError(service, refusal);
  return { ...reply(status, codec.contentType, body), code: refusal.code };
}

const reply = (status: number, contentType: string, body: string): WireAnswer => ({
  status,
  headers: { 'content-type': contentType },
  body,
});

/** The input for the record, as far as it can be read; a call that failed had one too. Few records are read at all. */
function inputOf({ service, operation }: Route, { body }: WireRequest): unknown {
  try {
    return codecOf(service).readInput(service, operation, body);
  } catch {
    return undefined;
  }
}

function describeOutcome(outcome: Reply | 'dropped' | 'hung'): string {
  if (typeof outcome === 'string') return outcome;
  return outcome.code ?? (outcome.status < 300 ? 'ok' : `status ${outcome.status}`);
}
