import { type Finding, refuse } from '../../../../shared/errors';
import { type Change, diffTaskDefinitions } from '../../../../shared/task-definition/diff';
import {
  type Path,
  showPath,
  type TaskDefinition,
  type TaskDefinitionDocument,
} from '../../../../shared/task-definition/document';
import type { Problem } from '../../../../shared/task-definition/problem';
import { withoutReadOnlyFields } from '../../../../shared/task-definition/read-only-fields';
import { checkTaskDefinition, problemsOf } from '../../../../shared/task-definition/rules/check';
import type { Request } from '../inputs';
import { applySettings } from './apply-settings';
import { chooseContainers } from './choose-containers';
import { keptImages } from './kept-images';
import { allowOtherSteps } from './left-to-others';
import { isSet, rendered } from './origin';
import { uselessRemovals } from './removals';
import { inputOf } from './settings';

/** What will be written, and what is reported about it. */
export interface Plan {
  /** What the user calls the task definition that it was made from. */
  readonly name: string;
  readonly taskDefinition: TaskDefinition;
  readonly changes: readonly Change[];
  readonly notices: readonly string[];
  readonly warnings: readonly Finding[];
}

/** Fills the settings in and checks the result. @throws InputError with everything that is wrong */
export function plan(request: Request, source: TaskDefinitionDocument): Plan {
  const before = withoutReadOnlyFields(source.value);
  const targets = chooseContainers(request, before);
  const after = applySettings(before, request, targets.names);
  const all = allowOtherSteps(problemsOf(after), after, request, targets.names);
  const problems = all.filter(({ path }) => !isAwaited(path, request, targets.findings));
  const [set, written] = divide(problems, ({ path }) => inputOf(path, request) && isSet(source.value, after, path));
  const { errors, warnings } = checkTaskDefinition(rendered(source, after), written);
  const ofInputs = (level: Problem['level']) => findingsOfInputs(set, level, source.name, request);
  refuse([...targets.findings, ...ofInputs('error'), ...errors]);
  return {
    name: source.name,
    taskDefinition: after,
    changes: diffTaskDefinitions(source.value, after),
    notices: [...source.notices, ...uselessRemovals(request, before, targets.names), ...keptImages(request, before)],
    warnings: [...request.warnings, ...targets.warnings, ...ofInputs('warning'), ...warnings],
  };
}

/** An image that the settings would have replaced, had they found their container, is not worth a line of its own. */
function isAwaited(path: Path, { inputs }: Request, findings: readonly Finding[]): boolean {
  const isImage = path[0] === 'containerDefinitions' && path[2] === 'image';
  return isImage && findings.length > 0 && (inputs.image !== undefined || inputs.images !== undefined);
}

function findingsOfInputs(
  problems: readonly Problem[],
  level: Problem['level'],
  name: string,
  request: Request,
): Finding[] {
  return problems
    .filter((problem) => problem.level === level)
    .map(({ path, problem }) => ({ where: `${inputOf(path, request)} (${name} ${showPath(path)})`, problem }));
}

function divide<T>(items: readonly T[], test: (item: T) => unknown): [matching: T[], others: T[]] {
  return [items.filter((item) => test(item)), items.filter((item) => !test(item))];
}
