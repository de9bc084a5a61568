import type { ECR } from '@aws-sdk/client-ecr';
import { readEcrHost } from '../../../../shared/aws/arn';
import { explainAwsError } from '../../../../shared/aws/errors';
import { ActionError } from '../../../../shared/errors';
import { excerpt, shown } from '../../../../shared/excerpt';
import type { Log } from '../../../../shared/host/log';
import type { Context } from '../../../../shared/host/run-action';
import { isLoopback } from '../../../../shared/loopback';
import type { Credentials } from '../registry/auth';
import type { RegistryChoice } from './registry-choice';
import { addressProblem, namedEndpoint } from './trusted-hosts';

/** The registry that the image goes to, and who may push there. */
export interface TargetRegistry {
  readonly base: URL;
  readonly host: string;
  /** Account, for calls of ECR; undefined for the account of the credentials. */
  readonly account?: string;
  /** Undefined where nothing is pushed, and the registry was not asked. */
  readonly credentials?: Credentials;
}

/** A registry by its host, without a login. */
export function registryAt(host: string): TargetRegistry {
  return { host, base: new URL(`${isLoopback(host) ? 'http' : 'https'}://${host}`) };
}

/** Real passwords have some 2,000 characters, and the header that carries them has no room for more. */
const passwordForm = /^[\x20-\x7e]{1,12000}$/;
const userForm = /^[\x21-\x39\x3b-\x7e]{1,255}$/;

/**
 * Logs in to ECR. The password is masked from here on.
 *
 * @throws ActionError where the answer is none of ECR's, or names a registry that must not have the password
 */
export async function findRegistry(
  ecr: ECR,
  choice: RegistryChoice,
  env: Readonly<NodeJS.ProcessEnv>,
  log: Pick<Log, 'mask'>,
): Promise<TargetRegistry> {
  const { proxyEndpoint, ...credentials } = await tokenFor(ecr, choice.account, log);
  const base = registryAddress(addressOf(proxyEndpoint), choice);
  const problem = addressProblem(base, namedEndpoint(env));
  if (problem) throw new ActionError(`cannot log in to ${excerpt(base.host)}: ${problem}`);
  const { account } = choice;
  return { base, host: base.host, ...(account && { account }), credentials };
}

async function tokenFor(
  ecr: ECR,
  account: string | undefined,
  log: Pick<Log, 'mask'>,
): Promise<Credentials & { readonly proxyEndpoint: string }> {
  const { authorizationData } = await ecr.getAuthorizationToken(account ? { registryIds: [account] } : {});
  const { authorizationToken, proxyEndpoint } = readLogin(authorizationData);
  const [user = '', password = ''] = Buffer.from(authorizationToken, 'base64').toString().split(/:(.*)/s);
  if (!userForm.test(user) || !passwordForm.test(password)) throw noToken();
  log.mask(password);
  log.mask(authorizationToken);
  return { user, password, proxyEndpoint };
}

/**
 * A login to a registry of ECR that is only read from, in any account and region. It is masked from here on.
 *
 * @param host a host of ECR
 * @throws ActionError that names the registry, and the permission where it is missing
 */
export async function loginTo(
  host: string,
  { aws, log, signal }: Pick<Context, 'aws' | 'log' | 'signal'>,
): Promise<Credentials> {
  const { account, region } = readEcrHost(host)!;
  try {
    const { user, password } = await tokenFor(await aws(region, signal).ecr(), account, log);
    return { user, password };
  } catch (error) {
    const why = explainAwsError(error)?.message ?? (error as Error).message;
    throw new ActionError(`cannot log in to ${host}, from which a base image comes: ${why}`, { cause: error });
  }
}

const noToken = () => new ActionError('cannot log in to ECR: its answer holds no token; run again later');

/** The SDK passes on what AWS answers, whatever its types say. */
function readLogin(data: unknown): { authorizationToken: string; proxyEndpoint: string } {
  const [first] = Array.isArray(data) ? (data as unknown[]) : [];
  const { authorizationToken, proxyEndpoint } = (first ?? {}) as Record<string, unknown>;
  if (typeof authorizationToken !== 'string' || typeof proxyEndpoint !== 'string' || !proxyEndpoint) throw noToken();
  return { authorizationToken, proxyEndpoint };
}

function addressOf(proxyEndpoint: string): URL {
  try {
    // Its origin only: nothing else of it is of use.
    return new URL(new URL(proxyEndpoint).origin);
  } catch {
    const problem = `ECR names the registry ${shown(proxyEndpoint)}, which is not an address`;
    throw new ActionError(`cannot log in to ECR: ${problem}; run again later`);
  }
}

/**
 * The address of the chosen registry. ECR answers that of the caller's own account where it pays no heed to the account
 * that it was asked for.
 */
export function registryAddress(own: URL, { account, host }: RegistryChoice): URL {
  const chosen = host ?? (account ? own.host.replace(/^\d{12}(?=\.dkr)/, account) : own.host);
  return chosen === own.host ? own : new URL(`${isLoopback(chosen) ? 'http' : 'https'}://${chosen}`);
}
