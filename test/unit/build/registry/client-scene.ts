import { createHash } from 'node:crypto';
import { afterEach } from '@jest/globals';
import { types } from '../../../../actions/build-and-push/src/registry/oci';
import { type Answer, clientOf, type Seen, serve } from './server';

export const digestOf = (content: string | Buffer) => `sha256:${createHash('sha256').update(content).digest('hex')}`;
/** What is closed after each test. */
export const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A client of a server that answers as the script says. */
export async function open(script: (request: Seen) => Answer, options: Parameters<typeof clientOf>[1] = {}) {
  const server = await serve(script);
  const made = clientOf(server.base, options);
  closing.push(() => made.client.close(), server.close);
  return { ...server, ...made };
}

/** Answers in turn; the last one stays. */
export function inTurn(...answers: Answer[]): () => Answer {
  let at = 0;
  return () => answers[Math.min(at++, answers.length - 1)]!;
}

export const manifest = JSON.stringify({ schemaVersion: 2, mediaType: types.manifest, config: {}, layers: [] });
export const stored = { digest: digestOf(manifest), mediaType: types.manifest, body: Buffer.from(manifest) };
export const blob = 'the bytes of a layer';
export const descriptor = { mediaType: types.layer, digest: digestOf(blob), size: blob.length };
