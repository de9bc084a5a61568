import { partAt, type TaskDefinition } from '../../../../shared/task-definition/document';
import type { RuleInfo } from '../../../../shared/task-definition/evidence';
import type { Problem } from '../../../../shared/task-definition/problem';
import { referenceRules } from '../../../../shared/task-definition/rules/references';
import type { Request } from '../inputs';

const leftToFill: readonly RuleInfo[] = [
  referenceRules().placeholder,
  referenceRules().image,
  referenceRules().reference,
];

/**
 * A placeholder in a container that this step was not asked to fill is a warning, as is an image that cannot be one, such as
 * `IMAGE_URI` or none: another step may fill it, so that one step a container works. The deployment refuses what is left.
 */
export function allowOtherSteps(
  problems: readonly Problem[],
  task: TaskDefinition,
  { images }: Pick<Request, 'images'>,
  targets: ReadonlySet<string>,
): Problem[] {
  const isOwn = (name: unknown) => typeof name === 'string' && (targets.has(name) || images.has(name));
  return problems.map((problem) => {
    const { path, rule } = problem;
    const isOpen = leftToFill.includes(rule);
    const isOther = path[0] === 'containerDefinitions' && !isOwn(partAt(task, [...path.slice(0, 2), 'name']));
    if (!isOpen || !isOther) return problem;
    return { ...problem, level: 'warning', problem: `${problem.problem}; a deployment refuses it until then` };
  });
}
