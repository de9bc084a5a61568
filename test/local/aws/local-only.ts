import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLoopback } from '../../../shared/loopback';

/**
 * Refuses what a page of the web may send to a server on loopback: by a name of its own that leads here (DNS rebinding), or
 * from the user's browser (an Origin that is not this machine). Answers whether it did. `names` are further hosts that are ours.
 */
export function refuseForeign(
  { headers }: IncomingMessage,
  response: ServerResponse,
  names: readonly string[] = [],
): boolean {
  const { host = '', origin } = headers;
  const isNamed = names.includes(host.replace(/:\d+$/, ''));
  const isOurs = (isLoopback(host) || isNamed) && (origin === undefined || isLoopbackOrigin(origin));
  if (!isOurs) response.writeHead(403, { 'content-type': 'text/plain' }).end('only for programs on this machine\n');
  return !isOurs;
}

function isLoopbackOrigin(origin: string): boolean {
  try {
    return isLoopback(new URL(origin).host);
  } catch {
    // Such as "null", of a page in a sandbox.
    return false;
  }
}
