import { expect, it } from '@jest/globals';
import type { ReportFacts } from '../../../actions/ecs-bluegreen-deploy/src/report/facts';
import { picture } from '../../../actions/ecs-bluegreen-deploy/src/report/picture';

const traffic = [{ seconds: 1, blue: 90, green: 10 }];
const tasks = [{ seconds: 1, blue: { running: 2, desired: 2 }, green: { running: 1, desired: 2 } }];
const stages = [{ name: 'Install', status: 'Succeeded', from: 0, to: 5, took: 5 }];
const nothing = { seconds: 10, failedAfter: undefined, traffic: [], tasks: [], stages: [] };

/** The height of the picture, and the texts in it. */
function drawn(facts: Pick<ReportFacts, 'traffic' | 'tasks' | 'stages'>) {
  const svg = picture({ ...nothing, ...facts } as unknown as ReportFacts).join('\n');
  return {
    height: Number(/viewBox="0 0 760 (\d+)"/.exec(svg)?.[1]),
    texts: [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text),
  };
}

it('has no space for what was not seen', () => {
  const all = drawn({ traffic, tasks, stages });
  expect(all.texts).toEqual(expect.arrayContaining(['traffic', 'running tasks', 'Install, 5 s']));
  const withoutTraffic = drawn({ traffic: [], tasks, stages });
  expect(withoutTraffic.texts).not.toContain('traffic');
  expect(withoutTraffic.height).toBe(all.height - 135);
  expect(drawn({ traffic, tasks: [], stages }).height).toBe(all.height - 95);
  expect(picture(nothing as unknown as ReportFacts)).toEqual([]);
});
