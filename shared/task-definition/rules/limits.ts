import { suggestion } from '../../nearest';
import { isList, type Path } from '../document';
import type { FieldName } from '../fields';
import { choices, counts, forms, limitRule, ranges } from '../limits';
import { placeholderIn } from '../placeholder';
import { broken, type Problem, quote } from '../problem';
import type { Visit } from '../walk';
import type { Rule } from './rule';

/** Ranges of numbers, forms and choices of texts, and lengths of lists. */
export const checkLimits: Rule = ({ visits }) =>
  visits.flatMap((visit) => [
    ...checkRange(visit),
    ...textsOf(visit).flatMap(([text, path]) => [
      ...checkForm(visit.field, text, path),
      ...checkChoice(visit.field, text, path),
    ]),
    ...checkCount(visit),
  ]);

/** A text, or those of a list, each with its path. */
const textsOf = ({ path, value }: Visit): [text: string, path: Path][] =>
  (isList(value) ? value.map((item, at) => [item, [...path, at]] as const) : [[value, path] as const]).flatMap(
    ([text, place]) => (typeof text === 'string' ? [[text, place]] : []),
  );

function checkRange({ field, path, value }: Visit): Problem[] {
  const [min, max, unit] = ranges[field] ?? [];
  if (min === undefined || max === undefined || typeof value !== 'number' || (value >= min && value <= max)) return [];
  const bounds = max === 2 ** 31 - 1 ? `at least ${min}` : `from ${min} to ${max}`;
  return [broken(limitRule(field), path, `must be ${bounds}${unit ? ` ${unit}` : ''}, got ${value}`)];
}

/** Texts that may say where a secret is kept; the key of a tag may say that its value is one. */
const unshown = new Set<FieldName>([
  'Tag.value',
  'ContainerDefinition.credentialSpecs',
  'RepositoryCredentials.credentialsParameter',
]);

function checkForm(field: FieldName, text: string, path: Path): Problem[] {
  const { form, rule, advised } = forms[field] ?? {};
  if (!form || form.test(text)) return [];
  // A placeholder is reported as one.
  if (placeholderIn(text) !== undefined && (field.endsWith('.family') || text.startsWith('arn:'))) return [];
  const broke = advised?.within.test(text) ? advised.rule : limitRule(field);
  return [broken(broke, path, unshown.has(field) ? rule! : `${rule}, got ${quote(text)}`)];
}

function checkChoice(field: FieldName, text: string, path: Path): Problem[] {
  const known = choices[field];
  if (!known || known.includes(text.replace(/=.*$/s, ''))) return [];
  // Linux's own names of capabilities have a prefix.
  return [
    broken(
      limitRule(field),
      path,
      `is not known to ECS, got ${quote(text)}${suggestion(text.replace(/^CAP_/i, ''), known)}`,
    ),
  ];
}

function checkCount({ field, path, value }: Visit): Problem[] {
  const most = counts[field];
  const count = isList(value) ? value.length : 0;
  return most === undefined || count <= most
    ? []
    : [broken(limitRule(field), path, `must be at most ${most}, got ${count}`)];
}
