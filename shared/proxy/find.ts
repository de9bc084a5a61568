import { isLoopback } from '../loopback';

export type Environment = Readonly<NodeJS.ProcessEnv>;

const variable = (env: Environment, name: string): string => env[name] || env[name.toUpperCase()] || '';

/** Whether the environment names a proxy at all. */
export const namesProxy = (env: Environment): boolean =>
  ['http_proxy', 'https_proxy', 'all_proxy'].some((name) => variable(env, name) !== '');

const socks = /^socks.*$/i;

/** An address whose proxy is looked for. */
export interface Destination {
  readonly protocol: 'http:' | 'https:';
  readonly host: string;
  readonly port: number;
}

/**
 * The proxy for an address; undefined where it is reached directly, as this machine's own addresses are. `no_proxy` has
 * names of hosts, each with all below it, with or without a port, or `*`. Source: curl(1), "Environment".
 */
export function proxyFor({ protocol, host, port }: Destination, env: Environment): URL | undefined {
  const own = variable(env, protocol === 'https:' ? 'https_proxy' : 'http_proxy');
  // Where the one for all is of SOCKS, other programs that speak HTTP only go past it.
  const proxy = own || variable(env, 'all_proxy').replace(socks, '');
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  if (proxy === '' || isLoopback(host) || isExempt(name, port, variable(env, 'no_proxy'))) return undefined;
  if (proxy.search(socks) === 0) {
    throw new ProxyRefusal(`the proxy for ${protocol}//${name} is of SOCKS; name an HTTP proxy in HTTPS_PROXY`);
  }
  try {
    return new URL(proxy.includes('://') ? proxy : `http://${proxy}`);
  } catch {
    // Shown without its value, which may hold a password.
    throw new ProxyRefusal(
      `the proxy for ${protocol}//${name} has no valid address; correct HTTPS_PROXY or HTTP_PROXY`,
    );
  }
}

function isExempt(name: string, port: number, exempt: string): boolean {
  return exempt
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      const [, host = '', only] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      const ofPort = only === undefined || Number(only) === port;
      return entry === '*' || (ofPort && (name === host || name.endsWith(`.${host}`)));
    });
}

/** A proxy that does not let a request through, which was therefore not sent. */
export class ProxyRefusal extends Error {
  override readonly name = 'ProxyRefusal';
}
