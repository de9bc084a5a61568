import { isAwsHost, readEcrHost } from '../../../../shared/aws/arn';
import { isLoopback } from '../../../../shared/loopback';
import { kindOfHost } from '../registry/address';

/** Which hosts are given ECR's password. */

/**
 * The endpoint that the environment names for ECR, which is then what answers as ECR; undefined where it names none, or
 * one of AWS itself. Source: the SDK's "Service-specific endpoints".
 */
export function namedEndpoint(env: Readonly<NodeJS.ProcessEnv>): URL | undefined {
  const text = env['AWS_ENDPOINT_URL_ECR'] || env['AWS_ENDPOINT_URL'];
  if (!text || env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true') return undefined;
  try {
    const url = new URL(text);
    return isAwsHost(url.hostname) ? undefined : url;
  } catch {
    return undefined;
  }
}

/** Whether a host that the user names may have the password: one of ECR, or of the endpoint that the environment names. */
export function isTrustedInput(host: string, endpoint: URL | undefined): boolean {
  if (readEcrHost(host) !== undefined) return true;
  return endpoint !== undefined && (isLoopback(host) || host === endpoint.host);
}

const notEcr = 'AWS answers that it is the registry, but it is not a host of ECR; check the endpoint and any proxy';

/** Why the address that ECR answers for its registry may not have the password; undefined where it may. */
export function addressProblem({ protocol, host, hostname }: URL, endpoint: URL | undefined): string | undefined {
  const isHere = isLoopback(host);
  if (protocol !== 'https:' && !(protocol === 'http:' && isHere))
    return 'its address is not encrypted; only https is used';
  if (readEcrHost(host) !== undefined) return undefined;
  if (endpoint === undefined || isAwsHost(hostname)) return notEcr;
  const kind = kindOfHost(hostname);
  const isNear = kind === undefined || kind === 'public' || kind === kindOfHost(endpoint.hostname);
  return isNear ? undefined : `it has a ${kind} address; check AWS_ENDPOINT_URL`;
}
