import type { Login } from '../../registry/auth';

/** Where the configuration of Docker or podman has the login to a registry. */
export type LoginPlace =
  | { readonly kind: 'written'; readonly login: Login }
  /** A program that keeps it, and the name under which it does. */
  | { readonly kind: 'helper'; readonly program: string; readonly server: string; readonly isNamed: boolean }
  | { readonly kind: 'problem'; readonly problem: string };

/** Names of Docker Hub; logins to it are kept under an address of its own. */
const hubHosts = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);
const hubServer = 'https://index.docker.io/v1/';

type Entries = Readonly<Record<string, unknown>>;

/**
 * The places of the login to a repository, in the order in which Docker and podman ask them: the helper of the registry,
 * the store for all, what is written in the file. Of several entries the one that names most of the repository's path comes
 * first. Sources: docker's config.json, containers-auth.json(5).
 */
export function loginPlaces(config: unknown, host: string, repository: string): LoginPlace[] {
  const { auths, credHelpers, credsStore } = entriesOf(config);
  const own = keysFor(entriesOf(credHelpers), host, repository);
  const written = keysFor(entriesOf(auths), host, repository);
  const server = hubHosts.has(host) ? hubServer : host;
  const helpers = own.map((key) =>
    helperPlace(entriesOf(credHelpers)[key], hubHosts.has(host) ? hubServer : key, true),
  );
  // An empty helper is Docker's word for none, not even the store.
  const store = own.length > 0 ? undefined : helperPlace(credsStore, server, written.length > 0);
  const entries = written.map((key) => writtenPlace(key, entriesOf(entriesOf(auths)[key])));
  return [...helpers, store, ...entries].flatMap((place) => place ?? []);
}

const entriesOf = (value: unknown): Entries =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Entries) : {};

/** The keys that name a registry, or a part of it in which the repository is. */
function keysFor(entries: Entries, host: string, repository: string): string[] {
  const fit = Object.keys(entries).flatMap((key) => {
    const [name = '', ...path] = key
      .replace(/^https?:\/\//i, '')
      .replace(/\/+$/, '')
      .split('/');
    const isHost = hubHosts.has(host) ? hubHosts.has(name) : name.toLowerCase() === host.toLowerCase();
    // What follows the host may be the version of the protocol.
    const within = /^v\d$/.test(path[0] ?? '') ? '' : path.join('/');
    const isWithin = within === '' || repository === within || repository.startsWith(`${within}/`);
    return isHost && isWithin ? [{ key, length: within.length }] : [];
  });
  return fit.sort((a, b) => b.length - a.length).map(({ key }) => key);
}

/** The name is a part of a program's name, and no path. */
const helperForm = /^[A-Za-z0-9][\w.-]{0,100}$/;

function helperPlace(name: unknown, server: string, isNamed: boolean): LoginPlace | undefined {
  if (name === undefined || name === null || name === '') return undefined;
  if (typeof name === 'string' && helperForm.test(name)) {
    return { kind: 'helper', program: `docker-credential-${name}`, server, isNamed };
  }
  return { kind: 'problem', problem: 'the credential helper that it names is not the name of a program' };
}

function writtenPlace(key: string, { auth, username, password, identitytoken, registrytoken }: Entries) {
  if (isText(identitytoken)) return { kind: 'written', login: { identityToken: identitytoken } } as const;
  if (isText(registrytoken)) return { kind: 'written', login: { registryToken: registrytoken } } as const;
  if (isText(username) && isText(password)) return { kind: 'written', login: { user: username, password } } as const;
  if (!isText(auth)) return undefined;
  // Old versions of Docker wrote zeros behind the password.
  const [, user, secret] = /^([^:]+):(.+?)\0*$/s.exec(Buffer.from(auth, 'base64').toString()) ?? [];
  if (user !== undefined && secret !== undefined)
    return { kind: 'written', login: { user, password: secret } } as const;
  return { kind: 'problem', problem: `the auth of ${key} is not user:password in base64` } as const;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
