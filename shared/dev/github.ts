import type { ActionDefinition, Input } from '../manifest/definition';
import { toYaml } from './adk';

/** The GitHub manifest (`action.yml`), with the same inputs and outputs as the ADK's. */
export function githubManifest(definition: ActionDefinition): string {
  const { displayName, description, inputs, outputs } = definition;
  return toYaml({
    name: displayName,
    description,
    branding: { icon: 'upload-cloud', color: 'orange' },
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, of]) => [name, input(of)])),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, text]) => [name, { description: text }])),
    // GitHub runs node20 and newer only.
    runs: { using: 'node20', main: 'dist/index.js' },
  });
}

function input({ description, required, default: value }: Input<unknown>) {
  return { description, required, ...(value !== undefined && { default: String(value) }) };
}
