/** What an unquoted scalar is to CodeCatalyst. */
export type ScalarKind = 'string' | 'boolean' | 'number' | 'date' | 'null';

const nothing = new Set(['', '~', 'null', 'Null', 'NULL']);
const booleans = new Set(['true', 'True', 'TRUE', 'false', 'False', 'FALSE']);
const integer = /^[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[\da-fA-F_]+|[1-9][\d_]*|0)$/;
const float = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$|^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/;
const date = /^\d{4}-\d{1,2}-\d{1,2}(?:(?:[Tt]|[ \t]+)\d{1,2}:\d{2}:\d{2}.*)?$/;

/**
 * The kind of a scalar without quotes, by the rules of go-yaml v3, with which AWS's local runner reads workflows: neither
 * YAML 1.1 nor 1.2. `yes`, `on`, `1:30` and `.` are strings there, `0o17` and `1_000` are numbers.
 */
export function scalarKind(written: string): ScalarKind {
  if (nothing.has(written)) return 'null';
  if (booleans.has(written)) return 'boolean';
  if (integer.test(written) || float.test(written)) return 'number';
  return date.test(written) ? 'date' : 'string';
}
