import { excerpt } from '../../../../shared/excerpt';
import { nextProxy, RegistryTrouble } from './faults';

/** How registries ask who is there (RFC 7235; the token protocol of the distribution specification). */

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export type Challenge =
  | { readonly scheme: 'basic' }
  | { readonly scheme: 'bearer'; readonly realm: string; readonly service?: string; readonly scope?: string };

/** Reads a `WWW-Authenticate` header; undefined where it asks for something that no registry asks for. */
export function parseChallenge(header: string | undefined): Challenge | undefined {
  const [, scheme = '', rest = ''] = /^\s*([A-Za-z]+)\s*(.*)$/s.exec(header ?? '') ?? [];
  if (scheme.toLowerCase() === 'basic') return { scheme: 'basic' };
  const fields: Record<string, string> = {};
  for (const [, name, quoted, plain] of rest.matchAll(/\b([A-Za-z]+)=(?:"([^"]*)"|([^\s,]+))/g)) {
    fields[name!.toLowerCase()] = quoted ?? plain ?? '';
  }
  const { realm, service, scope } = fields;
  if (scheme.toLowerCase() !== 'bearer' || !realm) return undefined;
  return { scheme: 'bearer', realm, ...(service && { service }), ...(scope && { scope }) };
}

/** What servers take as an address. */
const longestRealm = 2_048;

/** Where a bearer token is asked for. @throws RegistryTrouble where that is no address */
export function tokenUrl({ realm, service, scope }: Extract<Challenge, { scheme: 'bearer' }>): URL {
  const url = addressOf(realm);
  if (url === undefined)
    throw new RegistryTrouble(`it asks for a token of "${excerpt(realm, 80)}", ${none}`, nextProxy);
  if (service) url.searchParams.set('service', service);
  if (scope) url.searchParams.set('scope', scope);
  return url;
}

const none = 'which is not an address';

function addressOf(realm: string): URL | undefined {
  if (realm.length > longestRealm) return undefined;
  try {
    return new URL(realm);
  } catch {
    return undefined;
  }
}

/** Far more than the 16 KiB that most servers take for all headers. */
const tokenForm = /^[\x21-\x7e]{1,65536}$/;

/** The token in the answer of a token service. @throws RegistryTrouble where there is none that could be sent */
export function readToken(answer: Buffer, host: string): string {
  const { token, access_token } = fieldsOf(answer);
  // As Docker does: the first that is there.
  const found = token || access_token;
  if (typeof found === 'string' && tokenForm.test(found)) return found;
  throw new RegistryTrouble(`${host}, which it asks for tokens, gives no usable token`, nextProxy);
}

function fieldsOf(answer: Buffer): { token?: unknown; access_token?: unknown } {
  try {
    return (JSON.parse(answer.toString()) as object | null) ?? {};
  } catch {
    return {};
  }
}

export const basicAuthorization = ({ user, password }: Credentials): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
