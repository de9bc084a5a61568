import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InputError } from '../errors';
import { cut, quoted } from '../excerpt';
import type { ActionDefinition } from '../manifest/definition';
import { nearest } from '../nearest';
import { type ResultFormat, resultFormats } from './results';

export interface CommandLine {
  readonly inputs: Readonly<Record<string, string>>;
  readonly format: ResultFormat;
  /** The file that the outputs go into. */
  readonly output: string | undefined;
  /** What is printed in place of a run. */
  readonly prints: 'help' | 'version' | undefined;
}

/** Whether the outputs are asked for in JSON, as far as a command line tells that cannot be read. */
export const wantsJson = (argv: readonly string[]): boolean =>
  argv.some(
    (word, at) => word === '--json' || word === '--format=json' || (word === '--format' && argv[at + 1] === 'json'),
  );

/**
 * Reads `--input value` and the options that every action has. A flag may stand alone for `true`; an input of several lines may
 * be given several times.
 *
 * @throws InputError for an option that is none of the action's inputs, a word that belongs to none, or a repetition.
 */
export function parseCommandLine(definition: ActionDefinition, argv: readonly string[], working: string): CommandLine {
  const options: Options = {
    json: { type: 'boolean' },
    format: { type: 'string' },
    output: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
    version: { type: 'boolean' },
  };
  for (const name of [...Object.keys(definition.inputs), ...Object.keys(definition.refused ?? {})])
    options[name] = { type: 'string', multiple: true };
  const { json, format, output, help, version, ...given } = parsed(withFlagValues(definition, argv), options);
  const prints = help === true ? 'help' : version === true ? 'version' : undefined;
  if (prints) return { inputs: {}, format: 'text', output: undefined, prints };
  const inputs = Object.entries(given as Record<string, string[]>).map(([name, texts]) => {
    if (texts.length > 1 && definition.inputs[name]?.type.lines !== true)
      throw fault(`--${name} is specified more than once`);
    return [name, texts.join('\n')];
  });
  return {
    inputs: Object.fromEntries(inputs),
    format: formatOf(format as string | undefined, json === true),
    output: checkedOutput(output as string | undefined, working),
    prints,
  };
}

const fault = (problem: string) =>
  new InputError([{ where: 'command line', problem: `${problem}; --help lists the inputs` }]);

/** The parser of Node, with errors in the words of a user. */
function parsed(args: string[], options: Options): Readonly<Record<string, unknown>> {
  const plain = readPlainly(args, options);
  if (plain) return plain;
  // Required here, not imported: loading it takes as long as checking a whole task definition.
  const { parseArgs } = require('node:util') as typeof import('node:util');
  try {
    return parseArgs({ args, options, strict: true }).values;
  } catch (error) {
    throw fault(problemOf(error as NodeJS.ErrnoException, Object.keys(options)));
  }
}

function problemOf({ code, message }: NodeJS.ErrnoException, known: readonly string[]): string {
  const [, named = ''] = /'(-[^']*)'/.exec(message) ?? [];
  const [, option = named] = /(--[\w-]+)/.exec(named) ?? [];
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return `there is no option ${cut(named, 100)}${nearOption(named, known)}`;
    case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
      return `${quoted(/'([^']*)'/.exec(message)?.[1] ?? '')} belongs to no option`;
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      return /ambiguous/.test(message)
        ? `${option} has no value; one that begins with - is passed as ${option}=-…`
        : /does not take/.test(message)
          ? `${option} takes no value`
          : `${option} has no value`;
    default:
      return cut(message.split(/\. |\n/)[0] ?? '', 200);
  }
}

/** Compared without the dashes, which would make any two short names alike. */
function nearOption(named: string, known: readonly string[]): string {
  const near = nearest(named.replace(/^-+/, ''), known);
  return near === undefined ? '' : `, did you mean --${near}`;
}

function formatOf(given: string | undefined, json: boolean): ResultFormat {
  const format = resultFormats.find((name) => name === given);
  if (given !== undefined && format === undefined)
    throw fault(`--format must be one of ${resultFormats.join(', ')}, got ${quoted(given)}`);
  if (json && format !== undefined && format !== 'json')
    throw fault(`--json cannot be combined with --format ${format}`);
  return json ? 'json' : (format ?? 'text');
}

/** Checked before anything is done: after a deployment it would be too late to report a missing folder. */
function checkedOutput(given: string | undefined, working: string): string | undefined {
  if (given === undefined) return undefined;
  const path = resolve(working, given);
  const refuse = (why: string) => fault(`--output cannot be written: ${cut(path, 200)} ${why}`);
  if (given === '') throw fault('--output has no value');
  if (existsSync(path) && statSync(path).isDirectory()) throw refuse('is a directory');
  try {
    accessSync(existsSync(path) ? path : dirname(path), constants.W_OK);
  } catch {
    throw refuse(
      existsSync(dirname(path)) ? 'may not be written by this user' : 'is in a directory that does not exist',
    );
  }
  return given;
}

/** `--dry-run` without a value means `--dry-run=true`. */
function withFlagValues({ inputs }: ActionDefinition, argv: readonly string[]): string[] {
  return argv.map((word, at) => {
    const name = word.startsWith('--') ? word.slice(2) : '';
    const isFlag = Object.hasOwn(inputs, name) && inputs[name]!.type.adk === 'boolean';
    const next = argv[at + 1];
    return isFlag && (next === undefined || next.startsWith('-')) ? `${word}=true` : word;
  });
}

/** The options of a command line, as Node's `parseArgs` has them. */
export type Options = Record<string, { type: 'string' | 'boolean'; short?: string; multiple?: boolean }>;

type Values = Record<string, string | boolean | string[]>;

/**
 * Reads a command line of nothing but known long options with their values, as `parseArgs` does. Undefined where there is
 * anything else, such as a mistake: that parser tells it, and is loaded only then.
 */
export function readPlainly(args: readonly string[], options: Readonly<Options>): Values | undefined {
  const values: Values = {};
  for (let at = 0; at < args.length; at++) {
    const [, name = '', inline] = /^--([a-zA-Z][\w-]*)(?:=(.*))?$/s.exec(args[at]!) ?? [];
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option?.type === 'boolean' && inline === undefined) values[name] = true;
    else if (option?.type === 'string') {
      const value = inline ?? args[++at];
      if (value === undefined || (inline === undefined && value.startsWith('-'))) return undefined;
      values[name] = option.multiple ? [...((values[name] as string[] | undefined) ?? []), value] : value;
    } else return undefined;
  }
  return values;
}
