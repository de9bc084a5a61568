/** What the output of Docker's command line says. Pure. */

export type Flavour = 'buildx' | 'buildkit' | 'classic';

/** `docker version --format '{{json .}}'`; undefined where no daemon answered. */
export function parseVersion(text: string): { client: string; server: string } | undefined {
  try {
    const { Client, Server } = JSON.parse(text) as {
      Client?: { Version?: string };
      Server?: { Version?: string } | null;
    };
    return Server?.Version ? { client: Client?.Version ?? '0', server: Server.Version } : undefined;
  } catch {
    return undefined;
  }
}

/** `github.com/docker/buildx v0.11.2 9872040`: the version. */
export function parseBuildx(text: string): string | undefined {
  return /\bv?(\d+\.\d+(?:\.\d+)?)/.exec(text)?.[1];
}

/**
 * The builder behind a command line without buildx: BuildKit was part of it from 18.09 on; since 23.0 it is only to be
 * had with buildx.
 */
export function flavourOf(client: string, buildx: string | undefined): Flavour {
  if (buildx !== undefined) return 'buildx';
  return isAtLeast(client, [23, 0]) || !isAtLeast(client, [18, 9]) ? 'classic' : 'buildkit';
}

export function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [first = 0, second = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return first > major || (first === major && second >= minor);
}

/** The digest that `docker push` ends with: `v1: digest: sha256:… size: 528`. */
export function pushedDigest(lines: readonly string[]): string | undefined {
  const found = lines.map((line) => /\bdigest: (sha256:[0-9a-f]{64})\b/.exec(line)?.[1]).filter(Boolean);
  return found[found.length - 1];
}

/** Whether a push failed for a reason that may pass. The daemon retries layers by itself, but not manifests. */
export function isPassing(lines: readonly string[]): boolean {
  const passing =
    /toomanyrequests|too many requests|connection (?:reset|refused)|broken pipe|\bEOF\b|i\/o timeout|TLS handshake timeout|status(?: code)?:? (?:429|5\d\d)|(?:429|5\d\d) (?:Too|Internal|Bad|Service|Gateway)/i;
  return lines.slice(-10).some((line) => passing.test(line));
}

/** The step at which a build failed, as the user wrote it; undefined where the output does not tell. */
export function failingStep(lines: readonly string[]): string | undefined {
  for (const line of [...lines].reverse()) {
    // BuildKit repeats the step in its error; the classic builder announced it before.
    const [, buildkit] = /^\s*> (\[.+?\] .+?):?$/.exec(line) ?? [];
    const step = buildkit ?? /^Step \d+\/\d+ : .+$/.exec(line)?.[0];
    if (step) return step;
  }
  return undefined;
}

const shownLines = 3;

/** What builders print for order's sake: rulers, digests, steps and intermediate images. */
const ornament = /^(#\d+ (sha256:|\[|DONE|CACHED)|> \[|--->|Step \d|Removing intermediate|-+$)/;

/** The last lines that say something, for the error. */
export function lastWords(lines: readonly string[]): string {
  const said = lines.map((line) => line.trim()).filter((line) => /[A-Za-z0-9]/.test(line) && !ornament.test(line));
  return said.slice(-shownLines).join(' | ');
}
