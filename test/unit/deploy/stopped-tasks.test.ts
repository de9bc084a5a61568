import { expect, it } from '@jest/globals';
import { failedContainer } from '../../../actions/ecs-bluegreen-deploy/src/aws/ecs-tasks';

const exits = (...codes: readonly (readonly [name: string, exitCode?: number | undefined, reason?: string])[]) => ({
  containers: codes.map(([name, exitCode, reason]) => ({
    name,
    ...(exitCode !== undefined && { exitCode }),
    ...(reason !== undefined && { reason }),
  })),
});

it.each([
  [
    'the one that exited on its own, not those that ECS ended for it',
    exits(['envoy', 137], ['log', 143], ['app', 1]),
    'app',
  ],
  ['one that was killed, where no other failed', exits(['envoy', 0], ['app', 137]), 'app'],
  ['one that could not start', exits(['envoy'], ['app', undefined, 'CannotPullContainerError']), 'app'],
  ['the first, where nothing is told', exits(['app'], ['envoy']), 'app'],
])('the container that brought its task down is %s', (_, task, name) => {
  expect(failedContainer(task)?.name).toBe(name);
});
