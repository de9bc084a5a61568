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
  for (const [, name, quoted, plain] of rest.matchAll(/([A-Za-z]+)=(?:"([^"]*)"|([^\s,]+))/g)) {
    fields[name!.toLowerCase()] = quoted ?? plain ?? '';
  }
  const { realm, service, scope } = fields;
  if (scheme.toLowerCase() !== 'bearer' || !realm) return undefined;
  return { scheme: 'bearer', realm, ...(service && { service }), ...(scope && { scope }) };
}

/** Where a bearer token is asked for. */
export function tokenUrl(challenge: Extract<Challenge, { scheme: 'bearer' }>): URL {
  const url = new URL(challenge.realm);
  if (challenge.service) url.searchParams.set('service', challenge.service);
  if (challenge.scope) url.searchParams.set('scope', challenge.scope);
  return url;
}

export const basicAuthorization = ({ user, password }: Credentials): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
