import * as http from 'node:http';
import * as https from 'node:https';
import type { Readable } from 'node:stream';
import { ActionError } from '../../../../shared/errors';
import { createAgents } from '../../../../shared/proxy/agents';
import { nextProxy, RegistryTrouble, troubleOf } from './faults';
import { type FileBody, sendFile } from './file-body';
import type { Reach } from './reach';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | FileBody;
  /** Whether the bytes of a layer go to or fro: these may take as long as they move. */
  readonly bulk?: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Readable;
}

/** Sends requests; `fetch` is missing on Node 16. */
export interface Http {
  /** @throws RegistryTrouble, or the reason of the signal */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Closes the connections that are kept. */
  close(): void;
}

export interface HttpOptions {
  /** Ends every request and every body that is being read. */
  readonly signal: AbortSignal;
  readonly reach: Reach;
  /** How long a connection may be silent before it is given up. */
  readonly idleMs: number;
  /** How long an answer that is not a layer may take, headers and body together. */
  readonly answerMs: number;
}

export function createHttp(options: HttpOptions): Http {
  const { httpAgent, httpsAgent } = createAgents(process.env, { keepAlive: true });
  return {
    send: (request) => send(request, request.url.protocol === 'https:' ? httpsAgent : httpAgent, options),
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

async function send(request: HttpRequest, agent: http.Agent, options: HttpOptions): Promise<HttpAnswer> {
  const { signal, reach } = options;
  if (signal.aborted) throw signal.reason;
  reach.check(request.url);
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      if (signal.aborted) reject(signal.reason);
      else reject(error instanceof ActionError ? error : troubleOf(error));
    };
    try {
      begin(request, agent, options, resolve, fail);
    } catch (error) {
      // Node refuses headers and paths with characters that would end them.
      fail(error);
    }
  });
}

function begin(
  { method, url, headers, body, bulk }: HttpRequest,
  agent: http.Agent,
  { signal, reach, idleMs, answerMs }: HttpOptions,
  resolve: (answer: HttpAnswer) => void,
  fail: (error: unknown) => void,
): void {
  const client = url.protocol === 'https:' ? https : http;
  const length = body && String(Buffer.isBuffer(body) ? body.length : body.size);
  const all = { ...headers, ...(length && { 'content-length': length }) };
  // Given here the limit holds from the first packet on; set on the request it would begin with the connection.
  const options = { method, headers: all, agent, timeout: idleMs, lookup: reach.lookup };
  let answer: http.IncomingMessage | undefined;
  const request = client.request(url, options, (begun) => {
    answer = begun;
    reach.answered(url.hostname, begun.socket.remoteAddress);
    // Nobody may be reading when it is ended.
    begun.on('error', () => {});
    resolve({ status: begun.statusCode ?? 0, headers: begun.headers, body: begun });
  });
  const end = (error: Error) => {
    answer?.destroy(error);
    request.destroy(error);
  };
  const stop = () => end(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  const late = bulk ? undefined : setTimeout(() => end(silence(answerMs)), answerMs);
  request.on('timeout', () => end(silence(idleMs)));
  request.on('error', fail);
  request.on('upgrade', (_, socket) => {
    socket.destroy();
    fail(new RegistryTrouble('it answers 101 Switching Protocols, which nobody asked for', nextProxy));
  });
  request.on('close', () => {
    // Node may close a connection silently, which would leave a reader waiting forever.
    if (!answer) fail(new Error('socket hang up'));
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
  });
  if (!body || Buffer.isBuffer(body)) request.end(body);
  else sendFile(body, request);
}

const silence = (ms: number) => new Error(`no answer within ${ms / 1000} s`);

/** What is read of tokens and errors. */
const largestAnswer = 64 * 1024;
const tooLarge = (limit: number) => new RegistryTrouble(`its answer is larger than ${limit} bytes`, nextProxy);

/**
 * The whole body.
 *
 * @param limit bytes; of more, none are read
 * @throws RegistryTrouble where it ends before its time; `excess` where it is larger
 */
export async function readBody(
  { body }: Pick<HttpAnswer, 'body'>,
  limit = largestAnswer,
  excess: (limit: number) => Error = tooLarge,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += (chunk as Buffer).length;
      if (size > limit) break;
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    throw troubleOf(error);
  }
  if (size <= limit) return Buffer.concat(chunks);
  body.destroy();
  throw excess(limit);
}

/** Milliseconds for the body of an answer that nothing depends on but its connection. */
const shortMs = 10_000;

/** A body that may be left out: empty where it is too large, too slow or broken. */
export async function readShort({ body }: Pick<HttpAnswer, 'body'>): Promise<Buffer> {
  const late = setTimeout(() => body.destroy(silence(shortMs)), shortMs);
  try {
    return await readBody({ body });
  } catch {
    return Buffer.alloc(0);
  } finally {
    clearTimeout(late);
  }
}
