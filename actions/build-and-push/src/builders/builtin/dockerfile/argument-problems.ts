/** What no instruction may be written like, whether or not its stage is built. Source: instructions.Parse of BuildKit. */
import type { Instruction } from './dockerfile';
import { jsonWords, nameValues, plainWords, quotedWords } from './dockerfile-words';
import { quoted } from './quote';

type Check = (text: string, escaper: string) => string | undefined;

const needs =
  (problem: string): Check =>
  (text) =>
    text === '' ? problem : undefined;

const listed = (text: string) => jsonWords(text) ?? plainWords(text);

const pairs: Check = (text, escaper) =>
  nameValues(text, escaper) ? undefined : `must have the form NAME=value, got ${quoted(text)}`;

const sources: Check = (text) =>
  listed(text).length < 2 ? 'must name at least one source and the destination' : undefined;

const variables: Check = (text, escaper) => {
  const words = quotedWords(text, escaper);
  if (words.length === 0) return 'must name a variable';
  return words.some((word) => word.startsWith('=')) ? 'must name a variable before the equals sign' : undefined;
};

const checks: Readonly<Record<string, Check>> = {
  ADD: sources,
  ARG: variables,
  COPY: sources,
  ENV: pairs,
  EXPOSE: needs('must name at least one port'),
  HEALTHCHECK: (text) => (/^(?:none$|cmd\s+\S)/is.test(text) ? undefined : 'must be CMD and a command, or NONE'),
  LABEL: pairs,
  MAINTAINER: needs('must name a maintainer'),
  SHELL: (text) => (jsonWords(text)?.length ? undefined : 'must be a JSON array, such as ["/bin/bash", "-c"]'),
  STOPSIGNAL: needs('must have a value'),
  USER: needs('must name a user'),
  VOLUME: (text) =>
    listed(text).length === 0 || listed(text).includes('') ? 'must name at least one path' : undefined,
  WORKDIR: needs('must name a path'),
};

/** Why the arguments of an instruction cannot be meant, by the way they are written. */
export const problemOfArguments = ({ keyword, text }: Instruction, escaper: string): string | undefined =>
  checks[keyword]?.(text, escaper);
