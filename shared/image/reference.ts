/** Names of container images, by the grammar of distribution/reference (the one Docker and the registries use). */

/** An image reference in its parts, as written: no default host, no default tag. */
export interface ImageReference {
  /** Registry host with its port, such as `111122223333.dkr.ecr.us-west-2.amazonaws.com` or `127.0.0.1:5000`. */
  readonly host?: string;
  /** The path in the registry, such as `team/app`. */
  readonly repository: string;
  readonly tag?: string;
  /** Such as `sha256:…`. */
  readonly digest?: string;
}

const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const hostForm = new RegExp(`^(?:${label}(?:\\.${label})*|\\[[0-9a-fA-F:]+\\])(?::[0-9]+)?$`);
const pathComponent = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const repositoryForm = new RegExp(`^${pathComponent}(?:/${pathComponent})*$`);
const tagForm = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const digestForm = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;
/** Host and repository together. */
const longestName = 255;
/** Name, tag of 128 and digest of 135 characters have fewer. No form is matched with more. */
const longestReference = 600;

/** Reads an image reference. `problem` is the rule that the text breaks, fit for a Finding. */
export function parseImageReference(text: string): ImageReference | { readonly problem: string } {
  const problem = (rule: string) => ({ problem: `${rule}, got ${JSON.stringify(text)}` });
  if (text.length > longestReference)
    return { problem: `must have at most ${longestReference} characters, got ${text.length}` };
  const [named, digest, ...more] = text.split('@');
  if (!named || more.length > 0) return problem('must be an image such as host/repository:tag');
  const { name, tag } = splitTag(named);
  const { host, repository } = splitHost(name);
  if (host !== undefined && !isRegistryHost(host)) return problem(hostRule(host));
  if (!repositoryForm.test(repository)) return problem(repositoryRule(repository));
  if (name.length > longestName) return problem(`must have a name of at most ${longestName} characters`);
  if (tag !== undefined && tagProblem(tag)) return problem(`has the tag "${tag}", which ${tagProblem(tag)}`);
  if (digest !== undefined && !isDigest(digest)) return problem('must have a digest such as sha256: and 64 hex digits');
  return { ...(host && { host }), repository, ...(tag && { tag }), ...(digest && { digest }) };
}

/** The rule that a tag breaks; undefined where it breaks none. */
export function tagProblem(tag: string): string | undefined {
  if (tagForm.test(tag)) return undefined;
  if (tag.length > 128) return `must have at most 128 characters, got ${tag.length}`;
  return 'must be letters, digits, "_", "." and "-", not beginning with "." or "-"';
}

/** Whether the text is a digest, such as `sha256:` and 64 lower-case hex digits. */
export const isDigest = (text: string): boolean => digestForm.test(text);

/** Whether the text is the name of a repository, without its host; ECR's own rule is the same (its API model). */
export const isRepositoryName = (text: string): boolean => text.length <= longestReference && repositoryForm.test(text);

/** Whether the text is a registry host, with or without a port. */
export const isRegistryHost = (text: string): boolean =>
  text.length <= longestReference && hostForm.test(text) && isPort(text) && isAddress(text);

const isPort = (host: string) => {
  const [, port = '443'] = /:([0-9]+)$/.exec(host.replace(/^\[.*\]/, '')) ?? [];
  return Number(port) >= 1 && Number(port) <= 65535;
};

/** What ends in a number must be an IPv4 address, and what is in brackets an IPv6 one. */
function isAddress(host: string): boolean {
  try {
    return new URL(`https://${host}`).host !== '';
  } catch {
    return false;
  }
}

function hostRule(host: string): string {
  if (hostForm.test(host) && !isPort(host)) return 'has a registry host whose port is not from 1 to 65535';
  return `has a registry host that is not valid (${host})`;
}

/** The text of a reference. */
export function formatImageReference({ host, repository, tag, digest }: ImageReference): string {
  return `${host ? `${host}/` : ''}${repository}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`;
}

/** A colon after the last slash begins the tag; an earlier one belongs to the port of the host. */
function splitTag(named: string): { name: string; tag?: string } {
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  return colon < 0 ? { name: named } : { name: named.slice(0, colon), tag: named.slice(colon + 1) };
}

/** The first part is a host when it cannot be a part of a repository: Docker's own rule. */
function splitHost(name: string): { host?: string; repository: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isHost = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  return slash > 0 && isHost ? { host: first, repository: name.slice(slash + 1) } : { repository: name };
}

function repositoryRule(repository: string): string {
  if (repository !== repository.toLowerCase()) return 'must have a repository name in lower case';
  return 'must have a repository name of lower-case letters and digits, divided by "/", ".", "_", "__" or "-"';
}
