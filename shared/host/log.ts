import { type Place, placeIn } from '../errors';
import { cutLine, plainLine, plainText } from '../foreign-text';
import { type Colour, paint } from '../paint';
import { credentialsOf } from './credentials';
import { defuse } from './defuse';
import { createSecrets, linesOf } from './secrets';

/** What an action says while it works. Everything passes through here, so that secrets are hidden in one place. */
export interface Log {
  /** The text may be anybody's: what a terminal or the host would act upon is taken out of it. */
  info(text: string, colour?: Colour): void;
  /** Something the reader should look at, although it is no failure; by default at the place that the text begins with. */
  warn(text: string, place?: Place): void;
  error(text: string, place?: Place): void;
  /** One of several things that are wrong: an error of its own where the host can show it at its place. */
  finding(text: string, place: Place | undefined): void;
  /** Begins lines that belong together; the answer ends them, and so do an error and the next group. A host may fold them. */
  group(title: string): () => void;
  /** Shown only with debug logging on (`RUNNER_DEBUG=1` or `DEBUG` set). */
  debug(text: string): void;
  /** Hides this text everywhere from now on: in the log, the outputs and the summary. */
  mask(secret: string): void;
  /** The same for a secret that is never printed on purpose: it is not announced to the host, as announcing prints it. */
  hide(secret: string): void;
  /** The text with every masked secret replaced. */
  masked(text: string): string;
}

type Level = 'info' | 'warn' | 'error' | 'debug';

export interface LogOptions {
  /** Whether colours may be used. */
  readonly colour: boolean;
  readonly debug: boolean;
  /** Where the credentials are that are hidden from the first line on. */
  readonly env?: Readonly<NodeJS.ProcessEnv>;
  /** Writes one line, without its line break. */
  readonly write: (line: string) => void;
  /** How the host marks the lines of a level, such as `::error::`. */
  readonly mark: (level: Level, line: string, place?: Place) => string;
  /** Whether the host shows errors at their places. */
  readonly showsPlaces?: boolean;
  /** How the host begins and ends lines that belong together. */
  readonly group?: { readonly begin: (title: string) => string; readonly end: string };
  /** Tells the host of a secret, where it can hide it too. */
  readonly announceSecret?: (secret: string) => void;
}

/** Characters of a line; more is a file or a dump, which no log is read for. */
const longestLine = 8 * 1024;
/** Characters of a line that a host shows by itself, as an annotation. */
export const longestNotice = 4 * 1024;

/** A line that no log takes, as a log would show it. */
export const shownAlone = (text: string, env: Readonly<NodeJS.ProcessEnv>): string =>
  defuse(cutLine(createSecrets(() => credentialsOf(env)).hide(plainLine(text)), longestNotice));

export function createLog(options: LogOptions): Log {
  const { env = {} } = options;
  const secrets = createSecrets(() => credentialsOf(env));
  const masked = (text: string) => secrets.hide(text);
  const say = (level: Level) => (text: string, colour?: Colour, place?: Place) => {
    const longest = level === 'error' || level === 'warn' ? longestNotice : longestLine;
    // Sequences first: one within a secret would keep it from being found.
    for (const line of masked(plainText(text)).split('\n')) {
      const safe = options.mark(level, defuse(cutLine(line, longest)), place);
      options.write(colour && options.colour ? paint(colour, safe) : safe);
    }
  };
  let open: (() => void) | undefined;
  const endGroup = () => {
    open?.();
    open = undefined;
  };
  return {
    info: (text, colour) => say('info')(text, colour),
    warn: (text, place = placeIn(text)) => say('warn')(text, undefined, place),
    error(text, place) {
      // Nobody would see it inside a folded group.
      endGroup();
      say('error')(text, undefined, place);
    },
    finding(text, place) {
      endGroup();
      say(options.showsPlaces && place ? 'error' : 'info')(text, undefined, place);
    },
    group(title) {
      endGroup();
      const { begin, end } = options.group ?? { begin: (line: string) => line };
      options.write(begin(defuse(cutLine(masked(plainLine(title)), longestNotice))));
      const own = () => {
        if (end !== undefined) options.write(end);
      };
      open = own;
      return () => {
        if (open === own) endGroup();
      };
    },
    debug: options.debug ? say('debug') : () => {},
    mask(secret) {
      for (const line of linesOf(secret)) if (secrets.add(line)) options.announceSecret?.(line);
    },
    hide(secret) {
      for (const line of linesOf(secret)) secrets.add(line, 'credential');
    },
    masked,
  };
}

/** Marks for a host without commands of its own; coloured on a terminal. */
export function plainMark(colour: boolean): LogOptions['mark'] {
  const painted = (name: Colour, text: string) => (colour ? paint(name, text) : text);
  return (level, line) => {
    if (level === 'warn') return painted('yellow', `Warning: ${line}`);
    if (level === 'error') return painted('red', `Error: ${line}`);
    return level === 'debug' ? painted('dim', line) : line;
  };
}
