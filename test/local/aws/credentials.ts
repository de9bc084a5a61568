import { AwsRefusal, type Service } from './service';
import type { WireRequest } from './wire';

/** Access keys that AWS does not accept; all others are good, and signatures are not checked. */
const refusedKeys: Readonly<Record<string, Readonly<Record<'json' | 'query', readonly [string, string]>>>> = {
  AKIAEXPIRED: {
    json: ['ExpiredTokenException', 'The security token included in the request is expired'],
    query: ['ExpiredToken', 'The security token included in the request is expired'],
  },
  AKIAINVALID: {
    json: ['UnrecognizedClientException', 'The security token included in the request is invalid.'],
    query: ['InvalidClientTokenId', 'The security token included in the request is invalid.'],
  },
};

/** The access key that a request is signed with. */
export const accessKeyOf = ({ headers }: WireRequest): string | undefined =>
  /Credential=([^/,\s]+)/.exec(headers['authorization'] ?? '')?.[1];

/** @throws AwsRefusal for requests that are unsigned, or signed with a key that AWS does not accept. */
export function refuseCredentials({ protocol }: Service, request: WireRequest): void {
  const key = accessKeyOf(request);
  const kind = 'json' in protocol ? 'json' : 'query';
  if (key === undefined) {
    const code = kind === 'json' ? 'MissingAuthenticationTokenException' : 'MissingAuthenticationToken';
    throw new AwsRefusal(code, 'Missing Authentication Token', kind === 'json' ? 400 : 403);
  }
  const [code, message] = refusedKeys[key]?.[kind] ?? [];
  if (code && message) throw new AwsRefusal(code, message, kind === 'json' ? 400 : 403);
}
