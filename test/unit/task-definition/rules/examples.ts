import { expect, it } from '@jest/globals';
import { type JsonObject, showPath } from '../../../../shared/task-definition/document';
import { problemsOf } from '../../../../shared/task-definition/rules/check';

export type Parts = Record<string, unknown>;

/** A task of one sound container, with the parts given in place of its own. */
export const ec2 = (task: Parts = {}, container: Parts = {}, ...more: Parts[]) => ({
  family: 'web',
  containerDefinitions: [
    { name: 'app', image: 'app:1', memory: 128, ...container },
    ...more.map((other) => ({ image: 'other:1', memory: 64, ...other })),
  ],
  ...task,
});
export const fargate = (task: Parts = {}, container: Parts = {}, ...more: Parts[]) =>
  ec2(
    { requiresCompatibilities: ['FARGATE'], networkMode: 'awsvpc', cpu: '256', memory: '512', ...task },
    container,
    ...more,
  );

/** What is found in a task, one line each. */
export const found = (task: object) =>
  problemsOf(task as JsonObject).map(({ path, level, problem }) => `${level}: ${showPath(path)}: ${problem}`);

export const app = 'containerDefinitions[0]';

/** A rule; a task that breaks it; what is found then; a task near to it in which nothing is found. */
export type Example = readonly [rule: string, broken: object, finding: string, sound: object];

/** Tests each rule with a task that breaks it and one that does not. */
export function testRules(examples: readonly Example[]): void {
  it.each(examples.map((example) => [...example] as const))('%s', (_rule, broken, finding, sound) => {
    expect(found(broken).join('\n')).toContain(finding);
    expect(found(sound)).toEqual([]);
  });
}
