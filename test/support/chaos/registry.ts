import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { digestOf } from '../hostile-registry';
import type { Fault, RequestKind } from './faults';

/** An answer before it is sent. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/** A registry that keeps what it is given, as real ones do, and answers as `faults` say where one of them is due. */
export interface ChaosRegistry {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** By digest. */
  readonly blobs: Map<string, Buffer>;
  /** By tag and by digest. */
  readonly manifests: Map<string, Buffer>;
  /** What it was asked, such as `PUT blobs`. */
  readonly asked: string[];
  close(): Promise<void>;
}

export interface ChaosOptions {
  readonly faults: readonly Fault[];
  /** Whether anybody without a token is asked for one. */
  readonly asksForTokens: boolean;
}

type State = ChaosRegistry & ChaosOptions;

export async function openChaosRegistry(
  { faults, asksForTokens }: ChaosOptions = { faults: [], asksForTokens: false },
): Promise<ChaosRegistry> {
  const sockets = new Set<Socket>();
  const state = {
    host: '',
    blobs: new Map<string, Buffer>(),
    manifests: new Map<string, Buffer>(),
    faults,
    asksForTokens,
    asked: [] as string[],
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => {});
    request.on('end', () => reply(state, request, Buffer.concat(chunks), response));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return state;
}

function reply(state: State, request: IncomingMessage, body: Buffer, response: ServerResponse): void {
  const kind = kindOf(request);
  const count = state.asked.push(kind);
  const met = state.asked.filter((one) => one === kind).length;
  if (count > 300) return void request.socket.destroy();
  const fault = state.faults.find((one) => one.on === kind && met > one.after && met <= one.after + one.times);
  const isLost = fault?.hides && request.method === 'PUT';
  const answer = isLost ? { status: 201, headers: {}, body: Buffer.alloc(0) } : honest(state, request, body);
  if (fault) fault.answer(answer, response);
  else send(answer, response, request.method);
}

/** Sends an answer as it is. */
export function send({ status, headers, body }: Answer, response: ServerResponse, method = response.req.method): void {
  const length = 'content-length' in headers || 'transfer-encoding' in headers ? {} : { 'content-length': body.length };
  response.writeHead(status, { ...length, ...(headers as Record<string, string>) });
  response.end(method === 'HEAD' ? undefined : body);
}

function kindOf({ method = '', url = '' }: IncomingMessage): RequestKind {
  if (url.startsWith('/token')) return 'token';
  const what = url.includes('/manifests/') ? 'manifests' : url.includes('/uploads') ? 'uploads' : 'blobs';
  return `${method} ${what}` as RequestKind;
}

const said = (code: string): Buffer => Buffer.from(JSON.stringify({ errors: [{ code, message: 'no' }] }));

function honest(state: State, request: IncomingMessage, body: Buffer): Answer {
  const { method = '', url = '', headers } = request;
  const answer = (status: number, more: Record<string, string> = {}, content: Buffer = Buffer.alloc(0)): Answer => ({
    status,
    headers: more,
    body: content,
  });
  if (url.startsWith('/token')) return answer(200, {}, Buffer.from('{"token":"t"}'));
  if (state.asksForTokens && headers.authorization !== 'Bearer t') {
    const realm = `http://${state.host}/token`;
    return answer(401, { 'www-authenticate': `Bearer realm="${realm}",service="s"` });
  }
  const reference = /\/(?:manifests|blobs)\/([^/?]+)$/.exec(url)?.[1] ?? '';
  if (method === 'POST') return answer(202, { location: `http://${state.host}/v2/x/blobs/uploads/1` });
  if (method === 'PUT' && url.includes('/uploads/')) return storeBlob(state, url, body, answer);
  const isManifest = url.includes('/manifests/');
  if (method === 'PUT') return isManifest ? storeManifest(state, reference, body, answer) : answer(404);
  const found = (isManifest ? state.manifests : state.blobs).get(reference);
  if (!found) return answer(404, {}, said('UNKNOWN'));
  return answer(200, isManifest ? { 'docker-content-digest': digestOf(found) } : {}, found);
}

type Answering = (status: number, headers?: Record<string, string>, content?: Buffer) => Answer;

function storeBlob({ blobs }: ChaosRegistry, url: string, body: Buffer, answer: Answering): Answer {
  const digest = new URL(url, 'http://x').searchParams.get('digest') ?? '';
  if (digest !== digestOf(body)) return answer(400, {}, said('DIGEST_INVALID'));
  blobs.set(digest, body);
  return answer(201);
}

/** Real registries take no manifest whose parts they do not have. */
function storeManifest({ blobs, manifests }: ChaosRegistry, tag: string, body: Buffer, answer: Answering): Answer {
  const { config, layers } = JSON.parse(body.toString()) as { config: Part; layers: Part[] };
  if (![config, ...layers].every(({ digest, size }) => blobs.get(digest)?.length === size)) {
    return answer(400, {}, said('MANIFEST_BLOB_UNKNOWN'));
  }
  for (const name of [tag, digestOf(body)]) manifests.set(name, body);
  return answer(201, { 'docker-content-digest': digestOf(body) });
}

interface Part {
  readonly digest: string;
  readonly size: number;
}
