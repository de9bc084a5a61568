import type { ECR } from '@aws-sdk/client-ecr';
import { explainAwsError } from '../../../../shared/aws/errors';
import { type Finding, refuse } from '../../../../shared/errors';
import { excerpt } from '../../../../shared/excerpt';
import type { Context } from '../../../../shared/host/run-action';
import { findLogin } from '../builders/logins/user-logins';
import { findRegistry, registryAt, type TargetRegistry } from '../ecr/login';
import type { Request } from '../inputs';

/** The registry, and ECR where its calls can say more of the repository. */
export interface Target {
  readonly registry: TargetRegistry;
  readonly ecr?: ECR;
}

/**
 * Finds the registry and logs in to it. Where ECR gives no login and the inputs name the registry, one that `docker login` (or
 * docker/login-action) left for it serves as well, and an image that is only built needs none: a build of a pull request often
 * has no credentials.
 *
 * @throws InputError where an input needs calls of ECR that cannot be made
 */
export async function findTarget(request: Request, context: Context): Promise<Target> {
  const { env, log, signal } = context;
  const { host } = request.registry;
  if (request.repository === '') return { registry: registryAt(nowhere) };
  if (host !== undefined && (request.foreign || request.region === '')) return { registry: registryAt(host) };
  try {
    const ecr = await context.aws(request.region, signal).ecr();
    return { registry: await findRegistry(ecr, request.registry, env, log), ecr };
  } catch (error) {
    if (host === undefined || signal.aborted) throw error;
    const why = excerpt(explainAwsError(error)?.message ?? (error as Error).message);
    const { login } = await findLogin(host, request.repository, context);
    // ECR knows no tokens of other kinds.
    const credentials = login && 'password' in login ? login : undefined;
    if (!credentials && request.push) throw error;
    if (!credentials) {
      log.info(`not logged in to ${host}, which only base images from there would need: ${why}`);
      return { registry: registryAt(host) };
    }
    refuse(request.push ? needingEcr(request, why) : []);
    log.info(`using the login of docker login to ${host}: ${why}`);
    return { registry: { ...registryAt(host), credentials } };
  }
}

/** Stands for the registry of an image without a name. Source: RFC 2606, which gives such names to nobody. */
const nowhere = 'nowhere.invalid';

/** The inputs that ask for calls of ECR, which a login of Docker does not allow. */
function needingEcr(request: Request, why: string): Finding[] {
  const problem = `needs calls of ECR, which docker login alone does not allow: ${why}`;
  const mode = request['if-tag-exists'];
  const wheres = [
    ...(request['create-repository'] ? ['create-repository'] : []),
    ...(mode === 'skip' || mode === 'fail' ? ['if-tag-exists'] : []),
    ...(request['scan-severity'] === 'none' ? [] : ['scan-severity']),
  ];
  return wheres.map((where) => ({ where, problem }));
}
