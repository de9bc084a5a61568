/** Credentials of a role live for an hour by default; some of it is over when the action begins. Milliseconds. */
const usualLife = 50 * 60_000;

/**
 * For how many more milliseconds the credentials of the environment last: up to `AWS_CREDENTIAL_EXPIRATION`, else fifty minutes
 * where a session token says that they are temporary. Undefined for those that do not expire, or are renewed by the SDK.
 *
 * @param now milliseconds since the epoch
 */
export function credentialLife(env: Readonly<NodeJS.ProcessEnv>, now: number): number | undefined {
  if (!env['AWS_SESSION_TOKEN']) return undefined;
  const end = Date.parse(env['AWS_CREDENTIAL_EXPIRATION'] ?? '');
  return Number.isNaN(end) ? usualLife : Math.max(0, end - now);
}
