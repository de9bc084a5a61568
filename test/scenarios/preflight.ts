import { expect } from '@jest/globals';
import { container, type Stage, serviceOf, taskDefinition } from './deploy-stage';

/** What is wrong before the first change, and how it is told. */
export interface Rule {
  readonly name: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly given?: (stage: Stage) => unknown;
  readonly problem: string | RegExp;
}

/** The rule is found, with exit status 2, and AWS is left untouched. */
export const isFound = ({ inputs = {}, env = {}, given, problem }: Omit<Rule, 'name'>) =>
  async function test(stage: Stage): Promise<void> {
    await given?.(stage);
    const { status, log, changes } = await stage.deploy({ inputs, env });
    if (typeof problem === 'string') expect(log).toContain(problem);
    else expect(log).toMatch(problem);
    expect([status, changes]).toEqual([2, []]);
  };

/** Rules that hold under every controller. */
export const commonRules: readonly Rule[] = [
  {
    name: 'a container that the load balancer does not know',
    given: (stage) => stage.write('task.json', taskDefinition({ containerDefinitions: [container({ name: 'web' })] })),
    problem: 'task-definition: container MyContainer is not in the task definition; it has web',
  },
  {
    name: 'a port that is not open',
    given: (stage) =>
      stage.write('task.json', taskDefinition({ containerDefinitions: [container({ portMappings: [] })] })),
    problem: 'task-definition: container MyContainer does not open port 80',
  },
  {
    name: 'a service that is going away',
    given: (stage) => Object.assign(serviceOf(stage), { status: 'DRAINING' }),
    problem: 'service: EcsService is DRAINING; only an ACTIVE one can be deployed to',
  },
];
