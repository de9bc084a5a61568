/** The exit statuses of every action; `128 + n` (ended by signal n) is added by the host. */
export const exitStatus = {
  done: 0,
  failed: 1,
  wrongInput: 2,
  rolledBack: 3,
  timedOut: 4,
  superseded: 5,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** What each exit status means, for readers. */
export const exitMeanings: Readonly<Record<ExitStatus, string>> = {
  0: 'done as asked',
  1: 'it failed',
  2: 'an input is wrong, or a check before the first change failed; nothing was changed',
  3: 'the deployment was rolled back',
  4: 'the wait ended first; the deployment still runs',
  5: 'another deployment replaced this one',
};

/**
 * A failure that a user can act on. `message` is one line: `cannot <verb> <thing>: <why>; <what to do>`.
 * `details` are further lines for the log only.
 */
export class ActionError extends Error {
  override readonly name: string = 'ActionError';
  readonly exit: ExitStatus;
  readonly details: readonly string[];

  constructor(message: string, options: { exit?: ExitStatus; details?: readonly string[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exit = options.exit ?? exitStatus.failed;
    this.details = options.details ?? [];
  }
}

/** One thing that is wrong with what the user gave: where it is and which rule it breaks. */
export interface Finding {
  /** The input, or a place in a file: `tags`, `task.json:4:7 containerDefinitions[0].Image`. */
  readonly where: string;
  /** The rule and the value given, such as `must be true or false, got "yes"`. */
  readonly problem: string;
}

/** A place in a file, as its reader counts: lines and columns from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}

const placeForm = /^(.{1,1000}?):(\d{1,7})(?::(\d{1,7}))?(?=:? |:?$)/s;

/** The place that a finding or a line about one begins with: `task.json:4:7 family`, `Dockerfile:3: …`. */
export function placeIn(text: string): Place | undefined {
  const [, file, line, column] = placeForm.exec(text) ?? [];
  if (file === undefined) return undefined;
  return { file, line: Number(line), ...(column !== undefined && { column: Number(column) }) };
}

/** Findings that are listed; more are only counted, as nobody reads them and they would fill the log. */
const mostTold = 200;

/** Everything that is wrong with the inputs, reported together. Nothing has been changed (exit status 2). */
export class InputError extends ActionError {
  override readonly name = 'InputError';

  constructor(readonly findings: readonly Finding[]) {
    const lines = findings.slice(0, mostTold).map(({ where, problem }) => `${where}: ${problem}`);
    if (findings.length > mostTold) lines.push(`and ${findings.length - mostTold} more`);
    super(lines.length === 1 ? lines[0]! : `${findings.length} inputs are wrong: ${lines.join(' | ')}`, {
      exit: exitStatus.wrongInput,
      details: lines.length === 1 ? [] : lines,
    });
  }
}

/** What a reading refuses of what the user gave; nothing where it goes well. */
export function findingsOf(read: () => unknown): readonly Finding[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.findings;
    throw error;
  }
}

/**
 * What several steps found, in their order, each finding once. The first step that finds something wrong with an input is
 * the one to tell: what later steps say of the same input follows from that.
 */
export function mergeFindings(
  first: readonly Finding[],
  ...later: readonly (readonly Finding[])[]
): readonly Finding[] {
  const merged = [...first];
  for (const found of later) {
    const told = new Set(merged.map(({ where }) => where));
    const each = new Map(found.map((finding) => [`${finding.where}: ${finding.problem}`, finding]));
    merged.push(...[...each.values()].filter(({ where }) => !told.has(where)));
  }
  return merged;
}

/** Throws an InputError when there are findings. Those of several steps are merged. */
export function refuse(first: readonly Finding[], ...later: readonly (readonly Finding[])[]): void {
  const findings = mergeFindings(first, ...later);
  if (findings.length > 0) throw new InputError(findings);
}
