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

/** A login as Docker keeps it: some registries give it a token in place of a password. */
export type Login = Credentials | { readonly identityToken: string } | { readonly registryToken: string };

/**
 * Reads a `WWW-Authenticate` header, in which several challenges may stand one behind the other: that for a token is taken
 * first, as Docker does. Undefined where it asks for nothing that registries ask for.
 */
export function parseChallenge(header: string | undefined): Challenge | undefined {
  const challenges = challengesIn(header ?? '');
  for (const { scheme, fields } of challenges) {
    const { realm, service, scope } = fields;
    if (scheme !== 'bearer' || !realm) continue;
    return { scheme, realm, ...(service && { service }), ...(scope && { scope }) };
  }
  return challenges.some(({ scheme }) => scheme === 'basic') ? { scheme: 'basic' } : undefined;
}

/** A name, and the value that may follow it; names without one are schemes. */
const part = /[\s,]*([^\s,="]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/gy;

function challengesIn(header: string) {
  const found: { scheme: string; fields: Record<string, string> }[] = [];
  for (const [, name = '', quoted, plain] of header.slice(0, longestHeader).matchAll(part)) {
    const value = quoted?.replace(/\\(.)/g, '$1') ?? plain;
    if (value === undefined) found.push({ scheme: name.toLowerCase(), fields: {} });
    else Object.assign(found[found.length - 1]?.fields ?? {}, { [name.toLowerCase()]: value });
  }
  return found;
}

/** Node takes 16 KiB for all headers. */
const longestHeader = 16 * 1024;

/** What servers take as an address. */
const longestRealm = 2_048;

/** Where a bearer token is requested. @throws RegistryTrouble where that is not an address */
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
  throw new RegistryTrouble(`${host}, which it asks for tokens, returns no usable token`, nextProxy);
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

/** What is sent at once with every request of a login; an identity token is only good for asking for others. */
export function authorizationOf(login: Login | undefined): string | undefined {
  if (login === undefined || 'identityToken' in login) return undefined;
  return 'user' in login ? basicAuthorization(login) : `Bearer ${login.registryToken}`;
}

/** The body that asks for a token with an identity token. Source: distribution's "OAuth2 Token Authentication". */
export function refreshBody(identityToken: string, { service = '', scope = '' }: TokenQuestion): Buffer {
  const fields = {
    grant_type: 'refresh_token',
    service,
    scope,
    client_id: 'build-and-push',
    refresh_token: identityToken,
  };
  return Buffer.from(new URLSearchParams(fields).toString());
}

type TokenQuestion = Extract<Challenge, { scheme: 'bearer' }>;
