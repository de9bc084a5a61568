/** Modes of `--chmod`: octal numbers, and the symbolic form of chmod(1) as BuildKit reads it (the setmode of BSD). */

/** What `--chmod` does to a file or directory. */
export interface Chmod {
  /** @param mode permission bits before, such as 0o644 */
  apply(mode: number, isDirectory: boolean): number;
  /** The mode of directories that a copy has to make. */
  readonly created: number;
}

const [setUid, setGid, sticky] = [0o4000, 0o2000, 0o1000];
const permissions = 0o777;
const executable = 0o111;
/** What `a` names; the sticky bit is named by `t` only. */
const everyone = setUid | setGid | permissions;

const classes: Readonly<Record<string, number>> = {
  a: everyone,
  u: setUid | 0o700,
  g: setGid | 0o070,
  o: 0o007,
};

/** Undefined for a text that is not a mode. */
export function parseMode(text: string): Chmod | undefined {
  if (/^[0-7]+$/.test(text)) {
    const mode = Number.parseInt(text, 8);
    return mode > 0o7777 ? undefined : { apply: () => mode, created: mode & permissions };
  }
  const steps = text.split(',').map(parseClause);
  if (steps.some((one) => one === undefined)) return undefined;
  const all = steps.flatMap((one) => one!);
  return {
    apply: (mode, isDirectory) => all.reduce((now, step) => step(now, mode, isDirectory), mode),
    created: 0o755,
  };
}

/** @param now the mode after the steps before. @param before the mode before all of them */
type Step = (now: number, before: number, isDirectory: boolean) => number;

/** `u=rw`, `go-x`, `a+rX`, `u=rwx-s`: the classes, then operators with what they add, take away or set. */
function parseClause(text: string): Step[] | undefined {
  const [, who = '', rest = ''] = /^([augo]*)((?:[-+=][rwxXstugo]*)+)$/.exec(text) ?? [];
  if (rest === '') return undefined;
  const named = [...who].reduce((bits, one) => bits | classes[one]!, 0);
  return [...rest.matchAll(/([-+=])([^-+=]*)/g)].flatMap(([, operator, letters]) =>
    stepsOf(operator as Operator, letters!, named),
  );
}

type Operator = '+' | '-' | '=';

function stepsOf(operator: Operator, letters: string, named: number): Step[] {
  const who = letters.includes('t') && (named === 0 || (named & ~0o007) !== 0) ? named | sticky : named;
  const mask = who === 0 ? everyone | sticky : who;
  const steps: Step[] = operator === '=' ? [(now) => now & ~(who === 0 ? everyone : who)] : [];
  for (const letter of letters) {
    if ('ugo'.includes(letter)) steps.push(copying(operator, letter, named));
    else if (letter === 'X' && operator !== '-') {
      steps.push((now, before, isDirectory) =>
        isDirectory || (before & executable) !== 0 ? now | (executable & mask) : now,
      );
    } else {
      const bits = bitsOf(letter, named) & mask;
      steps.push(operator === '-' ? (now) => now & ~bits : (now) => now | bits);
    }
  }
  return steps;
}

function bitsOf(letter: string, named: number): number {
  // For others alone these two mean nothing.
  const isSpecial = named === 0 || (named & ~0o007) !== 0;
  if (letter === 's') return isSpecial ? setUid | setGid : 0;
  if (letter === 't') return isSpecial ? sticky : 0;
  return { r: 0o444, w: 0o222, x: executable, X: executable }[letter]!;
}

/** `g=u`: the permissions of one class for others. */
function copying(operator: Operator, from: string, named: number): Step {
  const shift = { u: 6, g: 3, o: 0 }[from]!;
  const targets = [6, 3, 0].filter((to) => named === 0 || (named & (0o7 << to)) !== 0);
  return (now) => {
    const value = (now >> shift) & 0o7;
    return targets.reduce((mode, to) => (operator === '-' ? mode & ~(value << to) : mode | (value << to)), now);
  };
}
