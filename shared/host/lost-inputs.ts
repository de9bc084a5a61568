import type { Finding } from '../errors';
import type { ActionDefinition } from '../manifest/definition';

/**
 * What is wrong where the shell that started an action has dropped every variable with a hyphen in its name, as dash does
 * with the variables that AWS's local runner hands it. The action would run with other settings than were given: a build
 * with `if-tag-exists: fail` would push over the tag. Empty where nothing is lost.
 *
 * Hosts send the default of each input that the workflow leaves out. So all inputs that have a default and no hyphen are
 * there, while none with a hyphen is: a user who sets variables by hand does not set the former without the latter.
 */
export function lostInputs({ inputs }: ActionDefinition, env: Readonly<NodeJS.ProcessEnv>): Finding[] {
  const all = Object.entries(inputs);
  const hyphened = all.filter(([name]) => name.includes('-'));
  const others = all.filter(([name]) => !name.includes('-'));
  const isThere = (name: string) => env[variable(name)] !== undefined;
  if (hyphened.some(([name]) => isThere(name) || isThere(name.replace(/-/g, '_')))) return [];
  const withDefault = others.filter(([, { default: value }]) => value !== undefined);
  const sent =
    withDefault.length > 0 ? withDefault.every(([name]) => isThere(name)) : others.some(([name]) => isThere(name));
  const needed = hyphened.filter(([, { required, default: value }]) => required || value !== undefined);
  if (!sent || needed.length === 0) return [];
  const names = needed.map(([name]) => name).join(', ');
  const problem =
    'none of these arrived, as the shell that started this action drops variables with a hyphen in their names, like dash; ' +
    'make bash the /bin/sh of this machine, or let the runner start its actions in containers';
  return [{ where: names, problem }];
}

const variable = (name: string) => `INPUT_${name.toUpperCase()}`;
