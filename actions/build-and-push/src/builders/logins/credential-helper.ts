import { excerpt } from '../../../../../shared/excerpt';
import { runCommand } from '../../process/run-command';
import type { Login } from '../../registry/auth';
import type { Effects } from '../builder';
import type { LoginPlace } from './docker-logins';

/** What a helper answered: a login, that it has none, or why that is not known. */
export type HelperAnswer = { readonly login?: Login } | { readonly problem: string };

const timeoutMs = 30_000;
/** What helpers say that have no login. Source: docker-credential-helpers. */
const hasNone =
  /credentials not found|no credentials server URL|no credentials username|specified item could not be found/i;
/** The user of a login that is a token (the same source). */
const tokenUser = '<token>';

/** Asks a credential helper for the login to a registry. The name of the registry goes over its standard input. */
export async function askHelper(
  { program, server }: Extract<LoginPlace, { kind: 'helper' }>,
  { env, clock, signal }: Pick<Effects, 'env' | 'clock' | 'signal'>,
): Promise<HelperAnswer> {
  const command = { program, args: ['get'], env, input: `${server}\n`, timeoutMs };
  const { status, lines } = await runCommand(command, { clock, signal });
  const text = lines.join('\n');
  if (status === 127) return { problem: `${program} is not installed` };
  if (status !== 0 && hasNone.test(text)) return {};
  if (status !== 0)
    return { problem: `${program} failed with status ${status} (${excerpt(text, 200) || 'no output'})` };
  const { Username: user, Secret: password } = answerIn(text);
  if (typeof user !== 'string' || typeof password !== 'string') return { problem: `${program} returned no login` };
  if (password === '') return {};
  return { login: user === tokenUser ? { identityToken: password } : { user, password } };
}

/** Warnings may stand around the answer. */
function answerIn(text: string): { Username?: unknown; Secret?: unknown } {
  try {
    return (JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as object | null) ?? {};
  } catch {
    return {};
  }
}
