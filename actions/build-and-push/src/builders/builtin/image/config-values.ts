import type { Healthcheck, ImageConfig, Platform } from '../../../registry/oci';
import { quoted } from '../dockerfile/quote';

/** Docker's own for an image from scratch. */
const defaultPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The configuration that a stage from scratch begins with. */
export function scratchConfig(platform: Platform): ImageConfig {
  const { architecture, os, variant } = platform;
  const config = { Env: [defaultPath], WorkingDir: '/' };
  return {
    architecture,
    os,
    ...(variant && { variant }),
    config,
    rootfs: { type: 'layers', diff_ids: [] },
    history: [],
  };
}

/** An image that says where its programs are; one that does not gets Docker's default, as in BuildKit. */
export function withPath(image: ImageConfig): ImageConfig {
  const { Env } = image.config ?? {};
  if (Env?.some((entry) => entry.startsWith('PATH='))) return image;
  return { ...image, config: { ...image.config, Env: [...(Env ?? []), defaultPath] } };
}

/**
 * The ports of one word of EXPOSE: `80`, `80/udp`, `8000-8010`, and the form of `docker run -p`, `[ip:][host:]container`, of
 * which only the container's ports count. Undefined where it is none.
 */
export function exposedPorts(word: string): string[] | undefined {
  const parts = word.split(':');
  const [, range = '', protocol = 'tcp'] = /^([^/]*)(?:\/(tcp|udp|sctp|))?$/i.exec(parts[parts.length - 1]!) ?? [];
  const ports = portRange(range);
  if (!ports || !isHostPart(parts.slice(0, -1), ports)) return undefined;
  const suffix = protocol.toLowerCase() || 'tcp';
  return Array.from({ length: ports.last - ports.first + 1 }, (_, at) => `${ports.first + at}/${suffix}`);
}

interface PortRange {
  readonly first: number;
  readonly last: number;
}

function portRange(text: string): PortRange | undefined {
  const [, low = '', high = low] = /^\+?(\d+)(?:-\+?(\d+))?$/.exec(text) ?? [];
  const [first, last] = [Number(low), Number(high)];
  return low === '' || first > last || last > 65535 ? undefined : { first, last };
}

/** Addresses of both families, not looked at more closely: they are not kept. */
const addressForm = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]*:[\da-f:.]*)$/i;

/** What precedes the container's ports: nothing, or an address (in brackets or not) and the ports of the host. */
function isHostPart(parts: readonly string[], container: PortRange): boolean {
  const [host = '', ...before] = [...parts].reverse();
  const address = before
    .reverse()
    .join(':')
    .replace(/^\[(.*)\]$/, '$1');
  if (address !== '' && !addressForm.test(address)) return false;
  if (host === '') return true;
  const ports = portRange(host);
  const isOne = container.first === container.last;
  return ports !== undefined && (isOne || ports.last - ports.first === container.last - container.first);
}

/** JSON objects are written in the order of their names, so that the digest depends on what they hold only. */
export function sortedKeys<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const units: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 6e10,
  h: 3.6e12,
};

/** A duration as Go reads it (`1m30s`, `.5s`, `0`), in nanoseconds. Undefined where it is none. */
export function durationOf(text: string): number | undefined {
  const [, sign, amounts = ''] = /^([-+]?)(0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(text) ?? [];
  if (amounts === '') return undefined;
  const parts = [...amounts.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)];
  const sum = parts.reduce((total, [, amount, unit]) => total + Number(amount) * units[unit!]!, 0);
  return sign === '-' ? -sum : sum;
}

const healthFlags = {
  interval: 'Interval',
  timeout: 'Timeout',
  'start-period': 'StartPeriod',
  'start-interval': 'StartInterval',
} as const;

/** A health check from the flags and the test of HEALTHCHECK. `problem` is the rule that a flag breaks. */
export function healthcheck(
  flags: Readonly<Record<string, string>>,
  test: readonly string[],
): Healthcheck | { problem: string } {
  const found: Record<string, number> = {};
  for (const [flag, value] of Object.entries(flags)) {
    const field = flag === 'retries' ? 'Retries' : healthFlags[flag as keyof typeof healthFlags];
    const amount = flag === 'retries' ? (/^\+?\d{1,9}$/.test(value) ? Number(value) : undefined) : durationOf(value);
    if (!field) return { problem: `has the flag --${flag}, which Docker does not know` };
    if (amount === undefined)
      return { problem: `--${flag} must be ${flag === 'retries' ? 'a number' : 'like 30s'}, got ${quoted(value)}` };
    // None at all is the default, which is not written.
    if (amount === 0) continue;
    if (flag !== 'retries' && amount < units['ms']!)
      return { problem: `--${flag} must be at least 1ms, got ${quoted(value)}` };
    found[field] = amount;
  }
  return { Test: test, ...found };
}
