import { type ActionDefinition, type Input, offeredOn, outputText } from '../manifest/definition';
import { toYaml } from './adk';

/** The GitHub manifest (`action.yml`): the inputs and outputs of the ADK's, and those that CodeCatalyst has no room for. */
export function githubManifest(definition: ActionDefinition): string {
  const { displayName, description, inputs, outputs } = offeredOn('github', definition);
  return toYaml({
    name: displayName,
    description,
    branding: { icon: 'upload-cloud', color: 'orange' },
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, of]) => [name, input(of)])),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, of]) => [name, { description: outputText(of) }])),
    // GitHub's runner has no older one since September 2026.
    runs: { using: 'node24', main: 'dist/index.js' },
  });
}

function input({ description, required, default: value }: Input<unknown>) {
  return { description, required, ...(value !== undefined && { default: String(value) }) };
}
