import type { Finding } from '../errors';
import { withoutDescribed } from './described';
import { showWhere, type TaskDefinition, type TaskDefinitionDocument } from './document';
import type { Problem } from './problem';
import { rules } from './rules';
import { walkTaskDefinition } from './walk';

/** What is wrong with a task definition. */
export interface Checked {
  /** With any of these AWS would refuse it, drop a part of it, or never get it to run. */
  readonly errors: readonly Finding[];
  /** What most likely is not meant. */
  readonly warnings: readonly Finding[];
}

/** Everything that is wrong with a task definition, in the order of the text. What only Describe returns is ignored. */
export function checkTaskDefinition(document: TaskDefinitionDocument): Checked {
  const problems = problemsOf(document.value).map((problem) => ({ ...problem, place: document.locate(problem.path) }));
  const line = (place: { line: number; column: number } | undefined) => (place ? place.line * 1e6 + place.column : 0);
  problems.sort((a, b) => line(a.place) - line(b.place));
  const findings = (level: Problem['level']) =>
    problems
      .filter((problem) => problem.level === level)
      .map(({ path, problem }) => ({ where: showWhere(document, path), problem }));
  return { errors: findings('error'), warnings: findings('warning') };
}

/** The same, with paths instead of places in a text. */
export function problemsOf(taskDefinition: TaskDefinition): readonly Problem[] {
  const walk = walkTaskDefinition(withoutDescribed(taskDefinition));
  return [...walk.problems, ...rules.flatMap((rule) => rule(walk))];
}
