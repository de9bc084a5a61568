import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { isAwsHost } from '../../../../shared/aws/arn';
import { excerpt } from '../../../../shared/excerpt';
import { authorizationOf, type Challenge, type Login, parseChallenge, readToken, refreshBody, tokenUrl } from './auth';
import { nextProxy, RegistryTrouble } from './faults';
import { type Http, type HttpAnswer, type HttpRequest, readBody, readShort } from './http';
import { RegistryRefusal } from './retry';

const redirects = new Set([301, 302, 303, 307, 308]);

/** Those after which what was sent is sent again. */
const repeating = new Set([307, 308]);

const mostRedirects = 5;

/** Tokens have some kilobytes, and the header that carries them has no room for more (16 KiB in most servers). */
const largestToken = 256 * 1024;

/** Sends requests to one registry as one user: answers challenges and follows redirects. */
export interface Session {
  /** @throws RegistryRefusal for every status that is not one of `accepted`. */
  send(request: HttpRequest, accepted: readonly number[]): Promise<HttpAnswer>;
}

/**
 * @param login sent at once, so that no upload is refused halfway; undefined for an anonymous user.
 */
export function openSession(http: Http, base: URL, login: Login | undefined): Session {
  // Tokens hold for a repository and what is done in it, so they are kept by the path they were asked for.
  const tokens = new Map<string, string>();
  const first = authorizationOf(login);
  let withheld = '';

  async function authorized(request: HttpRequest): Promise<HttpAnswer> {
    const scope = scopeOf(request);
    const answer = await sendAs(request, tokens.get(scope) ?? first);
    if (answer.status !== 401) return answer;
    const challenge = parseChallenge(answer.headers['www-authenticate']);
    // Basic credentials were sent already, and a token that was just given would be refused again.
    if (challenge?.scheme !== 'bearer') return answer;
    await discard(answer);
    tokens.set(scope, `Bearer ${await askForToken(challenge)}`);
    return sendAs(request, tokens.get(scope));
  }

  async function sendAs(request: HttpRequest, authorization: string | undefined): Promise<HttpAnswer> {
    let { url } = request;
    for (let followed = 0; ; followed++) {
      // The storage behind a redirect must not see who asked: its address is authority enough.
      const trusted = url.origin === base.origin && authorization;
      const headers = { ...request.headers, ...(trusted && { authorization }) };
      const answer = await http.send({ ...request, url, headers });
      const next = answer.headers.location;
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      if (!(isRead ? redirects : repeating).has(answer.status) || !next) return answer;
      await discard(answer);
      if (followed >= mostRedirects) throw new RegistryTrouble(`it was sent on ${mostRedirects} times`, nextProxy);
      url = addressAt(next, url);
    }
  }

  async function askForToken(challenge: BearerChallenge): Promise<string> {
    const url = tokenUrl(challenge);
    // The login is for the registry, not for whom it names.
    const isTrusted = mayHaveLogin(url, base);
    if (login && !isTrusted) withheld = `the login is not sent to ${excerpt(url.host)}, where it asks for tokens`;
    const answer = await http.send(tokenRequest(url, isTrusted ? login : undefined, challenge));
    if (answer.status !== 200) throw await refusal(answer, withheld);
    return readToken(await readBody(answer, largestToken), url.host);
  }

  return {
    async send(request, accepted) {
      const answer = await authorized(request);
      if (!accepted.includes(answer.status)) throw await refusal(answer, withheld);
      return answer;
    },
  };
}

type BearerChallenge = Extract<Challenge, { scheme: 'bearer' }>;

function tokenRequest(url: URL, login: Login | undefined, challenge: BearerChallenge): HttpRequest {
  if (login && 'identityToken' in login) {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return {
      method: 'POST',
      url: new URL(challenge.realm),
      headers,
      body: refreshBody(login.identityToken, challenge),
    };
  }
  const authorization = authorizationOf(login);
  return { method: 'GET', url, headers: authorization ? { authorization } : {} };
}

