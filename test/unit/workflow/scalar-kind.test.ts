import { expect, it } from '@jest/globals';
import { type ScalarKind, scalarKind } from '../../local/runner/scalar-kind';

const kinds: Record<ScalarKind, readonly string[]> = {
  string: [
    '.',
    '..',
    '-',
    'yes',
    'No',
    'on',
    'OFF',
    'y',
    '1:30',
    '190:20:30',
    '=',
    '<<',
    '1.2.3',
    'v1',
    '0x',
    '1e',
    'tRUE',
    '12-01-02',
  ],
  boolean: ['true', 'True', 'TRUE', 'false', 'False', 'FALSE'],
  number: [
    '0',
    '1',
    '-1',
    '+1',
    '1_000',
    '0b10',
    '0o17',
    '017',
    '0x1F',
    '1.0',
    '1.',
    '.5',
    '-.5',
    '1e3',
    '12e03',
    '.inf',
    '-.INF',
    '.nan',
  ],
  date: ['2026-01-05', '2026-1-5', '2026-01-05T09:00:00Z', '2026-01-05 9:00:00', '2001-12-14t21:59:43.10-05:00'],
  null: ['', '~', 'null', 'Null', 'NULL'],
};

it.each(Object.entries(kinds).flatMap(([kind, texts]) => texts.map((text) => [text, kind])))(
  '%j without quotes is a %s',
  (text, kind) => expect(scalarKind(text)).toBe(kind),
);
