/** What registries answer that should not: every request, every wrong shape. */

import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { fc } from '../properties';
import { bodies, oddHeaders, raws, statuses } from './http-shapes';
import { type Answer, send } from './registry';

const requestKinds = [
  'GET manifests',
  'GET blobs',
  'HEAD blobs',
  'HEAD manifests',
  'POST uploads',
  'PUT uploads',
  'PUT manifests',
  'token',
] as const;
export type RequestKind = (typeof requestKinds)[number];

export interface Fault {
  readonly on: RequestKind;
  /** Requests of the kind that go well before. */
  readonly after: number;
  readonly times: number;
  /** Whether what was sent is lost; else it was stored, and only the answer is odd. */
  readonly hides: boolean;
  /** For whoever reads of a failure. */
  readonly shape: string;
  answer(honest: Answer, response: ServerResponse): void;
}

type Shape = Pick<Fault, 'shape' | 'answer'>;

const header: fc.Arbitrary<Record<string, string>> = fc
  .constantFrom(...Object.keys(oddHeaders))
  .chain((name) => fc.constantFrom(...oddHeaders[name]!).map((value) => ({ [name]: value })));

const cuts: readonly ((honest: Buffer) => Buffer)[] = [
  (all) => all,
  (all) => all.subarray(0, all.length >> 1),
  (all) => all.subarray(0, Math.max(0, all.length - 1)),
  (all) => Buffer.concat([all, Buffer.from('x')]),
  (all) => Buffer.concat([all, all]),
  (all) => Buffer.concat([Buffer.from('\ufeff'), all]),
  (all) => Buffer.from(all.map((byte, at) => (at === all.length >> 1 ? 0x20 : byte))),
  (all) => Buffer.from(all.map((byte, at) => (at === 0 ? 0 : byte))),
  (all) => gzipSync(all),
  (all) => Buffer.from(all.toString('utf8'), 'utf16le'),
];

const body: fc.Arbitrary<(honest: Buffer) => Buffer> = fc.oneof(
  fc.constantFrom(...cuts),
  fc.constantFrom(...bodies).map((text) => () => Buffer.from(text)),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => () => Buffer.from(bytes)),
);

/** A whole answer of HTTP with another status, other headers or another body. */
const odd: fc.Arbitrary<Shape> = fc
  .record({
    status: fc.oneof(fc.constant(undefined), fc.constantFrom(...statuses)),
    headers: fc.array(header, { maxLength: 2 }).map((list) => Object.assign({}, ...list) as Record<string, string>),
    strips: fc.boolean(),
    body: fc.option(body, { nil: undefined }),
  })
  .map(({ status, headers, strips, body: change }) => ({
    shape: JSON.stringify({
      status,
      headers: headers,
      strips,
      body: change?.(Buffer.from('HONEST')).toString('latin1'),
    }).slice(0, 400),
    answer(honest, response) {
      const changed = change?.(honest.body) ?? honest.body;
      const all = { ...(strips ? {} : honest.headers), ...headers };
      write(response, status ?? honest.status, all, changed);
    },
  }));

/** Writes what Node would refuse to write. */
function write(response: ServerResponse, status: number, headers: Answer['headers'], content: Buffer): void {
  const length = 'content-length' in headers ? {} : { 'content-length': String(content.length) };
  const lines = Object.entries({ ...length, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 ${status} Odd\r\n${lines.join('')}\r\n`;
  raw(
    response,
    Buffer.concat([Buffer.from(head, 'latin1'), response.req.method === 'HEAD' ? Buffer.alloc(0) : content]),
  );
}

function raw(response: ServerResponse, bytes: Buffer | string): void {
  response.socket?.end(bytes);
}

const broken: fc.Arbitrary<Shape> = fc.oneof(
  fc.constantFrom(...raws).map(([shape, text]) => ({
    shape,
    answer: (_: Answer, response: ServerResponse) => raw(response, Buffer.from(text, 'latin1')),
  })),
  fc.constant({ shape: 'dropped', answer: (_: Answer, { socket }: ServerResponse) => void socket?.destroy() }),
  fc.constant({ shape: 'reset', answer: (_: Answer, { socket }: ServerResponse) => void socket?.resetAndDestroy() }),
  fc.constant({
    shape: 'dropped within',
    answer(honest: Answer, response: ServerResponse) {
      const head = `HTTP/1.1 ${honest.status} X\r\ncontent-length: ${honest.body.length + 9}\r\n\r\n`;
      raw(response, Buffer.concat([Buffer.from(head), honest.body.subarray(0, honest.body.length >> 1)]));
    },
  }),
  fc.constantFrom('self', 'up').map((where) => ({
    shape: `redirect ${where}`,
    answer: (honest: Answer, response: ServerResponse) =>
      send(
        {
          ...honest,
          status: 307,
          headers: { location: where === 'self' ? (response.req.url ?? '') : `${response.req.url}/x` },
          body: Buffer.alloc(0),
        },
        response,
      ),
  })),
);

export const fault: fc.Arbitrary<Fault> = fc
  .record({
    on: fc.constantFrom(...requestKinds),
    after: fc.nat(2),
    times: fc.constantFrom(1, 2, 1000),
    hides: fc.boolean(),
    how: fc.oneof({ weight: 3, arbitrary: odd }, broken),
  })
  .map(({ how, ...where }) => ({ ...where, ...how, toString: () => JSON.stringify({ ...where, shape: how.shape }) }));
