/** What an unquoted scalar is to CodeCatalyst. */
export type ScalarKind = 'string' | 'boolean' | 'number' | 'null';

const nothing = /^(?:|~|null|Null|NULL)$/;
const truths = /^(?:true|True|TRUE|yes|Yes|YES|on|On|ON|y|Y)$/;
const falsehoods = /^(?:false|False|FALSE|no|No|NO|off|Off|OFF|n|N)$/;
const integer = /^[-+]?(?:0[bB][01]+|0[oO]?[0-7]+|0[xX][\da-fA-F]+|[1-9]\d*|0)$/;
const float = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$|^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/;

/**
 * The kind of a scalar without quotes, by the rules of go-yaml v2, with which AWS's local runner reads workflows: YAML 1.1 as
 * CodeCatalyst documents it, but for times of day (`1:30`) and dates, which are strings there. `.` is a string too; `yes`
 * and `on` are booleans; `0o17`, `1_000` and `08` are numbers.
 */
export function scalarKind(written: string): ScalarKind {
  if (nothing.test(written)) return 'null';
  if (truthOf(written) !== undefined) return 'boolean';
  return isNumber(written) ? 'number' : 'string';
}

/** The value of a YAML 1.1 boolean; undefined if the text is not one. */
export function truthOf(written: string): boolean | undefined {
  if (truths.test(written)) return true;
  return falsehoods.test(written) ? false : undefined;
}

/** Underscores may stand between digits, though not at the start. A decimal that is too large is a string. */
function isNumber(written: string): boolean {
  const plain = /^[-+.\d]/.test(written) ? written.replace(/_/g, '') : written;
  if (integer.test(plain)) return true;
  return float.test(plain) && (/inf|nan/i.test(plain) || Number.isFinite(Number(plain)));
}
