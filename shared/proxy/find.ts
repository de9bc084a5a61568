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
 * The proxy for an address; undefined where it is reached directly, as this machine's own addresses are. `no_proxy` lists
 * names of hosts, each with all below it, and IP addresses, both with or without a port, networks such as `10.0.0.0/8`, and
 * `*`. Sources: curl(1), "Environment"; Go's golang.org/x/net/http/httpproxy, which Docker uses.
 */
export function proxyFor({ protocol, host, port }: Destination, env: Environment): URL | undefined {
  const own = variable(env, protocol === 'https:' ? 'https_proxy' : 'http_proxy');
  // Where the one for all is of SOCKS, other programs that speak HTTP only go past it.
  const proxy = own || variable(env, 'all_proxy').replace(socks, '');
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  if (proxy === '' || isLoopback(host) || isExempt(name, port, variable(env, 'no_proxy'))) return undefined;
  if (proxy.search(socks) === 0) {
    throw new ProxyRefusal(`the proxy for ${protocol}//${name} is a SOCKS proxy; name an HTTP proxy in HTTPS_PROXY`);
  }
  try {
    const url = new URL(proxy.includes('://') ? proxy : `http://${proxy}`);
    // A password with a `%` that escapes nothing could not be sent.
    for (const part of [url.username, url.password]) decodeURIComponent(part);
    return url;
  } catch {
    // Shown without its value, which may hold a password.
    throw new ProxyRefusal(
      `the proxy for ${protocol}//${name} has no valid address; correct HTTPS_PROXY or HTTP_PROXY`,
    );
  }
}

type Net = typeof import('node:net');
/** It loads slowly, and is only needed for exemptions. */
const net = () => require('node:net') as Net;

function isExempt(name: string, port: number, exempt: string): boolean {
  const isName = net().isIP(name) === 0;
  return exempt
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => entry === '*' || (isName ? namesHost(entry, name, port) : namesIp(entry, name, port)));
}

function namesHost(entry: string, name: string, port: number): boolean {
  const [, host = '', only] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  return isPort(only, port) && (name === host || name.endsWith(`.${host}`));
}

/** An address, which may be in brackets and may have a port, or a network. */
const addressForm = /^(?:\[([\da-f:.]+)\]|([\d.]+)(?=:)|([\da-f:.]+))(?:\/(\d{1,3})|:(\d+))?$/;

function namesIp(entry: string, address: string, port: number): boolean {
  const [, bracketed, withPort, plain, bits, only] = addressForm.exec(entry) ?? [];
  const { BlockList, isIP } = net();
  const network = bracketed ?? withPort ?? plain ?? '';
  const version = isIP(network);
  const longest = version === 4 ? 32 : 128;
  if (version === 0 || version !== isIP(address) || Number(bits ?? 0) > longest) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(network, Number(bits ?? longest), family);
  return isPort(only, port) && list.check(address, family);
}

const isPort = (only: string | undefined, port: number): boolean => only === undefined || Number(only) === port;

/** A proxy that does not let a request through, which was therefore not sent. */
export class ProxyRefusal extends Error {
  override readonly name = 'ProxyRefusal';
}
