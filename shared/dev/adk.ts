import { Document } from 'yaml';
import { type ActionDefinition, type Input, offeredOn, outputText } from '../manifest/definition';

/** What the kit's schema allows. */
const limits = { inputs: 20, outputs: 10, description: 256, default: 32 } as const;

/**
 * The ADK manifest (`.codecatalyst/actions/action.yml`).
 *
 * @throws where the definition is beyond the limits of the kit's schema, so that no such action is built or checked in
 */
export function adkManifest(whole: ActionDefinition, version: string): string {
  const definition = offeredOn('codecatalyst', whole);
  checkLimits(definition);
  const { name, inputs, outputs, description, compute, needs } = definition;
  const manifest = {
    SchemaVersion: '1.0',
    Name: name,
    Version: version,
    Description: description,
    Configuration: Object.fromEntries(Object.entries(inputs).map(([input, of]) => [input, parameter(of)])),
    SupportedComputeTypes: compute,
    Environment: { Required: needs.account },
    Inputs: { Sources: { Required: needs.source } },
    Outputs: {
      Variables: Object.fromEntries(
        Object.entries(outputs).map(([output, of]) => [output, { Description: outputText(of) }]),
      ),
    },
    Runs: { Using: 'node16', Main: 'dist/index.js' },
  };
  return toYaml(manifest);
}

function checkLimits({ name, inputs, outputs }: ActionDefinition): void {
  const refuse = (rule: string) => {
    throw new Error(`the ADK refuses the manifest of ${name}: ${rule}`);
  };
  const counts = { inputs: Object.keys(inputs).length, outputs: Object.keys(outputs).length };
  for (const kind of ['inputs', 'outputs'] as const) {
    if (counts[kind] > limits[kind]) {
      refuse(
        `it has ${counts[kind]} ${kind}, and at most ${limits[kind]} are allowed; mark one with hosts: outsideCodeCatalyst`,
      );
    }
  }
  const texts = [
    ...Object.entries(inputs).map(([input, { description }]) => [input, description] as const),
    ...Object.entries(outputs).map(([output, described]) => [output, outputText(described)] as const),
  ];
  for (const [of, text] of texts) {
    if (text.includes('"')) refuse(`the description of ${of} has a double quote`);
    if (text.length > limits.description)
      refuse(`the description of ${of} has more than ${limits.description} characters`);
  }
  for (const [input, { default: value = '' }] of Object.entries(inputs)) {
    if (String(value).length > limits.default)
      refuse(`the default of ${input} has more than ${limits.default} characters`);
  }
}

function parameter({ description, required, default: value, type }: Input<unknown>) {
  // AWS's local runner reads a default as text, so it is written as text.
  return {
    Description: description,
    Required: required,
    Type: type.adk,
    ...(value !== undefined && { Default: String(value) }),
  };
}

/** YAML whose strings are quoted, so that no reader takes one for a number or a boolean. */
export function toYaml(value: unknown): string {
  const head = '# Generated from src/definition.ts by `npm run generate`. Change the definition, not this file.\n';
  const options = { lineWidth: 0, defaultStringType: 'QUOTE_SINGLE', defaultKeyType: 'PLAIN' } as const;
  return head + new Document(value, { aliasDuplicateObjects: false }).toString(options);
}
