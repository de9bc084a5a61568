import { Document } from 'yaml';
import type { ActionDefinition, Input } from './definition';

/**
 * The ADK manifest (`.codecatalyst/actions/action.yml`). Its limits come from the kit's schema: 20 parameters, 10
 * outputs, no double quote in a description, defaults of at most 32 characters.
 */
export function adkManifest(definition: ActionDefinition, version: string): string {
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
      Variables: Object.fromEntries(Object.entries(outputs).map(([output, text]) => [output, { Description: text }])),
    },
    Runs: { Using: 'node16', Main: 'dist/index.js' },
  };
  return toYaml(manifest);
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
