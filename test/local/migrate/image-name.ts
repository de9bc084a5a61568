import type { ScriptReader } from './script-text';

/** Where an image is pushed to, its expressions as the host writes them. */
export interface ImageName {
  readonly registry: Registry;
  readonly repository: string;
  readonly tag: string;
  /** The whole name as the script has it. */
  readonly name: string;
}

/** A registry in the words of build-and-push. */
export interface Registry {
  /** As the script has it. */
  readonly host: string;
  /** Undefined where it is that of the credentials. */
  readonly registry?: string;
  readonly region?: string;
}

/** The output of amazon-ecr-login: the registry of the credentials. */
const loginOutput = /^\$\{\{\s*steps\.[\w-]+\.outputs\.registry\s*\}\}$/;

/** Takes the name of an image apart. */
export function readImageName(reader: ScriptReader, name: string): ImageName | { readonly problem: string } {
  const unknown = reader.unknownIn(name);
  if (unknown) return { problem: `${unknown} is known to the shell only` };
  const [, host, repository, tag] = /^([^/]+)\/(.+?)(?::([^/:]+))?$/s.exec(name) ?? [];
  if (tag === undefined && reader.mayHoldTag(name)) {
    return {
      problem: `whether ${reader.show(name)} ends in a tag cannot be read from the workflow; write one behind it`,
    };
  }
  if (!host || !repository) return { problem: `${reader.show(name)} does not begin with a registry` };
  const registry = readRegistry(reader, host);
  if (!registry) return { problem: notEcr(reader.show(host), 'a registry') };
  return { registry, repository: reader.show(repository), tag: reader.show(tag ?? 'latest'), name };
}

function readRegistry(reader: ScriptReader, host: string): Registry | undefined {
  const text = reader.show(host);
  if (loginOutput.test(text)) return { host };
  const [, account, kind, region] =
    /^(.+)\.dkr\.(ecr|ecr-fips)\.(.+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)$/s.exec(host) ?? [];
  if (!account || !region) return undefined;
  if (reader.isAccount(account)) return { host, region: reader.show(region) };
  // The account and the region name the same registry; a special one keeps its name.
  return kind === 'ecr'
    ? { host, registry: reader.show(account), region: reader.show(region) }
    : { host, registry: text };
}

/**
 * Why an image is not moved whose name does not show ECR: it is elsewhere, or the workflow does not show where it is. What comes
 * first in a name decides: without an expression in it, it is a registry, or an account of Docker Hub.
 */
export function notEcr(shown: string, what: 'a registry' | 'in a registry'): string {
  const [first = ''] = /^(?:\$\{\{.*?\}\}|[^/:$])*/s.exec(shown) ?? [];
  return first.includes('${{')
    ? `whether ${shown} is ${what} of Amazon ECR cannot be read from the workflow; change this step by hand if it is`
    : `${shown} is not ${what} of Amazon ECR`;
}
