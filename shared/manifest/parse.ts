import { type Finding, refuse } from '../errors';
import type { ActionDefinition, Input, InputsOf } from './definition';

/** The text of an input as the host gives it; undefined where it was not set. */
export type RawInputs = (name: string) => string | undefined;

/**
 * Reads and checks all inputs of an action. Pure.
 *
 * @param check what is wrong with the inputs beside their own forms, such as one that contradicts another. It is asked also
 *   when some are wrong by themselves, so that all is told at once; those stand as if they were not given ('' where one
 *   must be), and what it says of them again is left out; `wrong` has their names.
 * @throws InputError with every input that is wrong or missing.
 */
export function parseInputs<D extends ActionDefinition>(
  definition: D,
  raw: RawInputs,
  check: (inputs: InputsOf<D>, wrong: ReadonlySet<string>) => readonly Finding[] = () => [],
): InputsOf<D> {
  const findings: Finding[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, input] of Object.entries(definition.inputs)) {
    const result = parseInput(input, raw(name));
    if ('problem' in result) findings.push({ where: name, problem: result.problem });
    values[name] = 'value' in result ? result.value : input.required ? '' : input.default;
  }
  const inputs = values as InputsOf<D>;
  const told = new Set(findings.map(({ where }) => where));
  const others = new Map(check(inputs, told).map((finding) => [`${finding.where}: ${finding.problem}`, finding]));
  refuse([...findings, ...[...others.values()].filter(({ where }) => !told.has(where))]);
  return inputs;
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
