import { parseArgs } from 'node:util';
import { InputError } from '../errors';
import type { ActionDefinition } from '../manifest/definition';

export interface CommandLine {
  readonly inputs: Readonly<Record<string, string>>;
  readonly json: boolean;
  readonly help: boolean;
}

/**
 * Reads `--input value`, `--json` and `--help`. A flag may stand alone for `true`.
 *
 * @throws InputError for an option that is none of the action's inputs, or a word that belongs to none.
 */
export function parseCommandLine(definition: ActionDefinition, argv: readonly string[]): CommandLine {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  };
  for (const name of Object.keys(definition.inputs)) options[name] = { type: 'string' };
  try {
    const { values } = parseArgs({ args: withFlagValues(definition, argv), options, strict: true });
    const { json, help, ...inputs } = values;
    return { inputs: inputs as Record<string, string>, json: json === true, help: help === true };
  } catch (error) {
    const problem = (error as Error).message.split('. ')[0]!;
    throw new InputError([{ where: 'command line', problem: `${problem}; --help lists the inputs` }]);
  }
}

/** `--dry-run` without a value means `--dry-run=true`. */
function withFlagValues(definition: ActionDefinition, argv: readonly string[]): string[] {
  return argv.map((word, at) => {
    const isFlag = definition.inputs[word.replace(/^--/, '')]?.type.adk === 'boolean' && word.startsWith('--');
    const next = argv[at + 1];
    return isFlag && (next === undefined || next.startsWith('--')) ? `${word}=true` : word;
  });
}
