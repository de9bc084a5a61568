import { getMultiLineInput } from '@aws/codecatalyst-adk-core';
import type { RawInputs } from '../manifest/parse';

/**
 * Inputs from `INPUT_<NAME>`: the name upper-cased with its hyphens, else with underscores, because some shells (dash)
 * drop variables whose names hold a hyphen. Empty means unset. The kit's `getInput` would delete line breaks.
 */
export function environmentInputs(env: NodeJS.ProcessEnv): RawInputs {
  return (name) => {
    const own = env === process.env ? getMultiLineInput(name) : env[`INPUT_${name.toUpperCase()}`];
    const given = own?.trim() ? own : env[`INPUT_${name.toUpperCase().replace(/-/g, '_')}`];
    return given ? plainLineEnds(given) : undefined;
  };
}

/**
 * Lines as a file with Windows line endings gives them, without the carriage returns. The last line has no line feed behind
 * its own, and would keep it in a value.
 */
export const plainLineEnds = (text: string): string => text.replace(/\r(?=\n|$)/g, '');
