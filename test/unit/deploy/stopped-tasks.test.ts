import { expect, it } from '@jest/globals';
import { failedContainer, whyStopped } from '../../../actions/ecs-bluegreen-deploy/src/aws/ecs-tasks';

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
  [
    'an essential one that ended well, where ECS ended the others for it',
    { ...exits(['envoy', 143], ['app', 0]), stopCode: 'EssentialContainerExited' as const },
    'app',
  ],
  ['the first, where nothing is told', exits(['app'], ['envoy']), 'app'],
])('the container that brought its task down is %s', (_, task, name) => {
  expect(failedContainer(task)?.name).toBe(name);
});

const essential = {
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container in task exited.',
} as const;

it.each([
  [
    'names an essential container that ended with 0',
    { ...essential, ...exits(['app', 0]) },
    /exited; container app exited with 0$/,
  ],
  [
    'names it beside those that ECS ended for it',
    { ...essential, ...exits(['envoy', 143], ['app', 0]) },
    /container envoy exited with 143 \(SIGTERM\); container app exited with 0$/,
  ],
  [
    'leaves out those that ended well beside one that failed',
    { ...essential, ...exits(['envoy', 0], ['app', 3]) },
    /exited; container app exited with 3$/,
  ],
  [
    'begins with the stop code of a task that never started',
    {
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'ResourceInitializationError: unable to pull secrets.',
      ...exits(['app']),
    } as const,
    /^TaskFailedToStart: ResourceInitializationError: unable to pull secrets$/,
  ],
])('why a task stopped %s', (_, task, told) => {
  expect(whyStopped(task)).toMatch(told);
});
