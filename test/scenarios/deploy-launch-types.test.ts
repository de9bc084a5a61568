/** Where a service runs, and what its task definition says that it is for. */

import { expect, it } from '@jest/globals';
import { on, type StageOptions, taskDefinition } from './deploy-stage';
import { rewritingAws } from './rewriting-aws';

const controllers: readonly [string, StageOptions][] = [
  ['CODE_DEPLOY', {}],
  ['ECS', { ecs: {} }],
];

type Described = { readonly services: readonly { readonly taskSets?: readonly object[] }[] };

/** A dry run for a service with another launch type. */
const dryRun = (options: StageOptions, launchType: string, requires: readonly string[]) =>
  on(options, async (stage) => {
    stage.write('task.json', taskDefinition({ requiresCompatibilities: requires as never }));
    const { endpoint } = await stage.aws.listen();
    const middle = await rewritingAws(endpoint, (call, answer) => {
      if (call !== 'DescribeServices') return answer;
      const { services } = answer as never as Described;
      const taskSetsOf = ({ taskSets = [] }: Described['services'][number]) =>
        taskSets.map((one) => ({ ...one, launchType }));
      return { ...answer, services: services.map((one) => ({ ...one, launchType, taskSets: taskSetsOf(one) })) };
    });
    const env = { AWS_ENDPOINT_URL: middle.endpoint };
    const { status, log } = await stage.deploy({ inputs: { 'dry-run': 'true' }, env });
    await middle.close();
    const refusal = /task-definition: requires .*/.exec(log)?.[0];
    expect([status, refusal]).toEqual(
      launchType === 'FARGATE'
        ? [2, expect.stringContaining(`requires ${requires}, but the service runs on FARGATE`)]
        : [0, undefined],
    );
  })();

it.each(
  controllers.flatMap(([name, options]) =>
    // ECS answers `compatibilities: [EC2, FARGATE]` for what requires Fargate, and [EXTERNAL, EC2] for bridge networks.
    [
      ['EC2', ['FARGATE']],
      ['EXTERNAL', ['EC2']],
      ['MANAGED_INSTANCES', ['FARGATE']],
      ['OF_TOMORROW', ['EC2']],
      ['FARGATE', ['EC2']],
    ].map(([launchType, requires]) => [name, launchType, requires, options] as const),
  ),
)('under %s, a service on %s with a task definition that requires %s', (...[, type, requires, options]) =>
  dryRun(options, type as string, requires as readonly string[]),
);
