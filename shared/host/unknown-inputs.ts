import { type ActionDefinition, type HostName, hostLabels } from '../manifest/definition';
import { suggestion } from '../nearest';

/** More are counted: an environment may be anybody's. */
const mostTold = 10;

/**
 * A line for each `INPUT_*` variable that is not an input of the action on this host, with the nearest name. A host hands on
 * inputs that a manifest does not declare, so a misspelt one would silently do nothing.
 *
 * @param definition the whole definition, with what other hosts offer
 * @param offered what this host offers of it
 */
export function unknownInputs(
  definition: ActionDefinition,
  offered: ActionDefinition,
  env: Readonly<NodeJS.ProcessEnv>,
): string[] {
  const known = new Set([...Object.keys(offered.inputs), ...Object.keys(offered.refused ?? {})].map(variableForm));
  const strangers = Object.entries(env).flatMap(([variable, value]) => {
    const [, name] = /^INPUT_(.+)$/.exec(variable) ?? [];
    return name === undefined || !value?.trim() || known.has(variableForm(name)) ? [] : [name];
  });
  const lines = strangers.slice(0, mostTold).map((name) => lineOf(name.toLowerCase(), definition, offered));
  if (strangers.length > mostTold) lines.push(`${strangers.length - mostTold} more inputs are unknown and ignored`);
  return lines;
}

/** Shells drop variables with hyphens, so that both forms name the same input. */
const variableForm = (name: string) => name.toUpperCase().replace(/-/g, '_');

function lineOf(name: string, definition: ActionDefinition, offered: ActionDefinition): string {
  const elsewhere = Object.entries(definition.inputs).find(([input]) => variableForm(input) === variableForm(name));
  if (elsewhere) return `input ${elsewhere[0]} is ignored: it is an input ${hostsOf(elsewhere[1].hosts)} only`;
  return `input ${name} is ignored: this action has no such input${suggestion(name, Object.keys(offered.inputs))}`;
}

const place = (host: HostName): string => (host === 'shell' ? 'in a shell' : `on ${hostLabels[host]}`);

const hostsOf = (hosts: readonly HostName[] = []) => hosts.map(place).join(' and ');
