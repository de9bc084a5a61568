import type { Finding } from '../errors';
import type { ActionDefinition, Input, InputsOf } from './definition';

/** The text of an input as the host gives it; undefined where it was not set. */
export type RawInputs = (name: string) => string | undefined;

/**
 * The inputs, and what is wrong with them. Those that are wrong stand as if they were not given ('' where one must be), so
 * that the others can be checked further and all is told at once.
 */
export interface ParsedInputs<D extends ActionDefinition> {
  readonly inputs: InputsOf<D>;
  readonly findings: readonly Finding[];
}

/** Reads all inputs of an action, each by its own form: every input that is wrong, missing or refused is a finding. */
export function parseInputs<D extends ActionDefinition>(definition: D, raw: RawInputs): ParsedInputs<D> {
  const findings: Finding[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, input] of Object.entries(definition.inputs)) {
    const result = parseInput(input, raw(name));
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

function parseInput(input: Input<unknown>, given: string | undefined): { value: unknown } | { problem: string } {
  if (given === undefined || given.trim() === '') {
    return input.required ? { problem: 'is required and was not given' } : { value: input.default };
  }
  const parsed = input.type.parse(given);
  if (!('problem' in parsed) || !input.secret) return parsed;
  // The rule may quote the value: what stands after "got" is hidden.
  return { problem: parsed.problem.replace(/got .*$/s, 'got ***') };
}
