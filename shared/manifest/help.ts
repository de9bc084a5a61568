import { type ActionDefinition, type Input, outputText } from './definition';

/** The inputs of an action by the heading under which the reader finds them, in the order of the definition. */
export function inputGroups(definition: ActionDefinition): Map<string, [name: string, input: Input<unknown>][]> {
  const groups = new Map<string, [string, Input<unknown>][]>();
  for (const entry of Object.entries(definition.inputs)) {
    const group = entry[1].group;
    groups.set(group, [...(groups.get(group) ?? []), entry]);
  }
  return groups;
}

/** The form of an input, where its description does not tell it. */
export const formOf = ({ type }: Input<unknown>): string =>
  ['text', 'number'].includes(type.form) ? '' : ` Form: ${type.form}.`;

/** The text of `--help`. */
export function helpText(definition: ActionDefinition): string {
  const lines = [`${definition.displayName}: ${definition.description}`, ''];
  lines.push('Each input is given as --name value, or as the variable INPUT_<NAME> (upper case).', '');
  for (const [group, inputs] of inputGroups(definition)) {
    lines.push(`${group}:`);
    for (const [name, input] of inputs) {
      const note = input.required ? ' (required)' : input.default === undefined ? '' : ` (default ${input.default})`;
      lines.push(`  --${name}${note}`, `      ${input.description}${formOf(input).replace(/`/g, '')}`);
    }
    lines.push('');
  }
  lines.push('Outputs:', ...Object.entries(definition.outputs).map(([name, of]) => `  ${name}: ${outputText(of)}`), '');
  lines.push('  --json  print the outputs as one JSON object', '  --help  print this text', '');
  return lines.join('\n');
}
