import { parseArgs } from 'node:util';
import { InputError } from '../errors';
import type { ActionDefinition } from '../manifest/definition';
import { suggestion } from '../nearest';

export interface CommandLine {
  readonly inputs: Readonly<Record<string, string>>;
  readonly json: boolean;
  readonly help: boolean;
}

/**
 * Reads `--input value`, `--json` and `--help`. A flag may stand alone for `true`; an input of several lines may be given
 * several times.
 *
 * @throws InputError for an option that is none of the action's inputs, a word that belongs to none, or a repetition.
 */
export function parseCommandLine(definition: ActionDefinition, argv: readonly string[]): CommandLine {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string; multiple?: boolean }> = {
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  };
  for (const name of [...Object.keys(definition.inputs), ...Object.keys(definition.refused ?? {})])
    options[name] = { type: 'string', multiple: true };
  let values: Readonly<Record<string, unknown>>;
  try {
    ({ values } = parseArgs({ args: withFlagValues(definition, argv), options, strict: true }));
  } catch (error) {
    const said = (error as Error).message.split(/\. |\n/)[0]!;
    const [, unknown] = /^Unknown option '--([\w-]+)'/.exec(said) ?? [];
    throw fault(`${said}${unknown === undefined ? '' : suggestion(unknown, Object.keys(options))}`);
  }
  const { json, help, ...given } = values;
  const inputs = Object.entries(given as Record<string, string[]>).map(([name, texts]) => {
    if (texts.length > 1 && definition.inputs[name]?.type.lines !== true)
      throw fault(`--${name} is given more than once`);
    return [name, texts.join('\n')];
  });
  return { inputs: Object.fromEntries(inputs), json: json === true, help: help === true };
}

const fault = (problem: string) =>
  new InputError([{ where: 'command line', problem: `${problem.replace(/\?$/, '')}; --help lists the inputs` }]);

/** `--dry-run` without a value means `--dry-run=true`. */
function withFlagValues({ inputs }: ActionDefinition, argv: readonly string[]): string[] {
  return argv.map((word, at) => {
    const name = word.startsWith('--') ? word.slice(2) : '';
    const isFlag = Object.hasOwn(inputs, name) && inputs[name]!.type.adk === 'boolean';
    const next = argv[at + 1];
    return isFlag && (next === undefined || next.startsWith('-')) ? `${word}=true` : word;
  });
}
