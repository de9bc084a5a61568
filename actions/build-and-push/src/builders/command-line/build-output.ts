/** What the output of builders says. */

/** What is searched and shown of a line; builders say what matters at its beginning. */
const looked = (line: string) => line.slice(0, 1_000);
/** The part of a line that an error shows. */
const quotedPart = (line: string) => (line.length > 300 ? `${line.slice(0, 300)}…` : line);

/** Whether a push failed for a reason that may pass. The daemon retries layers by itself, but not manifests. */
export function saysTransient(lines: readonly string[]): boolean {
  const transient =
    /toomanyrequests|too many requests|connection (?:reset|refused)|broken pipe|\bEOF\b|i\/o timeout|TLS handshake timeout|status(?: code)?:? (?:429|5\d\d)|(?:429|5\d\d) (?:Too|Internal|Bad|Service|Gateway)/i;
  return lines.slice(-10).some((line) => transient.test(looked(line)));
}

/** The step at which a build failed, as the user wrote it; undefined where the output does not tell. */
export function failingStep(lines: readonly string[]): string | undefined {
  for (const line of lines.map(looked).reverse()) {
    // BuildKit, podman and buildah repeat the step in their error; the classic builder announced it before.
    const [, buildkit] = /^\s*> (\[.+?\] .+?):?$/.exec(line) ?? [];
    const [, buildah] = /\bat STEP "(.+?)": /.exec(line) ?? [];
    const step = buildkit ?? buildah ?? /^Step \d+\/\d+ : .+$/.exec(line)?.[0];
    if (step) return quotedPart(step);
  }
  return undefined;
}

const shownLines = 3;

/** What builders print for order's sake: rulers, digests, steps and intermediate images. */
const ornament =
  /^(#\d+ (sha256:|\[|DONE|CACHED)|> \[|--->|-->|Step \d|(?:\[\d+\/\d+\] )?STEP \d|Removing intermediate|-+$)/;

/** The last lines that say something, for the error. */
export function lastWords(lines: readonly string[]): string {
  const said = lines
    .map((line) => looked(line).trim())
    .filter((line) => /[A-Za-z0-9]/.test(line) && !ornament.test(line));
  return said.slice(-shownLines).map(quotedPart).join(' | ');
}

/** Why BuildKit could not write the cache to where it is kept; undefined where it could. */
export function cacheFailure(lines: readonly string[]): string | undefined {
  const steps = new Set(lines.map((line) => /^(#\d+) exporting (?:cache to|to GitHub Actions Cache)/.exec(line)?.[1]));
  const errors = lines.map((line) => /^(#\d+) ERROR: (.+)$/.exec(line) ?? []);
  const said = errors.find(([, step]) => step !== undefined && steps.has(step))?.[2];
  return said && quotedPart(said);
}

/** What BuildKit finds odd about a Dockerfile, with its line. */
export interface DockerfileWarning {
  readonly line: number;
  readonly text: string;
}

/** Warnings that are shown; BuildKit repeats one for each stage. */
const mostWarnings = 20;

/** The warnings at the end of a build by BuildKit: ` - FromAsCasing: 'as' and 'FROM' … do not match (line 1)`. */
export function dockerfileWarnings(lines: readonly string[]): readonly DockerfileWarning[] {
  const start = lines.findIndex((line) => /^\s*\d+ warnings? found/.test(looked(line)));
  const found = (start < 0 ? [] : lines.slice(start + 1)).flatMap((given) => {
    const [, text, line] = /^\s*- (\w+: .*) \(line (\d{1,7})\)$/.exec(looked(given)) ?? [];
    return text === undefined ? [] : [{ line: Number(line), text: quotedPart(text) }];
  });
  return found.slice(0, mostWarnings);
}

/** Where a build failed in its Dockerfile: BuildKit shows `Dockerfile:7`, a ruler, and the lines around it. */
export function failingLine(lines: readonly string[]): number | undefined {
  const at = lines.findIndex((line, index) => /^-{5,}$/.test(line) && /:\d+$/.test(looked(lines[index - 1] ?? '')));
  return at < 0 ? undefined : Number(/:(\d+)$/.exec(looked(lines[at - 1]!))?.[1]);
}
