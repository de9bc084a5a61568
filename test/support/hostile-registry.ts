import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import * as https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { registryCertificate } from './certificate';

/** A request as it came over the wire; what a client sends after it on the same connection is a request of its own. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type Reply =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string | Buffer }
  | ((response: ServerResponse, request: Asked) => void);

/** A server on loopback that answers as it is told and notes everything that reaches it. */
export interface HostileServer {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  readonly asked: readonly Asked[];
  /** What no parser of HTTP took for a request. */
  readonly malformed: readonly string[];
  close(): Promise<void>;
}

/** @param secure with the certificate of `registry.example` and all below it */
export async function openServer(reply: (request: Asked) => Reply, secure = false): Promise<HostileServer> {
  const asked: Asked[] = [];
  const malformed: string[] = [];
  const sockets = new Set<Socket>();
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => {});
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const one = { method, path, headers, body: Buffer.concat(chunks) };
      asked.push(one);
      const said = reply(one);
      if (typeof said === 'function') return said(response, one);
      const body = method === 'HEAD' ? undefined : said.body;
      response.writeHead(said.status, { 'content-length': Buffer.byteLength(body ?? ''), ...said.headers }).end(body);
    });
  };
  const server = secure ? https.createServer(registryCertificate, answer) : createServer(answer);
  server.on('connection', (socket) => sockets.add(socket));
  server.on('clientError', (error, socket) => {
    malformed.push((error as Error & { rawPacket?: Buffer }).rawPacket?.toString('latin1') ?? error.message);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    malformed,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

export const digestOf = (content: string | Buffer): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

export interface Layer {
  readonly mediaType: string;
  readonly bytes: Buffer;
  readonly diffId: string;
}

/** A layer with these files, in gzip. */
export async function layerOf(files: Readonly<Record<string, string | Buffer>>): Promise<Layer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name, mtime: new Date(0) }, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  const tar = Buffer.concat(chunks);
  const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip';
  return { mediaType, bytes: gzipSync(tar), diffId: digestOf(tar) };
}

type Json = Record<string, unknown>;

/** An image as a registry stores it. Its documents may be anything by the time they are stored. */
export interface StoredImage {
  readonly digest: string;
  readonly manifest: Buffer;
  readonly blobs: ReadonlyMap<string, Buffer>;
}

/** How an image differs from what it should be. */
export interface Twist {
  readonly manifest?: (manifest: Json & { layers: Json[]; config: Json }) => unknown;
  readonly config?: (config: Json) => unknown;
}

export function imageOf(layers: readonly Layer[], twist: Twist = {}): StoredImage {
  const blobs = new Map<string, Buffer>();
  const put = (mediaType: string, bytes: Buffer) => {
    blobs.set(digestOf(bytes), bytes);
    return { mediaType, digest: digestOf(bytes), size: bytes.length };
  };
  const rootfs = { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) };
  const config = { os: 'linux', architecture: process.arch === 'x64' ? 'amd64' : process.arch, config: {}, rootfs };
  const image = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: put('application/vnd.oci.image.config.v1+json', bytesOf(twist.config?.(config) ?? config)),
    layers: layers.map(({ mediaType, bytes }) => put(mediaType, bytes)),
  };
  const manifest = bytesOf(twist.manifest ? twist.manifest(image) : image);
  return { digest: digestOf(manifest), manifest, blobs };
}

/** A text is stored as it is, all else as JSON. */
export const bytesOf = (document: unknown): Buffer =>
  Buffer.isBuffer(document)
    ? document
    : Buffer.from(typeof document === 'string' ? document : JSON.stringify(document));

/** A registry with images by tag (each under its digest too) that answers honestly but for what `first` answers. */
export function openHostileRegistry(
  images: Readonly<Record<string, StoredImage>>,
  first: (request: Asked) => Reply | undefined = () => undefined,
  secure = false,
): Promise<HostileServer> {
  const all = Object.entries(images);
  return openServer((request) => {
    const own = first(request);
    if (own) return own;
    const [, kind, reference = ''] = /\/(manifests|blobs)\/([^/?]+)$/.exec(request.path) ?? [];
    const image = all.find(([tag, { digest }]) => tag === reference || digest === reference)?.[1];
    const body =
      kind === 'manifests' ? image?.manifest : all.map(([, { blobs }]) => blobs.get(reference)).find(Boolean);
    return body ? { status: 200, body } : { status: 404 };
  }, secure);
}
