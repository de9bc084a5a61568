import { plainLines } from '../foreign-text';
import { defuse } from './defuse';

/** The forms in which a shell gets the outputs. */
export const resultFormats = ['text', 'json', 'dotenv'] as const;
export type ResultFormat = (typeof resultFormats)[number];

type Values = Readonly<Record<string, string>>;

/** The outputs in a form, and in JSON why the action failed, where it did. */
export function resultText(format: ResultFormat, values: Values, failure: string | undefined): string {
  switch (format) {
    case 'json':
      return `${safeJson(failure === undefined ? values : { ...values, error: failure })}\n`;
    case 'dotenv':
      return dotenv(values);
    case 'text':
      return outputList(values);
  }
}

/**
 * One `name=value` a line, further lines of a value indented. In a step of CodeCatalyst or GitHub the host reads this for
 * commands.
 */
const outputList = (values: Values): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${plainLines(value).map(defuse).join('\n  ')}\n`)
    .join('');

/**
 * `NAME=value` as a shell sources it and GitLab reads a dotenv report: names without hyphens, one line a value (GitLab takes
 * no other), quoted only where a shell needs it.
 */
const dotenv = (values: Values): string =>
  Object.entries(values)
    .map(([name, value]) => `${name.replace(/\W/g, '_')}=${shellValue(plainLines(value).join(' '))}\n`)
    .join('');

function shellValue(value: string): string {
  if (/^[\w./:@%+=,-]*$/.test(value)) return value;
  return value.includes("'") ? `"${value.replace(/["$`\\]/g, '\\$&')}"` : `'${value}'`;
}

/** Control characters that JSON may hold as they are, line breaks of other languages, and turns of direction. */
const unsafe = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** JSON in one line for every reader, with nothing in it that a host takes for a command. The values are the same when read. */
const safeJson = (values: Values): string =>
  JSON.stringify(values)
    .replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(/##(?=\w{0,32}\[)/g, '#\\u0023');
