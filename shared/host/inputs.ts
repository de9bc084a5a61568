import type { RawInputs } from '../manifest/parse';

/**
 * Inputs from `INPUT_<NAME>`: the name upper-cased with its hyphens, else with underscores, because some shells (dash)
 * drop variables whose names hold a hyphen. Empty means unset.
 *
 * @param read reads a variable as the host does
 */
export function environmentInputs(
  env: NodeJS.ProcessEnv,
  read: (variable: string) => string | undefined = (variable) => env[variable],
): RawInputs {
  return (name) => {
    const own = read(`INPUT_${name.toUpperCase()}`);
    const given = own?.trim() ? own : env[`INPUT_${name.toUpperCase().replace(/-/g, '_')}`];
    return given ? plainLineEnds(given) : undefined;
  };
}

/**
 * Lines as a file with Windows line endings gives them, without the carriage returns. The last line has no line feed behind
 * its own, and would keep it in a value.
 */
export const plainLineEnds = (text: string): string => text.replace(/\r(?=\n|$)/g, '');
