import { readEcrHost } from '../../../../shared/aws/arn';
import { shown } from '../../../../shared/excerpt';
import { isRegistryHost } from '../../../../shared/image/reference';
import { isLoopback } from '../../../../shared/loopback';
import { isTrustedInput } from './trusted-hosts';

/** Which registry: by account, by host, by both, or the default one of the credentials' account. */
export interface RegistryChoice {
  /** Twelve digits. */
  readonly account?: string;
  readonly host?: string;
}

/** What was given as the registry: the choice, the region that its host names, and the rule that it breaks. */
export interface ParsedRegistry {
  readonly choice: RegistryChoice;
  readonly region?: string;
  readonly problem?: string;
}

/**
 * Reads an account id or a registry host. The host that is chosen here is sent the password of ECR.
 *
 * @param endpoint the endpoint of ECR that the environment names
 */
export function parseRegistry(text: string | undefined, endpoint: URL | undefined): ParsedRegistry {
  if (text === undefined) return { choice: {} };
  if (/^\d{12}$/.test(text)) return { choice: { account: text } };
  const host = text
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/$/, '');
  const given = shown(text);
  if (!isRegistryHost(host) || !/[.:]|^localhost$/.test(host)) {
    return { choice: {}, problem: `must be an account id of 12 digits or a registry host, got ${given}` };
  }
  if (isTrustedInput(host, endpoint)) {
    const { account, region } = readEcrHost(host) ?? {};
    return { choice: { host, ...(account && { account }) }, ...(region && { region }) };
  }
  if (isLoopback(host)) {
    return {
      choice: {},
      problem: `is on this machine, but AWS_ENDPOINT_URL names no ECR of this machine, got ${given}`,
    };
  }
  return { choice: {}, problem: `must be a private registry of Amazon ECR, got ${given}` };
}
