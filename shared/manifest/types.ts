/** The kinds of input: how the text of one is read, and what the manifests and tables say of it. */

import { cut } from '../excerpt';

/** A value, or the rule that the text breaks. */
export type Parsed<T> = { readonly value: T } | { readonly problem: string };

/** How the text of an input becomes a value. Never throws. */
export interface InputType<T> {
  /** The type that the ADK manifest declares. */
  readonly adk: 'string' | 'number' | 'boolean';
  /** The form in a few words, for the tables and the help. */
  readonly form: string;
  /** It is the path of a file, so that a command line may give `-` for standard input. */
  readonly isFile?: true;
  /** It takes several lines, so that a command line may give it several times. */
  readonly lines?: true;
  parse(text: string): Parsed<T>;
}

/** The text that was given, as far as a message shows it. */
export const got = (text: string) => `got ${JSON.stringify(cut(text, 60))}`;

/** One line of text, without surrounding white space. */
export const text: InputType<string> = {
  adk: 'string',
  form: 'text',
  parse: (given) => (/[\r\n]/.test(given.trim()) ? { problem: 'must be a single line' } : { value: given.trim() }),
};

/** The path of a file, or whatever else may replace it. */
export const file: InputType<string> = { ...text, isFile: true };

/** Text kept as it is, line breaks included. */
export const block: InputType<string> = { adk: 'string', form: 'text', parse: (given) => ({ value: given }) };

/** `true` or `false` in any letter case. */
export const flag: InputType<boolean> = {
  adk: 'boolean',
  form: '`true` or `false`',
  parse(given) {
    const word = given.trim().toLowerCase();
    return word === 'true' || word === 'false'
      ? { value: word === 'true' }
      : { problem: `must be true or false, ${got(given)}` };
  },
};

/** A decimal number within bounds; whole unless `fraction` is allowed. */
export function number(bounds: { min: number; max?: number; fraction?: boolean }): InputType<number> {
  const kind = bounds.fraction ? 'number' : 'whole number';
  const range = bounds.max === undefined ? `of at least ${bounds.min}` : `from ${bounds.min} to ${bounds.max}`;
  return {
    adk: 'number',
    form: kind,
    parse(given) {
      const value = Number(given.trim());
      const wellFormed = (bounds.fraction ? /^\d+(\.\d+)?$/ : /^\d+$/).test(given.trim());
      const within = value >= bounds.min && value <= (bounds.max ?? Number.POSITIVE_INFINITY);
      return wellFormed && within ? { value } : { problem: `must be a ${kind} ${range}, ${got(given)}` };
    },
  };
}

/** One of a closed set of words. */
export function choice<const T extends string>(words: readonly T[]): InputType<T> {
  return {
    adk: 'string',
    form: words.map((word) => `\`${word}\``).join(', '),
    parse(given) {
      const value = words.find((word) => word === given.trim());
      return value === undefined ? { problem: `must be one of ${words.join(', ')}; ${got(given)}` } : { value };
    },
  };
}

/** What JSON calls an object. */
export type JsonRecord = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A JSON object. */
export const jsonObject: InputType<JsonRecord> = {
  adk: 'string',
  form: 'a JSON object',
  parse(given) {
    const value = parseJson(given);
    return isRecord(value) ? { value } : { problem: `must be a JSON object, ${got(given)}` };
  },
};

/** A JSON array of objects. */
export const jsonObjects: InputType<readonly JsonRecord[]> = {
  adk: 'string',
  form: 'a JSON array of objects',
  parse(given) {
    const value = parseJson(given);
    const isFit = Array.isArray(value) && value.every(isRecord);
    return isFit ? { value } : { problem: `must be a JSON array of objects, ${got(given)}` };
  },
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words quote the text, which may be a secret.
    return undefined;
  }
}

/** An item of a list. Quotes around it, or around several in one line, are those of CSV, as docker/build-push-action takes them. */
const plainItem = (item: string): string => item.trim().replace(/^"|"$/g, '').trim();

/** Words beside those of a list: any that begin so. */
interface OpenWords {
  readonly prefix: string;
  /** How one looks, for messages: `alarm:NAME`. */
  readonly form: string;
}

/** `alarm: NAME` is `alarm:NAME`: a space after a colon is what people who write YAML are used to. */
const closed = (item: string, open: OpenWords | undefined): string =>
  open && item.startsWith(open.prefix) ? open.prefix + item.slice(open.prefix.length).trimStart() : item;

/** Words separated by commas or line breaks, spaces around them ignored; each one of `words` where given, or one of `open`. */
export function list<const T extends string = string>(words?: readonly T[], open?: OpenWords): InputType<readonly T[]> {
  const known = [...(words ?? []), ...(open ? [open.form] : [])];
  const isKnown = (item: string) =>
    words === undefined ||
    words.includes(item as T) ||
    (open !== undefined && item.startsWith(open.prefix) && item.length > open.prefix.length);
  return {
    adk: 'string',
    lines: true,
    form: words ? `any of ${known.map((word) => `\`${word}\``).join(', ')}` : 'comma- or line-separated',
    parse(given) {
      const items = given
        .split(/[,\r\n]+/)
        .map((item) => closed(plainItem(item), open))
        .filter((item) => item !== '');
      const strangers = items.filter((item) => !isKnown(item));
      return strangers.length > 0
        ? { problem: `must be any of ${known.join(', ')}; ${got(strangers.join(', '))}` }
        : { value: [...new Set(items)] as T[] };
    },
  };
}

/** One ARN a line; a comma may be a part of it, but not before another one. */
export const arns: InputType<readonly string[]> = {
  adk: 'string',
  lines: true,
  form: 'one ARN a line',
  parse(given) {
    const items = given.split(/[\r\n]+|,(?=\s*arn:)/).map((item) => item.trim());
    return { value: [...new Set(items.filter((item) => item !== ''))] };
  },
};
