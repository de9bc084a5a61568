import { describe, expect, it } from '@jest/globals';
import { whyStopped } from '../../../actions/ecs-bluegreen-deploy/src/aws/ecs-tasks';
import { doing } from '../../../actions/ecs-bluegreen-deploy/src/controllers/codedeploy/deployment-moves';
import { formatEvent } from '../../../actions/ecs-bluegreen-deploy/src/report/event-lines';
import { escapeHtml } from '../../../actions/ecs-bluegreen-deploy/src/report/html';
import { formatDuration, grouped } from '../../../actions/ecs-bluegreen-deploy/src/text';
import type { DeploymentEvent } from '../../../actions/ecs-bluegreen-deploy/src/watch/model';
import { deploymentSnapshot } from './deployment-snapshots';

const hints = { id: 'd-OURS', region: 'us-west-2', terminationWait: 60 };
const set = { desired: 2, pending: 1, running: 1, traffic: 0, targetGroup: undefined };
const lifecycle = { type: 'lifecycle', name: 'Install', took: 65_000 } as const;

describe('the line of an event', () => {
  it.each<[DeploymentEvent, string[]]>([
    [{ type: 'status', status: 'Queued' }, ['deployment             Queued']],
    [{ ...lifecycle, status: 'InProgress' }, ['Install                begins']],
    [{ ...lifecycle, status: 'Succeeded' }, ['Install                succeeded after 1 min 5 s']],
    [{ ...lifecycle, status: 'Skipped' }, []],
    [{ type: 'tasks', blue: undefined, green: set }, ['tasks                  green 1 of 2 running']],
    [{ type: 'traffic', blue: 100, green: 0 }, ['traffic                blue 100% ░░░░░░░░░░░░░░░░░░░░ 0% green']],
    [{ type: 'traffic', blue: 99, green: 1 }, ['traffic                blue  99% ░░░░░░░░░░░░░░░░░░░█ 1% green']],
    [{ type: 'traffic', blue: 1, green: 99 }, ['traffic                blue   1% ░███████████████████ 99% green']],
    [
      { type: 'traffic', blue: 0, green: 1e9 },
      ['traffic                blue   0% ████████████████████ 1000000000% green'],
    ],
    [{ type: 'traffic', blue: 0, green: -1 }, ['traffic                blue   0% ░░░░░░░░░░░░░░░░░░░░ -1% green']],
    [{ type: 'traffic', blue: 0, green: 100 }, ['traffic                blue   0% ████████████████████ 100% green']],
    [{ type: 'service', message: 'has started 1 tasks', count: 2 }, ['service                2 × has started 1 tasks']],
    [{ type: 'failed', status: 'Failed', cause: 'a hook' }, ['deployment             Failed: a hook']],
    [{ type: 'rollback', id: 'd-BACK', status: undefined }, ['rollback               d-BACK has begun']],
    [{ type: 'end', end: { status: 'SUCCEEDED' } }, []],
    [{ type: 'heartbeat', doing: undefined }, ['still                  no answer yet']],
    [
      { type: 'heartbeat', doing: doing(deploymentSnapshot({ status: 'Ready' })) },
      ['still                  waiting to be continued'],
    ],
    [
      { type: 'heartbeat', doing: doing(deploymentSnapshot({ terminationWait: true })) },
      ['still                  waiting for the end of the old tasks'],
    ],
    [
      {
        type: 'heartbeat',
        doing: doing(deploymentSnapshot({ rollback: { id: 'd-BACK', status: 'InProgress', error: undefined } })),
      },
      ['still                  rolling back: d-BACK InProgress'],
    ],
  ])('%j', (event, lines) => {
    expect(formatEvent(event, hints)).toEqual(lines);
  });

  it('says how long old tasks stay, where they do', () => {
    expect(formatEvent({ type: 'termination-wait' }, hints)[0]).toMatch(
      /the old tasks stay 60 minutes; .*TERMINATION_WAIT --region us-west-2/,
    );
    expect(formatEvent({ type: 'termination-wait' }, { ...hints, terminationWait: 0 })).toEqual([]);
  });
});

it.each([
  [0, '0 s'],
  [59_499, '59 s'],
  [60_000, '1 min 0 s'],
  [3_780_000, '1 h 3 min'],
])('%d milliseconds are %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

describe('why a task stopped', () => {
  it.each([
    [
      {
        stopCode: 'EssentialContainerExited' as const,
        stoppedReason: 'Essential container in task exited',
        containers: [
          { name: 'web', exitCode: 137, reason: 'OutOfMemoryError:\n killed' },
          { name: 'log', exitCode: 0 },
        ],
      },
      'EssentialContainerExited: Essential container in task exited; container web exited with 137 (SIGKILL): OutOfMemoryError: killed',
    ],
    [
      {
        stopCode: 'TaskFailedToStart' as const,
        stoppedReason: 'CannotPullContainerError: no',
        containers: [{ name: 'web' }],
      },
      'TaskFailedToStart: CannotPullContainerError: no',
    ],
    [
      { stoppedReason: 'gone', containers: [{ name: 'web', reason: 'no space' }] },
      'stopped: gone; container web no space',
    ],
  ])('%#', (task, text) => {
    expect(whyStopped(task)).toBe(text);
  });
});

it('equal reasons are one line, and many reasons are few', () => {
  expect(grouped(['b', 'a', 'a'])).toEqual(['2 × a', 'b']);
  expect(grouped(['1', '2', '3', '4', '5', '6', '7'])).toEqual(['1', '2', '3', '4', '5', 'and 2 more reasons']);
});

it('text in a page is text', () => {
  expect(escapeHtml(`<a href="x" title='y'>&`)).toBe('&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;');
});
