import { expect, it } from '@jest/globals';
import { type ScalarKind, scalarKind, truthOf } from '../../local/runner/scalar-kind';

/** As go-yaml v2.4.0 answers when it is asked for a value of any type. */
const kinds: Record<ScalarKind, readonly string[]> = {
  string: [
    ...['.', '..', '-.', '+', '=', '<<', '._', '_1', '0x', '0xG', '0b2', '1e', '1.5e', '1e400', '0x1p-2'],
    ...['1:30', '190:20:30', '1.2.3', '1,000', 'v1', 'tRUE', 'yEs', 'oFF', 'nULL', '.iNF', '-.nan'],
    ...['2026-01-05', '2026-1-5', '12-01-02', '2026-01-05T09:00:00Z', '2026-01-05 9:00:00', '2026-13-45'],
  ],
  boolean: [
    ...['true', 'True', 'TRUE', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'y', 'Y'],
    ...['false', 'False', 'FALSE', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'n', 'N'],
  ],
  number: [
    ...['0', '00', '-0', '0_', '1', '-1', '+1', '1_', '1_000', '1__0', '18446744073709551616', '012345678901'],
    ...['0b10', '-0b10', '+0b10', '0B10', '0o17', '0O17', '-0o17', '017', '08', '0x1F', '0X1f', '0x_1'],
    ...['1.0', '1.', '.5', '-.5', '+.5', '.5_0', '00.5', '09.5', '1_000.5', '1e3', '1E+3', '12e03'],
    ...['.inf', '-.inf', '+.INF', '.Inf', '.nan', '.NaN'],
  ],
  null: ['', '~', 'null', 'Null', 'NULL'],
};

it.each(Object.entries(kinds).flatMap(([kind, texts]) => texts.map((text) => [text, kind])))(
  '%j without quotes is a %s',
  (text, kind) => expect(scalarKind(text)).toBe(kind),
);

it.each([...kinds.boolean, ...kinds.string, ...kinds.number])('%j is true, false or neither', (text) => {
  const isBoolean = kinds.boolean.includes(text);
  expect(truthOf(text)).toBe(isBoolean ? /^(?:t|y|on)/i.test(text) : undefined);
});
