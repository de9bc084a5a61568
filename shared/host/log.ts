/** What an action says while it works. Everything passes through here, so that secrets are hidden in one place. */
export interface Log {
  /** Whether colours may be used. */
  readonly colour: boolean;
  info(text: string): void;
  /** Something the reader should look at, although it is no failure. */
  warn(text: string): void;
  error(text: string): void;
  /** Shown only with debug logging on (`RUNNER_DEBUG=1` or `DEBUG` set). */
  debug(text: string): void;
  /** Hides this text everywhere from now on: in the log, the outputs and the summary. */
  mask(secret: string): void;
  /** The text with every masked secret replaced. */
  masked(text: string): string;
}

export interface LogOptions {
  readonly colour: boolean;
  readonly debug: boolean;
  /** Writes one line, without its line break. */
  readonly write: (line: string) => void;
  /** How the host marks the lines of a level, such as `::error::`. */
  readonly mark: (level: 'info' | 'warn' | 'error' | 'debug', line: string) => string;
  /** Tells the host of a secret, where it can hide it too. */
  readonly announceSecret?: (secret: string) => void;
}

/**
 * A line of foreign text (build output, a service event) must not be read as a command of the host:
 * `::set-output …` by CodeCatalyst and GitHub, `##[…]` by GitHub.
 */
export function defuse(line: string): string {
  return line.replace(/^(\s*):(?=:)/, '$1:\u200b').replace(/##(?=\[)/g, '##\u200b');
}

/** Shorter texts are not masked: hiding every "a" would hide nothing and spoil the log. */
const shortestSecret = 4;

/** Hides every place of every secret. Secrets may be parts of each other or overlap, so places are joined before. */
function hide(text: string, secrets: ReadonlySet<string>): string {
  let shown = '';
  let end = 0;
  for (const [from, to] of placesOf(text, secrets)) {
    if (from >= end) shown += `${text.slice(end, from)}***`;
    end = Math.max(end, to);
  }
  return shown + text.slice(end);
}

function placesOf(text: string, secrets: ReadonlySet<string>): (readonly [from: number, to: number])[] {
  const places: (readonly [number, number])[] = [];
  for (const secret of secrets) {
    for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1))
      places.push([at, at + secret.length]);
  }
  return places.sort(([a], [b]) => a - b);
}

export function createLog(options: LogOptions): Log {
  const secrets = new Set<string>();
  const masked = (text: string) => hide(text, secrets);
  const say = (level: 'info' | 'warn' | 'error' | 'debug') => (text: string) => {
    for (const line of masked(text).split(/\r\n|\n|\r/)) options.write(options.mark(level, defuse(line)));
  };
  return {
    colour: options.colour,
    info: say('info'),
    warn: say('warn'),
    error: say('error'),
    debug: options.debug ? say('debug') : () => {},
    mask(secret) {
      // A secret of several lines is logged line by line, so each line is one.
      for (const line of [secret, ...secret.split(/\r?\n/)]) {
        if (line.trim().length < shortestSecret || secrets.has(line)) continue;
        secrets.add(line);
        options.announceSecret?.(line);
      }
    },
    masked,
  };
}

/** Marks for a host without commands of its own; coloured on a terminal. */
export function plainMark(colour: boolean): LogOptions['mark'] {
  const paint = (code: number, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  return (level, line) => {
    if (level === 'warn') return paint(33, `Warning: ${line}`);
    if (level === 'error') return paint(31, `Error: ${line}`);
    return level === 'debug' ? paint(2, line) : line;
  };
}
