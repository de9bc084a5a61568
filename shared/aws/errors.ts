import { ActionError } from '../errors';
import { quotePiece } from '../foreign-text';
import { type Call, callOf, isUnreadable, unusable } from './call';

const refusals = new Set(['AccessDeniedException', 'AccessDenied', 'UnauthorizedOperation', 'AuthorizationError']);
const badCredentials = new Set([
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'InvalidAccessKeyId',
]);
const expired = new Set(['ExpiredTokenException', 'ExpiredToken', 'TokenRefreshRequired']);
const throttling = new Set([
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'ThrottledException',
  'SlowDown',
]);
const network = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'TimeoutError',
]);

/** How Node says that a certificate, or the encryption, is not what it should be. */
const untrusted = /^(?:CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO)/;

interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly requestId?: string; readonly attempts?: number; readonly httpStatusCode?: number };
}

/** Whether AWS refused a call because the role may not make it. */
export const isRefusal = (error: unknown): boolean =>
  refusals.has((error as SdkError)?.name ?? '') && !isUnassumed((error as SdkError).message);

/** Whether the role itself may not be assumed, so that no call at all is possible. */
const isUnassumed = (message = '') => /perform:? sts:Assume/.test(message);

/** Whether AWS refused a call because the credentials have expired. */
export const isExpired = (error: unknown): boolean => expired.has((error as SdkError)?.name ?? '');

/** Whether the error is AWS asking to slow down, or to wait until somebody else's change of the same is done. */
export const isThrottling = (error: unknown): boolean =>
  throttling.has((error as SdkError)?.name ?? '') || isContention(error as SdkError);

/** ECS, where two runs register a revision of one family at once: "Too many concurrent attempts to create a new revision". */
const isContention = (error: SdkError | undefined) =>
  error?.name === 'ClientException' && /too many concurrent attempts/i.test(error.message ?? '');

/** Whether no answer came, so that it is unknown what AWS did: a timeout, a dropped connection, a 5xx, an unreadable answer. */
export function isLostAnswer(error: unknown): boolean {
  const { name, code, $metadata } = error as SdkError;
  const isNetwork = network.has(code ?? '') || network.has(name ?? '');
  return isNetwork || ($metadata?.httpStatusCode ?? 0) >= 500 || isUnreadable(error);
}

/**
 * Turns an error of an AWS call into one that a user can act on: the operation, the missing permission where there is
 * one, and the next step. Errors of other origins are undefined.
 */
export function explainAwsError(error: unknown): ActionError | undefined {
  const { name = '' } = (error ?? {}) as SdkError;
  const call = callOf(error);
  if (name === 'CredentialsProviderError') {
    const why = whyNoCredentials((error as SdkError).message, process.env);
    return new ActionError(`cannot call AWS: ${why}`, { cause: error });
  }
  if (!call) return undefined;
  const why = reason(error as SdkError, call);
  return new ActionError(`cannot call ${call.service}:${call.operation}: ${why}`, { cause: error });
}

const unreadable = ({ name, message = '' }: SdkError) =>
  name === unusable
    ? `AWS returned an answer that cannot be used: ${message}`
    : 'an answer that cannot be read, or that is not from AWS';

/** The SDK's own words where it knows why, such as that a session has to be begun anew. */
function whyNoCredentials(said = '', env: Readonly<NodeJS.ProcessEnv>): string {
  const isUnknown = said === '' || said.startsWith('Could not load credentials from any providers');
  const profile = env['AWS_PROFILE'] && quote(env['AWS_PROFILE'], longestName);
  // The SDK does not say why: its program may have failed, or its session be over.
  const way = profile
    ? `run aws sts get-caller-identity --profile ${profile} to see why`
    : 'connect an environment with a role to the action';
  const next = `${way}, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`;
  return isUnknown
    ? `no credentials were found${named(env)}; ${next}`
    : `there are no credentials: ${quote(said).replace(/\.+$/, '')}`;
}

