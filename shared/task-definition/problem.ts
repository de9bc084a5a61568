import { quoted } from '../excerpt';
import { isList, isObject, type JsonObject, type JsonValue, type Path } from './document';
import { levelOf, type RuleInfo } from './evidence';

/** What is wrong with a part of a task definition. Errors stop, warnings do not. */
export interface Problem {
  readonly rule: RuleInfo;
  readonly path: Path;
  readonly level: 'error' | 'warning';
  /** The rule, the value where it may be shown, and what to do. */
  readonly problem: string;
}

/** A problem with a rule that is broken; its level follows from the evidence of the rule. */
export const broken = (rule: RuleInfo, path: Path, problem: string): Problem => ({
  rule,
  path,
  level: levelOf(rule.evidence),
  problem,
});

/** A value for a message, cut where it is long. */
export const quote = (value: unknown): string => quoted(value);

/** Items of a list with their paths. */
export function entries<T>(path: Path, items: readonly T[] | undefined): [item: T, path: (string | number)[]][] {
  return (items ?? []).map((item, at) => [item, [...path, at]]);
}

/** Each item whose key came before, with its path. */
export function repeated<T>(items: readonly [item: T, path: Path][], key: (item: T) => string | undefined) {
  const seen = new Set<string>();
  return items.filter(([item]) => {
    const name = key(item);
    if (name === undefined) return false;
    if (seen.has(name)) return true;
    seen.add(name);
    return false;
  });
}

/** Whether a field asks for nothing: not given, false, empty, or an object of such fields. */
export const isIdle = (value: JsonValue | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === '' ||
  (isObject(value) && holdsNothing(value)) ||
  (isList(value) && value.length === 0);

const holdsNothing = (value: JsonObject) => Object.values(value).every(isIdle);
