import { type ParseArgsConfig, parseArgs } from 'node:util';
import { InputError } from '../../../shared/errors';

/** Parses the arguments of a program. @throws InputError what is wrong with them, in one line */
export function parseArguments<T extends ParseArgsConfig>(config: T) {
  try {
    return parseArgs(config);
  } catch (error) {
    throw commandLineError((error as Error).message.split('. ')[0]!);
  }
}

export const commandLineError = (problem: string) =>
  new InputError([{ where: 'command line', problem: `${problem}; see --help` }]);
