import type { ContainerConfig, ImageConfig } from '../registry/oci';
import { addKeys, exposedPorts, healthcheck, sortedKeys, withConfig, withEnv } from './config';
import type { Instruction } from './dockerfile';
import { expandDocument, expandWord } from './expand';
import { BuildProblem } from './problem';
import { type Args, declareArgs, lookupIn } from './scope';
import { isSignal } from './signals';
import { jsonWords, nameValues, plainWords, quotedWords } from './words';

/** What the instructions of a stage have set so far. */
export interface Settings {
  readonly image: ImageConfig;
  /** The build arguments that the stage and those it is made from have declared. */
  readonly args: Args;
  /** Whether CMD was set in this Dockerfile: ENTRYPOINT drops one that came with the base image. */
  readonly ownCmd: boolean;
}

/** What does not change within a stage. */
export interface StageScope {
  readonly escaper: string;
  readonly given: Readonly<Record<string, string>>;
  readonly globals: Args;
}

type Setter = (settings: Settings, instruction: Instruction, scope: StageScope) => Settings;

/** Expands a word with the variables in force. */
export const expanding = ({ image, args }: Settings, { escaper }: StageScope) => {
  const lookup = lookupIn(image.config?.Env ?? [], args);
  return (word: string): string => expandWord(word, lookup, escaper);
};

/** Expands a document with the variables in force. */
export const expandingDocument = ({ image, args }: Settings) => {
  const lookup = lookupIn(image.config?.Env ?? [], args);
  return (text: string): string => expandDocument(text, lookup);
};

/** The instructions that change the configuration only. Pure. @throws BuildProblem */
export const setters: Readonly<Record<string, Setter>> = {
  ARG(settings, instruction, { given, globals, escaper }) {
    const lookup = lookupIn(settings.image.config?.Env ?? [], settings.args);
    const scope = { args: settings.args, given, outer: globals, lookup };
    return { ...settings, args: declareArgs(instruction, scope, escaper) };
  },
  ENV(settings, instruction, scope) {
    const expanded = pairsOf(settings, instruction, scope);
    const env = expanded.reduce((all, [name, value]) => withEnv(all, name, value), settings.image.config?.Env ?? []);
    const hidden = new Set(expanded.map(([name]) => name));
    const args = new Map([...settings.args].filter(([name]) => !hidden.has(name)));
    return { ...set(settings, { Env: env }), args };
  },
  LABEL(settings, instruction, scope) {
    const added = Object.fromEntries(pairsOf(settings, instruction, scope));
    return set(settings, { Labels: sortedKeys({ ...settings.image.config?.Labels, ...added }) });
  },
  MAINTAINER: (settings, { text }) => ({ ...settings, image: { ...settings.image, author: text } }),
  USER: (settings, { text }, scope) => set(settings, { User: oneWord(text, expanding(settings, scope)) }),
  STOPSIGNAL(settings, { text }, scope) {
    const signal = oneWord(text, expanding(settings, scope));
    if (!isSignal(signal)) throw new BuildProblem(`must be a signal such as SIGQUIT or 9, got "${signal}"`);
    return set(settings, { StopSignal: signal });
  },
  EXPOSE(settings, { text }, scope) {
    const expand = expanding(settings, scope);
    const words = plainWords(text).flatMap((word) => quotedWords(expand(word), scope.escaper));
    const ports = words.flatMap((word) => exposedPorts(word) ?? refusePort(word));
    return set(settings, { ExposedPorts: addKeys(settings.image.config?.ExposedPorts, ports) });
  },
  VOLUME(settings, { text }, scope) {
    const paths = (jsonWords(text) ?? plainWords(text)).map(expanding(settings, scope));
    if (paths.length === 0 || paths.includes('')) throw new BuildProblem('must name at least one path');
    return set(settings, { Volumes: addKeys(settings.image.config?.Volumes, paths) });
  },
  SHELL(settings, { text }) {
    const words = jsonWords(text);
    if (!words?.length) throw new BuildProblem('must be a JSON array, such as ["/bin/bash", "-c"]');
    return set(settings, { Shell: words });
  },
  CMD: (settings, { text }) => ({ ...set(settings, { Cmd: command(settings, text) }), ownCmd: true }),
  ENTRYPOINT(settings, { text }) {
    const withEntrypoint = set(settings, { Entrypoint: command(settings, text) });
    if (settings.ownCmd) return withEntrypoint;
    const { Cmd: _inherited, ...config } = withEntrypoint.image.config ?? {};
    return { ...withEntrypoint, image: { ...withEntrypoint.image, config } };
  },
  HEALTHCHECK(settings, { flags, text }) {
    const check = healthcheck(flags, healthTest(settings, text));
    if ('problem' in check) throw new BuildProblem(check.problem);
    return set(settings, { Healthcheck: check });
  },
};

const set = (settings: Settings, fields: ContainerConfig): Settings => ({
  ...settings,
  image: withConfig(settings.image, fields),
});

function pairsOf(settings: Settings, { text }: Instruction, scope: StageScope): [string, string][] {
  const pairs = nameValues(text, scope.escaper);
  if (!pairs) throw new BuildProblem(`must have the form NAME=value, got ${JSON.stringify(text)}`);
  // All values of one instruction see the variables as they were before it.
  const expand = expanding(settings, scope);
  return pairs.map(([name, value]) => [expand(name), expand(value)]);
}

function oneWord(text: string, expand: (word: string) => string): string {
  const word = expand(text);
  if (word === '') throw new BuildProblem('must have a value');
  return word;
}

function refusePort(word: string): never {
  throw new BuildProblem(`must be ports such as 80, 53/udp or 8000-8010, got "${word}"`);
}

/** A JSON array as it is; other text is run by the shell of the image. */
function command({ image }: Settings, text: string): readonly string[] {
  return jsonWords(text) ?? [...(image.config?.Shell ?? ['/bin/sh', '-c']), text];
}

function healthTest({ image }: Settings, text: string): readonly string[] {
  const [, kind = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(text) ?? [];
  if (kind.toUpperCase() === 'NONE' && rest === '') return ['NONE'];
  if (kind.toUpperCase() !== 'CMD' || rest === '') throw new BuildProblem('must be CMD and a command, or NONE');
  const words = jsonWords(rest);
  if (words) return ['CMD', ...words];
  return image.config?.Shell ? ['CMD', ...image.config.Shell, rest] : ['CMD-SHELL', rest];
}