/** Where the environment says that there are some, which the SDK leaves out when it has found none there. */
function named(env: Readonly<NodeJS.ProcessEnv>): string {
  if (env['AWS_PROFILE']) return ` (AWS_PROFILE names ${quote(env['AWS_PROFILE'], longestName)}, which gives none)`;
  const addresses = ['AWS_CONTAINER_CREDENTIALS_FULL_URI', 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'];
  const address = addresses.find((name) => env[name]);
  if (address) return ` (what ${address} names gives none)`;
  const keys = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
  const missing = keys.filter((name) => !env[name]);
  return missing.length === 1 ? ` (${missing[0]} is not set)` : '';
}

/** Characters of what AWS said: its longest messages, of refusals, have less than a thousand. */
const longestQuote = 2_000;
const longestName = 100;

/** What the SDK adds to the message of an error for those who write programs. */
const hint = /\s*Deserialization error: to see the raw response, inspect the hidden field[\s\S]*$/;

/** What an answer holds may be anything. */
const quote = (text: unknown, length = longestQuote) =>
  typeof text === 'string' ? quotePiece(text.replace(hint, '').replace(/[^\S\r\n]+/g, ' '), length) : '';

function reason(error: SdkError, call: Call): string {
  const { code = '', message, $metadata } = error;
  const name = quote(error.name, longestName);
  const said = quote(message).replace(/[\s.]+$/, '') || name;
  if (refusals.has(name)) {
    // A call may need a further permission, such as iam:PassRole.
    const [, needed = `${call.service}:${call.operation}`] = /not authorized to perform: ([\w-]+:\w+)/.exec(said) ?? [];
    if (isUnassumed(said)) return `${said}; check the ARN of the role and its trust policy`;
    return /explicit deny/.test(said)
      ? `${said}; remove the explicit deny`
      : `${said}; allow ${needed} to the role of this action`;
  }
  if (expired.has(name)) return `the credentials have expired; start the action again with new ones`;
  if (badCredentials.has(name)) return `AWS does not accept the credentials (${said}); check the role and its account`;
  if (isThrottling(error)) {
    const { attempts } = $metadata ?? {};
    const tried = attempts === 1 ? '' : ` and did not stop within ${attempts ?? 'all'} attempts`;
    return `AWS is throttling (${said})${tried}; run again later`;
  }
  if (network.has(code) || network.has(name)) {
    return `no answer (${said}); check the region, the endpoint and the network of this machine`;
  }
  const status = $metadata?.httpStatusCode ?? 0;
  // What is not from AWS itself, such as the page of a proxy, cannot be read; its status tells enough.
  const isForeign = name === 'SyntaxError' || name === 'Unknown';
  if (status >= 500) return `AWS failed (${isForeign ? `HTTP status ${status}` : said}); run again later`;
  if (isUnreadable(error)) return `${unreadable(error)}; check the endpoint and any proxy, and run again`;
  if (isForeign) return `an answer of HTTP status ${status} that is not from AWS; check the endpoint and any proxy`;
  if (name === 'ProxyRefusal') return said;
  const next = misconfigured(error);
  if (next !== undefined) return `${said}; ${next}`;
  if (untrusted.test(code)) return `${said}; check the endpoint, or name its authority in NODE_EXTRA_CA_CERTS`;
  return `${quote(name, 100)}: ${said}`;
}

/** What to correct on this machine, where it is not AWS that refuses. */
function misconfigured({ name, code = '', message = '' }: SdkError): string | undefined {
  if (code === 'ERR_INVALID_URL')
    return 'correct AWS_ENDPOINT_URL, or another address in the environment: each begins with https:// or http://';
  if (name === 'EndpointError') return 'check AWS_ENDPOINT_URL, AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT';
  if (/wrong version number/.test(message)) return 'the endpoint does not speak TLS: check its port and https://';
  // The SDK reads files for credentials only.
  if (/^E[A-Z]+: .*, (?:open|read)/.test(message)) {
    return 'it is needed for the credentials: check AWS_WEB_IDENTITY_TOKEN_FILE, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE and the profile';
  }
  return undefined;
}
