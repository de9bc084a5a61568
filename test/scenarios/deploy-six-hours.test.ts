import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { mostSteps } from '../../actions/ecs-bluegreen-deploy/src/execute/follower';
import type { ReportFacts } from '../../actions/ecs-bluegreen-deploy/src/report/facts';
import { on, serviceOf } from './deploy-stage';

/** So many tasks fail in six hours, at least; each makes three events of the service. */
const crashes = 300;
/** Bytes of the facts of a run: all that is kept of its deployment is in them. */
const mostBytes = 150_000;

it(
  'a wait of six hours in a crash loop keeps its beginning and its end, and a bounded number of steps between them',
  on({ ecs: {}, play: { crashTasks: { exitCode: 1, logLines: ['Error: cannot find module'] } } }, async (stage) => {
    const inputs = { 'wait-for-minutes': '360', 'poll-interval-seconds': '60' };
    const { status, outputs, log } = await stage.deploy({ inputs });
    expect([status, outputs['deployment-status']]).toEqual([4, 'TIMED_OUT']);
    const failed = stage.aws.compute.state.tasks.filter(
      (task) => task.fleet.service === serviceOf(stage) && task.stopCode,
    );
    expect(failed.length).toBeGreaterThan(crashes);

    const text = readFileSync(outputs['report']!.replace(/html$/, 'json'), 'utf8');
    const { seconds, events, tasks } = JSON.parse(text) as ReportFacts;
    expect(seconds).toBeGreaterThanOrEqual(6 * 3_600);
    expect(events.length).toBeLessThan(mostSteps);
    expect(tasks.length).toBeLessThan(mostSteps);
    expect([events[0]!.seconds < 60, events.at(-1)!.seconds > seconds - 300]).toEqual([true, true]);
    expect(text.length).toBeLessThan(mostBytes);
    // One line a minute, and those that tell something new.
    expect(log.split('\n').length).toBeLessThan(3 * 360);
  }),
);
