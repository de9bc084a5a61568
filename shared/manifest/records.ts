/** Inputs in the form of docker/build-push-action: a record a line, in quotes where it has line breaks. */

import { got, type InputType } from './types';

/** Records, or the rule that the text breaks. */
type Records = { readonly records: readonly string[] } | { readonly problem: string };

/**
 * Splits text into its records, one a line; empty ones are left out. One that begins with a quote ends with the next single
 * quote and may have line breaks; a doubled quote in it is one quote. Source: the CSV that docker/build-push-action reads.
 */
export function splitRecords(text: string): Records {
  const found: string[] = [];
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!.trim();
    if (line === '') continue;
    const quoted = line.startsWith('"') ? quotedRecord(lines, at) : { record: line, last: at };
    if (!quoted) return { problem: `line ${at + 1} begins with a quote that nothing closes` };
    found.push(quoted.record);
    at = quoted.last;
  }
  return { records: found };
}

/** The record that begins with a quote in a line, and its last line; undefined where the quote is not closed. */
export function quotedRecord(lines: readonly string[], first: number): { record: string; last: number } | undefined {
  const parts = [lines[first]!.trimStart().slice(1)];
  let last = first;
  while (!isClosed(parts[parts.length - 1]!)) {
    last++;
    if (last >= lines.length) return undefined;
    parts.push(lines[last]!);
  }
  return { record: parts.join('\n').trimEnd().slice(0, -1).replace(/""/g, '"'), last };
}

/** Whether quoted text ends with a quote that is not doubled. */
function isClosed(line: string): boolean {
  const [quotes = ''] = /"*$/.exec(line.trimEnd()) ?? [];
  return quotes.length % 2 === 1;
}

/** One record a line. A comma belongs to it. */
export const records: InputType<readonly string[]> = {
  adk: 'string',
  form: 'one a line',
  lines: true,
  parse(given) {
    const split = splitRecords(given);
    return 'problem' in split ? split : { value: [...new Set(split.records)] };
  },
};

/** A secret by value; the id is '' where the record had none. */
export interface SecretRecord {
  readonly id: string;
  readonly value: string;
}

/** One `id=value` a line: secrets, whose values no message shows. */
export const secretRecords: InputType<readonly SecretRecord[]> = {
  adk: 'string',
  form: 'one `id=value` a line',
  lines: true,
  parse(given) {
    const split = splitRecords(given);
    if ('problem' in split) return split;
    return {
      value: split.records.map((record) => {
        const equals = record.indexOf('=');
        if (equals < 1) return { id: '', value: record.slice(equals + 1) };
        return { id: record.slice(0, equals).trim(), value: record.slice(equals + 1) };
      }),
    };
  },
};

/** `true`, `false`, or the settings of an attestation: `mode=max`, `generator=image`. */
export const attestation: InputType<boolean | string> = {
  adk: 'boolean',
  form: '`true`, `false`, or settings such as `mode=max`',
  parse(given) {
    const text = given.trim();
    const word = text.toLowerCase();
    if (word === 'true' || word === 'false') return { value: word === 'true' };
    if (/^[a-z][a-z-]*=[^\s]+$/i.test(text)) return { value: text };
    return { problem: `must be true, false, or settings such as mode=max, ${got(text)}` };
  },
};
