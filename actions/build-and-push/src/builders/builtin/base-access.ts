import { readEcrHost } from '../../../../../shared/aws/arn';
import { excerpt } from '../../../../../shared/excerpt';
import { isLoopback } from '../../../../../shared/loopback';
import type { Login } from '../../registry/auth';
import { RegistryClient } from '../../registry/client';
import { RegistryRefusal } from '../../registry/retry';
import type { Destination, Effects } from '../builder';
import { findLogin } from '../logins/user-logins';

/** The ways to read a repository, the best one first. */
export interface AccessTo {
  /**
   * Does a job with the first way whose login is accepted. Where none is, it fails with the last refusal.
   *
   * @throws what the job throws; where it was refused, with what is wrong with the logins in its message
   */
  reading<T>(host: string, repository: string, job: (client: RegistryClient) => Promise<T>): Promise<T>;
  /** Whether it is the registry that is pushed to. */
  isTarget(host: string): boolean;
}

interface Way {
  readonly login?: Login;
  /** For messages: `the login of docker login`. */
  readonly name?: string;
}

/**
 * Base images of the registry that is pushed to are read with its login; those of others with what `docker login` or
 * `podman login` has left for them, those of ECR also with a token for their own account and region, all else without a login.
 */
export function accessFor(destination: Destination, effects: Effects): AccessTo {
  const open = new Map<string, RegistryClient>();
  const clientFor = (host: string, { login, name = '' }: Way) => {
    const key = `${host} ${name} ${JSON.stringify(login ?? null)}`;
    const base = new URL(`${isLoopback(host) ? 'http' : 'https'}://${host}`);
    const client = open.get(key) ?? new RegistryClient({ base, ...effects, ...(login && { credentials: login }) });
    open.set(key, client);
    return client;
  };
  const isTarget = (host: string) => host === destination.host;
  return {
    isTarget,
    async reading(host, repository, job) {
      if (isTarget(host)) return job(destination.client);
      const troubles: string[] = [];
      let refused: unknown;
      for await (const way of waysTo(host, repository, destination, effects, troubles)) {
        try {
          return await job(clientFor(host, way));
        } catch (error) {
          if (!isRefused(error)) throw error;
          refused = error;
          if (way.name) {
            const trouble = `${way.name} was not accepted (${excerpt(error.message, 200)})`;
            troubles.push(trouble);
            effects.log.info(`${host}: ${trouble}`);
          }
        }
      }
      throw explained(refused as RegistryRefusal, troubles);
    },
  };
}

const isRefused = (error: unknown): error is RegistryRefusal =>
  error instanceof RegistryRefusal && [401, 403].includes(error.status);

async function* waysTo(
  host: string,
  repository: string,
  { ecrLogin }: Destination,
  effects: Effects,
  troubles: string[],
): AsyncGenerator<Way> {
  const { login, problems } = await findLogin(host, repository, effects);
  for (const problem of problems) effects.log.warn(`no login to ${host} from there: ${problem}`);
  troubles.push(...problems);
  if (login) yield { login, name: 'the login of docker login' };
  // ECR answers no request without one.
  if (ecrLogin && readEcrHost(host)) yield { login: await ecrLogin(host), name: 'the token of ECR for this role' };
  else yield {};
}

function explained({ status, code, message, retryAfter }: RegistryRefusal, troubles: readonly string[]) {
  const why = troubles.length === 0 ? '' : `; ${troubles.join('; ')}`;
  return new RegistryRefusal(status, code, `${message}${why}`, retryAfter);
}
