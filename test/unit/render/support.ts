import { readInputs } from '../../../actions/render-task-definition/src/inputs';
import { type Plan, plan } from '../../../actions/render-task-definition/src/plan/plan';
import { InputError, refuse } from '../../../shared/errors';
import type { JsonObject } from '../../../shared/task-definition/document';
import { readTaskDefinition } from '../../../shared/task-definition/read';

export type Given = Readonly<Record<string, string>>;

/** The inputs, which must be in order. @throws InputError */
export function readSound(given: { readonly [name: string]: string | undefined }) {
  const { request, findings } = readInputs((name) => given[name]);
  refuse(findings);
  return request;
}

/** What is planned for a task definition with these inputs. */
export function planFor(task: object | string, given: Given = {}): Plan {
  const text = typeof task === 'string' ? task : JSON.stringify(task, null, 2);
  const all: Given = { 'task-definition': 'task.json', ...given };
  return plan(readSound(all), readTaskDefinition(text, 'task.json'));
}

/** The rendered task definition. */
export const render = (task: object | string, given: Given = {}): JsonObject => planFor(task, given).taskDefinition;

/** The only container of the rendered task definition. */
export function renderContainer(container: object, given: Given): JsonObject {
  const { containerDefinitions } = render(task(container), given);
  return (containerDefinitions as readonly JsonObject[])[0]!;
}

/** A sound task of these containers. */
export const task = (...containers: object[]) => ({
  family: 'web',
  executionRoleArn: 'exec',
  containerDefinitions: containers.map((container) => ({ name: 'app', image: 'app:1', memory: 64, ...container })),
});

/** What is wrong, one line each; empty where nothing is. */
export function problemsOf(deed: () => unknown): string[] {
  try {
    deed();
  } catch (error) {
    if (error instanceof InputError) return error.findings.map(({ where, problem }) => `${where}: ${problem}`);
    throw error;
  }
  return [];
}
