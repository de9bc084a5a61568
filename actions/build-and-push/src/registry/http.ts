import { createReadStream } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import type { Readable } from 'node:stream';
import { createAgents } from '../../../../shared/proxy/agents';

/** A file that is sent as the body of a request; read anew for each attempt. */
export interface FileBody {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | FileBody;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Readable;
}

/** Sends requests; `fetch` is missing on Node 16. */
export interface Http {
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Closes the connections that are kept. */
  close(): void;
}

/** @param idleMs how long a connection may be silent before it is given up. */
export function createHttp(options: { signal: AbortSignal; idleMs: number }): Http {
  const { httpAgent, httpsAgent } = createAgents(process.env, { keepAlive: true });
  return {
    send: (request) => send(request, request.url.protocol === 'https:' ? httpsAgent : httpAgent, options),
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

function send(
  { method, url, headers, body }: HttpRequest,
  agent: http.Agent | undefined,
  { signal, idleMs }: { signal: AbortSignal; idleMs: number },
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const client = url.protocol === 'https:' ? https : http;
    const length = body && String(Buffer.isBuffer(body) ? body.length : body.size);
    const all = { ...headers, ...(length && { 'content-length': length }) };
    // Given here the limit holds from the first packet on; set on the request it would begin with the connection.
    const options = { method, headers: all, agent, signal, timeout: idleMs };
    const request = client.request(url, options, (answer) => {
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: answer });
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${idleMs / 1000} s`)));
    request.on('error', (error) => reject(signal.aborted ? signal.reason : error));
    if (!body || Buffer.isBuffer(body)) request.end(body);
    else sendFile(body.path, request);
  });
}

/** The registry may answer before the whole file is sent; the rest of it is then of no interest. */
function sendFile(path: string, request: http.ClientRequest): void {
  const file = createReadStream(path);
  file.on('error', (error) => request.destroy(error));
  request.on('close', () => file.destroy());
  file.pipe(request);
}

/** The whole body. @throws Error when it is larger than `limit` bytes: nobody sends such a manifest. */
export async function readBody(answer: HttpAnswer, limit = 8 * 1024 * 1024): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += (chunk as Buffer).length;
    if (size > limit) {
      answer.body.destroy();
      throw new Error(`the answer is larger than ${limit} bytes`);
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
