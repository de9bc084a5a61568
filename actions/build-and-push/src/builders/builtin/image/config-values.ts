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

/**
 * The ports of one word of EXPOSE: `80`, `80/udp`, `8000-8010`. Undefined where it is none.
 */
export function exposedPorts(word: string): string[] | undefined {
  const [, low = '', high = low, protocol = 'tcp'] = /^(\d+)(?:-(\d+))?(?:\/(tcp|udp|sctp))?$/i.exec(word) ?? [];
  const [first, last] = [Number(low), Number(high)];
  if (low === '' || first > last || last > 65535) return undefined;
  return Array.from({ length: last - first + 1 }, (_, at) => `${first + at}/${protocol.toLowerCase()}`);
}

/** JSON objects are written in the order of their names, so that the digest depends on what they hold only. */
export function sortedKeys<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const units: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 6e10,
  h: 3.6e12,
};

/** A duration as Go writes it (`1m30s`), in nanoseconds. Undefined where it is none. */
export function durationOf(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * units[unit!]!, 0);
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
    const amount = flag === 'retries' ? (/^\d+$/.test(value) ? Number(value) : undefined) : durationOf(value);
    if (!field) return { problem: `has the flag --${flag}, which it does not have in Docker` };
    if (amount === undefined)
      return { problem: `--${flag} must be ${flag === 'retries' ? 'a number' : 'like 30s'}, got ${quoted(value)}` };
    if (flag !== 'retries' && amount < units['ms']!)
      return { problem: `--${flag} must be at least 1ms, got ${quoted(value)}` };
    found[field] = amount;
  }
  return { Test: test, ...found };
}
