import type { Finding } from '../errors';
import {
  type ActionDefinition,
  alternativesOn,
  type HostName,
  type Input,
  type InputsOf,
  readAlternative,
} from './definition';

/** The text of an input as the host gives it; undefined where it was not set. */
export type RawInputs = (name: string) => string | undefined;

/**
 * The inputs, and what is wrong with them. Those that are wrong stand as if they were not given ('' where one must be), so
 * that the others can be checked further and everything is reported at once.
 */
export interface ParsedInputs<D extends ActionDefinition> {
  readonly inputs: InputsOf<D>;
  readonly findings: readonly Finding[];
}

/**
 * Reads all inputs of an action, each by its own form: every input that is wrong, missing or refused is a finding.
 *
 * @param host what it runs on: an error names no input that is not offered there
 */
export function parseInputs<D extends ActionDefinition>(
  definition: D,
  raw: RawInputs,
  host: HostName = 'shell',
): ParsedInputs<D> {
  const findings: Finding[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, input] of Object.entries(definition.inputs)) {
    const given = raw(name)?.trim() ? raw(name) : undefined;
    const result = given === undefined ? withoutText(input, { definition, raw, host }) : parseText(input, given);
    if ('problem' in result) findings.push({ where: name, problem: result.problem });
    values[name] = 'value' in result ? result.value : input.required ? '' : input.default;
  }
  for (const [name, refusal] of Object.entries(definition.refused ?? {})) {
    const given = raw(name)?.trim().toLowerCase() ?? '';
    if (given === '' || refusal.harmless?.includes(given)) continue;
    findings.push({ where: name, problem: refusal.reason });
  }
  return { inputs: values as InputsOf<D>, findings };
}

/** What an input without a text comes to: its default, nothing, or a finding where it is required. */
function withoutText(
  input: Input<unknown>,
  { definition, raw, host }: { definition: ActionDefinition; raw: RawInputs; host: HostName },
): { value: unknown } | { problem: string } {
  if (!input.required) return { value: input.default };
  const others = alternativesOn(host, definition, input);
  const isFlag = (name: string) => definition.inputs[name]?.type.adk === 'boolean';
  const isGiven = (alternative: string) => {
    const { name, value } = readAlternative(alternative);
    const text = raw(name)?.trim().toLowerCase() ?? '';
    return value === undefined ? text !== '' && !(isFlag(name) && text === 'false') : text === value;
  };
  if (others.some(isGiven)) return { value: '' };
  const names = others.map((name) => (isFlag(name) ? `${name}: true` : name));
  const way = names.length === 0 ? '' : `; set it, or ${names.join(' or ')}`;
  return { problem: `is required but not set${way}` };
}

function parseText(input: Input<unknown>, given: string): { value: unknown } | { problem: string } {
  const parsed = input.type.parse(given);
  if (!('problem' in parsed) || !input.secret) return parsed;
  // The rule may quote the value: what stands after "got" is hidden.
  return { problem: parsed.problem.replace(/got .*$/s, 'got ***') };
}