/** Reading and writing need different tokens. */
function scopeOf({ method, url }: HttpRequest): string {
  const repository = /^\/v2\/(.+?)\/(?:manifests|blobs|tags)\//.exec(url.pathname)?.[1] ?? '';
  return `${method === 'GET' || method === 'HEAD' ? 'pull' : 'push'} ${repository}`;
}

function addressAt(location: string, from: URL): URL {
  try {
    return new URL(location, from);
  } catch {
    throw new RegistryTrouble(`it was sent on to "${excerpt(location, 80)}", which is not an address`, nextProxy);
  }
}

/** Reads an answer to its end, so that its connection can be used again. */
export async function discard(answer: HttpAnswer): Promise<void> {
  await readShort(answer);
}

/** The registry's own words; its errors are `{errors: [{code, message}]}`. */
async function refusal(answer: HttpAnswer, withheld: string): Promise<RegistryRefusal> {
  const { code, message } = firstError((await readShort(answer)).toString());
  const retryAfter = readRetryAfter(answer.headers);
  const why = [401, 403].includes(answer.status) && withheld ? `; ${withheld}` : '';
  const said = [`status ${answer.status}`, code, message].filter(Boolean).join(' ') + why;
  return new RegistryRefusal(answer.status, code, said, retryAfter);
}

/**
 * Milliseconds that a registry asks to wait: seconds, or the time of day by the registry's own clock; undefined where it does not
 * say. Source: RFC 9110, 10.2.3.
 */
function readRetryAfter({ 'retry-after': asked, date }: IncomingHttpHeaders): number | undefined {
  if (!asked) return undefined;
  const ms = Number.isNaN(Number(asked)) ? Date.parse(asked) - Date.parse(date ?? '') : Number(asked) * 1000;
  return ms >= 0 ? ms : undefined;
}

function firstError(text: string): { code: string; message: string } {
  try {
    const { errors } = JSON.parse(text) as { errors?: { code?: unknown; message?: unknown }[] };
    return { code: excerpt(errors?.[0]?.code, 60), message: excerpt(errors?.[0]?.message, 500) };
  } catch {
    // A page of some proxy; of its tags nothing is shown.
    const plain = text.slice(0, 2_000).replace(/<[^>]*(?:>|$)/g, ' ');
    return { code: '', message: excerpt(plain) };
  }
}

/** Domains whose names are given to anybody. */
const shared =
  /(?:^|\.)(?:azurecr\.(?:io|us|cn)|pkg\.dev|gcr\.io|run\.app|web\.app|github\.io|gitlab\.io|netlify\.app|vercel\.app|herokuapp\.com|cloudfront\.net|azurewebsites\.net|windows\.net|ngrok\.(?:io|app))$/;

/** Second levels under which countries register names. */
const registered = /^(?:ac|co|com|edu|gob|gouv|gov|govt|go|id|in|ltd|me|mil|ne|net|nom|or|org|plc|sch|web)\.[a-z]{2}$/;

/**
 * Whether a token service may have the login of a registry: it is the same host, or one of the same owner, as
 * auth.docker.io is of registry-1.docker.io and gitlab.example.com of registry.example.com.
 */
export function mayHaveLogin(realm: URL, base: URL): boolean {
  if (realm.origin === base.origin) return true;
  const [asked, own] = [realm.hostname.toLowerCase(), base.hostname.toLowerCase()];
  if (realm.protocol !== 'https:' || isIP(asked.replace(/^\[|\]$/g, '')) !== 0 || !asked.includes('.')) return false;
  if (asked === own) return true;
  if ([asked, own].some((host) => shared.test(host) || isAwsHost(host))) return false;
  const domain = own.split('.').length > 2 ? own.slice(own.indexOf('.') + 1) : own;
  const isName = domain.includes('.') && !registered.test(domain);
  return isName && (asked === domain || asked.endsWith(`.${domain}`));
}
