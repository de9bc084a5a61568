import { getMultiLineInput } from '@aws/codecatalyst-adk-core';
import type { RawInputs } from '../manifest/parse';

/**
 * Inputs from `INPUT_<NAME>`: the name upper-cased with its hyphens, else with underscores, because some shells (dash)
 * drop variables whose names hold a hyphen. Empty means unset. The kit's `getInput` would delete line breaks.
 */
export function environmentInputs(env: NodeJS.ProcessEnv): RawInputs {
  return (name) => {
    const own = env === process.env ? getMultiLineInput(name) : env[`INPUT_${name.toUpperCase()}`];
    return own?.trim() ? own : env[`INPUT_${name.toUpperCase().replace(/-/g, '_')}`] || undefined;
  };
}
