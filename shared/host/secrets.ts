import { plainLines } from '../foreign-text';
import { formsOf } from './encodings';

/** What must not be shown. */
export interface Secrets {
  /** The answer is whether it was new; a value too short to be hidden is not. Of a credential, beginnings are hidden too. */
  add(secret: string, kind?: 'credential'): boolean;
  /** The text with every secret replaced, also where it is encoded or in another letter case. */
  hide(text: string): string;
}

/** Shorter texts are not masked: hiding every "a" would hide nothing and spoil the log. */
const shortestSecret = 4;
/** Encoded forms, other letter cases and cut ones are looked for from this length on: shorter ones are found in anything. */
const window = 8;
/** A piece of a credential, as quoting leaves one, is hidden from this length on: a shorter piece does not help to guess the rest. */
const shortestPiece = 16;

type Place = readonly [from: number, to: number];

/**
 * Secrets, with those of the environment among them from the start. Nothing is encoded before the first text comes.
 *
 * @param credentials Values whose beginnings are hidden too; asked for once.
 */
export function createSecrets(credentials: () => readonly string[] = () => []): Secrets {
  const known = new Set<string>();
  const short = new Set<string>();
  const index = createIndex();
  let fresh: (() => void)[] = [];
  const take = (secret: string, whole: boolean) => {
    if (secret.trim().length < shortestSecret || known.has(secret)) return false;
    known.add(secret);
    if (secret.length < window) short.add(secret);
    else
      fresh.push(() => {
        for (const form of formsOf(secret)) index.add(form, whole);
      });
    return true;
  };
  let start: (() => void) | undefined = () => {
    start = undefined;
    for (const credential of credentials()) for (const line of linesOf(credential)) take(line, false);
  };
  return {
    add(secret, kind) {
      start?.();
      return take(secret, kind !== 'credential');
    },
    hide(text) {
      start?.();
      for (const encode of fresh) encode();
      fresh = [];
      return replace(text, [...index.placesIn(text), ...shortPlaces(text, short)]);
    },
  };
}

/** A secret of several lines is shown line by line, perhaps without its indentation, so each line is one. */
export const linesOf = (secret: string): string[] => [
  ...new Set([secret, ...plainLines(secret).flatMap((line) => [line, line.trim()])]),
];

/** Secrets may be parts of each other or overlap, so places are joined before. */
function replace(text: string, places: Place[]): string {
  if (places.length === 0) return text;
  let shown = '';
  let end = 0;
  for (const [from, to] of places.sort(([a], [b]) => a - b)) {
    if (from >= end) shown += `${text.slice(end, from)}***`;
    end = Math.max(end, to);
  }
  return shown + text.slice(end);
}

function shortPlaces(text: string, secrets: ReadonlySet<string>): Place[] {
  const places: Place[] = [];
  for (const secret of secrets) {
    for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1))
      places.push([at, at + secret.length]);
  }
  return places;
}

/** Lower case that never changes the length: positions must be those of the text itself. */
function lowerCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

interface Form {
  readonly text: string;
  /** Where in it the eight characters stand by which it is found. */
  readonly anchor: number;
  readonly whole: boolean;
}

const prime = 31;
const oldest = [...Array(window).keys()].reduce((power) => Math.imul(power, prime), 1);
/** Places of a form that are tried for its anchor. */
const anchors = 8;

/**
 * Finds any number of forms in one pass: a hash of the last eight characters is kept while the text goes by (Rabin-Karp), and
 * only where it is that of a form's anchor are they compared.
 */
function createIndex() {
  const byHash = new Map<number, Form[]>();
  /** Which hashes there are by their last 16 bits, as asking a map at each character takes five times as long. */
  const filter = new Uint8Array(0x10000);
  const formsAt = (text: string, anchor: number) => byHash.get(hashOf(text, anchor)) ?? [];
  return {
    add(form: string, whole: boolean): void {
      const text = lowerCase(form);
      if (text.length < window) return;
      const anchor = whole ? rarest(text, (place) => formsAt(text, place).length) : 0;
      const hash = hashOf(text, anchor);
      filter[hash & 0xffff] = 1;
      const forms = formsAt(text, anchor);
      forms.push({ text, anchor, whole });
      byHash.set(hash, forms);
    },
    placesIn(given: string): Place[] {
      const places: Place[] = [];
      if (byHash.size === 0 || given.length < window) return places;
      const text = lowerCase(given);
      let hash = hashOf(text, 0);
      for (let at = 0; ; at++) {
        if (filter[hash & 0xffff]) {
          for (const form of byHash.get(hash) ?? []) {
            const from = at - form.anchor;
            const length = lengthAt(text, from, form);
            if (length > 0) places.push([from, from + length]);
          }
        }
        if (at + window >= text.length) return places;
        hash = (Math.imul(hash, prime) + text.charCodeAt(at + window) - Math.imul(text.charCodeAt(at), oldest)) | 0;
      }
    },
  };
}

/** The place of a form that fewest others are found by: the lines of a file of secrets may all begin alike. */
function rarest(text: string, count: (place: number) => number): number {
  let best = 0;
  for (let step = 1; step < anchors && count(best) > 0; step++) {
    const place = Math.round((step * (text.length - window)) / (anchors - 1));
    if (count(place) < count(best)) best = place;
  }
  return best;
}

function hashOf(text: string, from: number): number {
  let hash = 0;
  for (let at = from; at < from + window; at++) hash = (Math.imul(hash, prime) + text.charCodeAt(at)) | 0;
  return hash;
}

/** How much of a form stands here; 0 where it is not worth hiding. */
function lengthAt(text: string, from: number, { text: form, whole }: Form): number {
  if (from >= 0 && text.startsWith(form, from)) return form.length;
  if (whole) return 0;
  let length = 0;
  while (length < form.length && text.charCodeAt(from + length) === form.charCodeAt(length)) length++;
  return length >= shortestPiece ? length : 0;
}
