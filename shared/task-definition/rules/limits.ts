import { isList } from '../document';
import { counts, forms, ranges } from '../limits';
import { placeholderIn } from '../placeholder';
import { error, type Problem, quote } from '../problem';
import type { Visit } from '../walk';
import type { Rule } from './rule';

/** Ranges of numbers, forms of texts and lengths of lists. */
export const checkLimits: Rule = ({ visits }) =>
  visits.flatMap((visit) => [...checkRange(visit), ...checkForm(visit), ...checkCount(visit)]);

function checkRange({ field, path, value }: Visit): Problem[] {
  const [min, max, unit] = ranges[field] ?? [];
  if (min === undefined || max === undefined || typeof value !== 'number' || (value >= min && value <= max)) return [];
  const bounds = max === 2 ** 31 - 1 ? `at least ${min}` : `from ${min} to ${max}`;
  return [error(path, `must be ${bounds}${unit ? ` ${unit}` : ''}, got ${value}`)];
}

function checkForm({ field, path, value }: Visit): Problem[] {
  const [form, rule] = forms[field] ?? [];
  if (!form || typeof value !== 'string' || form.test(value)) return [];
  // A placeholder is reported as one.
  if (placeholderIn(value) !== undefined && (field.endsWith('.family') || value.startsWith('arn:'))) return [];
  // The key of a tag may say that its value is secret.
  return [error(path, field === 'Tag.value' ? rule! : `${rule}, got ${quote(value)}`)];
}

function checkCount({ field, path, value }: Visit): Problem[] {
  const most = counts[field];
  const count = isList(value) ? value.length : 0;
  return most === undefined || count <= most ? [] : [error(path, `must be at most ${most}, got ${count}`)];
}
