import type { Finding } from '../../errors';
import { type Place, showWhere, type TaskDefinition, type TaskDefinitionDocument } from '../document';
import type { Problem } from '../problem';
import { withoutReadOnlyFields } from '../read-only-fields';
import { type Walk, walkTaskDefinition } from '../walk';
import { type RuleGroup, ruleGroups } from '.';

/** What is wrong with a task definition. */
export interface Checked {
  /** With any of these AWS would refuse it, drop a part of it, or never get it to run. */
  readonly errors: readonly Finding[];
  /** What most likely is not meant. */
  readonly warnings: readonly Finding[];
}

/** Nobody reads more findings of one file. */
const most = 100;

/**
 * Everything that is wrong with a task definition, in the order of the text. What only Describe returns is ignored.
 * `problems` is for a caller that has looked at them already.
 */
export function checkTaskDefinition(
  document: TaskDefinitionDocument,
  problems: readonly Problem[] = problemsOf(document.value),
): Checked {
  const placed = (['error', 'warning'] as const)
    .flatMap((level) => problems.filter((problem) => problem.level === level).slice(0, most))
    .map((problem) => ({ ...problem, place: document.locate(problem.path) }));
  const order = (place: Place | undefined) => (place ? place.line * 1e6 + place.column : 0);
  placed.sort((a, b) => order(a.place) - order(b.place));
  const findings = (level: Problem['level']) => {
    const more = problems.filter((problem) => problem.level === level).length - most;
    return [
      ...placed
        .filter((problem) => problem.level === level)
        .map(({ path, problem }) => ({ where: showWhere(document, path), problem })),
      ...(more > 0 ? [{ where: document.name, problem: `has ${more} more ${level}s; fix these first` }] : []),
    ];
  };
  return { errors: findings('error'), warnings: [...document.warnings, ...findings('warning')] };
}

/** What is wrong, with paths instead of places in a text. */
export function problemsOf(taskDefinition: TaskDefinition): readonly Problem[] {
  const walk = walkTaskDefinition(withoutReadOnlyFields(taskDefinition));
  const groups = ruleGroups.filter((group) => concerns(group, walk));
  return [...walk.problems, ...groups.flatMap(({ check }) => check(walk))];
}

/** Whether the task definition has any of the fields that the rules are about. */
export const concerns = ({ about }: RuleGroup, { visits }: Walk): boolean =>
  about === undefined || visits.some(({ field }) => about.includes(field));
