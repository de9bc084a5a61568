import type { RecordedCall } from '../calls';
import { isMutating } from '../calls';
import type { SimulationClock } from '../clock';
import { accessKeyOf, refuseCredentials } from '../credentials';
import type { FaultEffect, Faults } from '../faults';
import { AwsRefusal, type Service } from '../service';
import type { WireAnswer, WireOutcome, WireRequest } from '../wire';
import { type Codec, codecOf } from './codec';
import { type Route, routeOf } from './route';

/** What a request is answered from. */
export interface Backend {
  readonly services: readonly Service[];
  readonly faults: Faults;
  readonly clock: SimulationClock;
  readonly account: string;
  record(call: RecordedCall): void;
}

/** Answers a request of the AWS protocols, and records it. */
export async function dispatch(
  backend: Backend,
  request: WireRequest,
): Promise<{ outcome: WireOutcome; effect?: FaultEffect }> {
  const route = routeOf(backend.services, request);
  if ('refusal' in route) return { outcome: refused(undefined, route.codec, route.refusal) };
  const call = `${route.service.name}:${route.operation.name}`;
  const effect = backend.faults.take({ call, accessKey: accessKeyOf(request) });
  const note: { input?: unknown; code?: string } = {};
  const outcome = await withFault(effect, backend, route, () => perform(route, request, note), note);
  backend.record({
    service: route.service.name,
    operation: route.operation.name,
    input: note.input ?? peek(route, request),
    mutating: isMutating(route.operation.name),
    at: backend.clock.now(),
    outcome: describeOutcome(outcome, note.code),
  });
  return effect ? { outcome, effect } : { outcome };
}

async function perform({ service, operation }: Route, request: WireRequest, note: Note): Promise<WireAnswer> {
  const codec = codecOf(service);
  try {
    refuseCredentials(service, request);
    note.input = codec.readInput(service, operation, request.body);
    const run = service.operations[operation.name];
    if (!run)
      throw new AwsRefusal('UnknownOperationException', `the embedded AWS has no ${service.name}:${operation.name}`);
    const output = await run(note.input as never);
    return answer(200, codec.contentType, codec.writeOutput(service, operation, output));
  } catch (error) {
    if (!(error instanceof AwsRefusal)) throw error;
    note.code = error.code;
    return refused(service, codec, error);
  }
}

interface Note {
  input?: unknown;
  code?: string;
}

async function withFault(
  effect: FaultEffect | undefined,
  { account }: Backend,
  { service, operation }: Route,
  run: () => Promise<WireAnswer>,
  note: Note,
): Promise<WireOutcome> {
  const refuse = (code: string, message: string, status = 400) => {
    note.code = code;
    return refused(service, codecOf(service), new AwsRefusal(code, message, status));
  };
  switch (effect?.kind) {
    case 'throttle':
      return 'json' in service.protocol
        ? refuse('ThrottlingException', 'Rate exceeded')
        : refuse('Throttling', 'Rate exceeded');
    case 'refuse': {
      const code = 'json' in service.protocol ? 'AccessDeniedException' : 'AccessDenied';
      return refuse(
        code,
        deniedWords(account, `${service.name}:${operation.name}`),
        code === 'AccessDenied' ? 403 : 400,
      );
    }
    case 'error':
      return refuse(effect.code, effect.message, effect.status);
    case 'status':
      return answer(effect.status, 'text/html', effect.body ?? `<html><body>${effect.status}</body></html>`);
    case 'drop':
    case 'hang':
      if (effect.when === 'after') await run();
      return effect.kind === 'drop' ? 'dropped' : 'hung';
    default:
      return run();
  }
}

/** What AWS says to a role without the permission. */
const deniedWords = (account: string, action: string): string =>
  `User: arn:aws:sts::${account}:assumed-role/workflow/session is not authorized to perform: ${action} on resource: * ` +
  `because no identity-based policy allows the ${action} action`;

function refused(service: Service | undefined, codec: Codec, refusal: AwsRefusal): WireAnswer {
  const { status, body } = codec.writeError(service, refusal);
  return answer(status, codec.contentType, body);
}

const answer = (status: number, contentType: string, body: string): WireAnswer => ({
  status,
  headers: { 'content-type': contentType },
  body,
});

/** The input of a call that did not get as far as being read. */
function peek({ service, operation }: Route, { body }: WireRequest): unknown {
  try {
    return codecOf(service).readInput(service, operation, body);
  } catch {
    return undefined;
  }
}

function describeOutcome(outcome: WireOutcome, code: string | undefined): string {
  if (typeof outcome === 'string') return outcome;
  if (code !== undefined) return code;
  return outcome.status < 300 ? 'ok' : `status ${outcome.status}`;
}
