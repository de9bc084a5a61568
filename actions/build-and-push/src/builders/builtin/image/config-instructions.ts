import type { Instruction } from '../dockerfile/dockerfile';
import { jsonWords, nameValues, plainWords } from '../dockerfile/dockerfile-words';
import { expandDocument, expandWord } from '../dockerfile/expand';
import { BuildProblem } from '../dockerfile/problem';
import { quoted } from '../dockerfile/quote';
import { type Args, declareArgs, lookupIn } from '../dockerfile/scope';
import { triggerText } from '../dockerfile/triggers';
import { exposedPorts, healthcheck } from './config-values';
import type { StageConfig } from './stage-config';

/** What does not change within a stage. */
export interface StageScope {
  readonly escaper: string;
  readonly given: Readonly<Record<string, string>>;
  readonly globals: Args;
  /** What all instructions of the build may still make; it ends a build that makes too much. */
  readonly effort: { spend(amount: number): void };
}

type Setter = (stage: StageConfig, instruction: Instruction, scope: StageScope) => void;

/** Expands a word with the variables in force. */
export const expanding = (stage: StageConfig, { escaper, effort }: StageScope) => {
  const lookup = lookupIn(stage.env, stage.args);
  return (word: string): string => {
    const expanded = expandWord(word, lookup, escaper, (amount) => effort.spend(amount));
    effort.spend(expanded.length);
    return expanded;
  };
};

/** Expands a document with the variables in force. */
export const expandingDocument = ({ env, args }: StageConfig, { effort }: StageScope) => {
  const lookup = lookupIn(env, args);
  return (text: string): string => {
    const expanded = expandDocument(text, lookup, (amount) => effort.spend(amount));
    effort.spend(expanded.length);
    return expanded;
  };
};

/** A port is a text of nine characters and an entry of the configuration, which is looked for and sorted. */
const portEffort = 16;

/** The instructions that change the configuration only. They change the stage. @throws BuildProblem */
export const setters: Readonly<Record<string, Setter>> = {
  ARG(stage, instruction, { given, globals, escaper }) {
    declareArgs(instruction, { ...stageArgs(stage), given, outer: globals }, escaper);
  },
  ENV(stage, instruction, scope) {
    for (const [name, value] of pairsOf(stage, instruction, scope)) stage.setEnv(name, value);
  },
  LABEL(stage, instruction, scope) {
    for (const [name, value] of pairsOf(stage, instruction, scope)) stage.setLabel(name, value);
  },
  MAINTAINER(stage, { text }) {
    stage.setAuthor(text);
  },
  ONBUILD: (stage, instruction) => stage.addTrigger(triggerText(instruction)),
  USER(stage, { text }, scope) {
    // A variable without a value sets no user, as in BuildKit.
    stage.set({ User: expanding(stage, scope)(text) });
  },
  STOPSIGNAL(stage, { text }, scope) {
    const signal = oneWord(text, expanding(stage, scope));
    if (!isSignal(signal)) throw new BuildProblem(`must be a signal such as SIGQUIT or 9, got ${quoted(signal)}`);
    stage.set({ StopSignal: signal });
  },
  EXPOSE(stage, { text }, scope) {
    const expand = expanding(stage, scope);
    const words = plainWords(text).flatMap((word) => plainWords(expand(word)));
    for (const word of new Set(words)) {
      const ports = exposedPorts(word) ?? refusePort(word);
      scope.effort.spend(ports.length * portEffort);
      stage.addPorts(ports);
    }
    stage.addPorts([]);
  },
  VOLUME(stage, { text }, scope) {
    const paths = (jsonWords(text) ?? plainWords(text)).map(expanding(stage, scope));
    if (paths.length === 0 || paths.includes('')) throw new BuildProblem('must name at least one path');
    stage.addVolumes(paths);
  },
  SHELL(stage, { text }) {
    const words = jsonWords(text);
    if (words) stage.set({ Shell: words });
  },
  CMD(stage, { text }) {
    stage.setCommand('Cmd', command(stage, text));
    stage.ownCmd = true;
  },
  ENTRYPOINT(stage, { text }) {
    stage.setCommand('Entrypoint', command(stage, text));
    if (!stage.ownCmd) stage.setCommand('Cmd', []);
  },
  HEALTHCHECK(stage, { flags, text }) {
    const check = healthcheck(flags, healthTest(text));
    if ('problem' in check) throw new BuildProblem(check.problem);
    stage.set({ Healthcheck: check });
  },
};

const stageArgs = (stage: StageConfig) => ({
  args: {
    get: (name: string) => stage.args.get(name),
    set: (name: string, value: string) => stage.setArg(name, value),
  },
  lookup: lookupIn(stage.env, stage.args),
});

function pairsOf(stage: StageConfig, { text }: Instruction, scope: StageScope): [string, string][] {
  const pairs = nameValues(text, scope.escaper);
  if (!pairs) throw new BuildProblem(`must have the form NAME=value, got ${quoted(text)}`);
  // All values of one instruction see the variables as they were before it.
  const expand = expanding(stage, scope);
  return pairs.map(([name, value]) => [expand(name), expand(value)]);
}

function oneWord(text: string, expand: (word: string) => string): string {
  const word = expand(text);
  if (word === '') throw new BuildProblem('must have a value');
  return word;
}

function refusePort(word: string): never {
  throw new BuildProblem(`must be ports such as 80, 53/udp, 8000-8010 or 8080:80, got ${quoted(word)}`);
}

/** A JSON array as it is; other text is run by the shell of the image. */
function command({ config }: StageConfig, text: string): readonly string[] {
  return jsonWords(text) ?? [...(config.Shell ?? ['/bin/sh', '-c']), text];
}

function healthTest(text: string): readonly string[] {
  const [, kind = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(text) ?? [];
  if (kind.toUpperCase() === 'NONE' && rest === '') return ['NONE'];
  if (kind.toUpperCase() !== 'CMD' || rest === '') throw new BuildProblem('must be CMD and a command, or NONE');
  const words = jsonWords(rest);
  if (words?.length === 0) throw new BuildProblem('must have a command after CMD');
  return words ? ['CMD', ...words] : ['CMD-SHELL', rest];
}

/** The signals that a container can be stopped with, as Docker names them (moby/sys/signal, those of Linux). */

const names = new Set(
  (
    'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP ' +
    'TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX'
  ).split(' '),
);

/** Whether the text is a number other than 0, or a name with or without SIG, in any letter case. */
export function isSignal(text: string): boolean {
  if (/^\d+$/.test(text)) return Number(text) > 0;
  const name = text.toUpperCase().replace(/^SIG/, '');
  const [, realTime, offset] = /^(RTMIN\+|RTMAX-)(\d{1,2})$/.exec(name) ?? [];
  if (!realTime) return names.has(name);
  return Number(offset) >= 1 && Number(offset) <= (realTime === 'RTMIN+' ? 15 : 14);
}
