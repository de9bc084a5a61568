import { HttpResponse } from '@smithy/core/protocols';
import { type Backend, dispatch } from './protocol/dispatch';
import type { WireRequest } from './wire';

interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

interface HandlerOptions {
  readonly abortSignal?: { readonly aborted: boolean; readonly reason?: unknown };
}

/** What the SDK's clients take as their `requestHandler`. */
export interface SdkHandler {
  handle(request: SdkRequest, options?: HandlerOptions): Promise<{ response: HttpResponse }>;
}

/** How long the actions wait for an answer before they give a request up. */
const patience = 10_000;

/** Answers SDK clients in the same process, without HTTP. */
export const createHandler = (backend: Backend): SdkHandler => ({
  async handle(request, options) {
    refuseAborted(options);
    const { outcome, effect } = await dispatch(backend, toWire(request));
    if (outcome === 'dropped') throw networkError('ECONNRESET', 'socket hang up');
    if (outcome === 'hung') {
      const ms = (effect?.kind === 'hang' ? effect.ms : undefined) ?? patience;
      await backend.clock.advanceUnless(() => options?.abortSignal?.aborted === true, ms);
      refuseAborted(options);
      throw networkError('ETIMEDOUT', 'no answer in time');
    }
    refuseAborted(options);
    const { status, headers, body } = outcome;
    return { response: new HttpResponse({ statusCode: status, headers: { ...headers }, body: Buffer.from(body) }) };
  },
});

function toWire({ method, path, headers, query = {}, body }: SdkRequest): WireRequest {
  return {
    method,
    path,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])),
    body: ArrayBuffer.isView(body) ? textOf(body) : String(body ?? ''),
  };
}

/** By its memory: the SDK's own byte arrays warn when they are turned into text. */
const textOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('utf8');

function refuseAborted(options: HandlerOptions | undefined): void {
  if (options?.abortSignal?.aborted) throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
}

/** The SDK's own handler calls all of these TimeoutError. */
const networkError = (code: string, message: string) =>
  Object.assign(new Error(message), { name: 'TimeoutError', code });
