import { ActionError } from '../../../shared/errors';
import { acts } from './acts';
import { type Release, type ReleaseOptions, release } from './release';
import { firstVersion, type Stage } from './stage';
import { answersOf } from './traffic-line';
import { scale } from './tutorial-aws';

/**
 * The tour: a blue/green deployment, a canary, and a bad version that is rolled back. Returns the results, up to the first
 * that did not end as it has to, or to a signal.
 */
export async function runTour(stage: Stage, options: ReleaseOptions): Promise<readonly Release[]> {
  introduce(stage, options);
  const releases: Release[] = [];
  for (const [index, act] of acts.entries()) {
    heading(options, `${index + 1} of ${acts.length}  ${act.heading}`);
    const one = await release(stage, act, options);
    releases.push(one);
    if (one.problem !== undefined || options.signal.aborted) break;
  }
  return releases;
}

/** @throws ActionError when an act did not end as it has to. */
export function expectDone(releases: readonly Release[]): void {
  const bad = releases.find(({ problem }) => problem !== undefined);
  if (bad) throw new ActionError(`${bad.act.version} did not end as expected: ${bad.problem}; see its lines above`);
}

function introduce({ endpoint, base, page, live, tasksAre }: Stage, { show }: ReleaseOptions): void {
  const lines = [
    `An embedded AWS answers at ${endpoint}. Its time runs ${scale} times as fast as the real one, so its minute is a second`,
    '(three seconds in the third deployment). The actions wait in real time: "+0:05" in their log is five of its minutes.',
    `Each task of the service is ${tasksAre}, behind a proxy that divides the traffic by the listener's weights.`,
    `The service now runs "${firstVersion}". Two things differ from the sample and the workflow file: FROM ${base},`,
    'because there is no network, and builder: builtin, because a container engine may not reach this loopback.',
    '',
    `Watch the traffic move:  ${live}`,
    `The page of the service: ${page}`,
  ];
  for (const line of lines) show(line);
}

function heading({ show, colour }: ReleaseOptions, text: string): void {
  show('');
  show(colour ? `\u001b[1m${text}\u001b[0m` : text);
}

/** What became of each deployment and of the requests, in lines. */
export function summarize(releases: readonly Release[], total: Parameters<typeof answersOf>[0], ms: number): string[] {
  return [
    '',
    ...releases.map(({ act, status, failure, image }) => {
      const text = `${act.version}: exit status ${status}${status === act.exit && status > 0 ? ', as expected' : ''}`;
      return `${text}${failure ? `: ${failure}` : ''}${image ? `, ${image}` : ''}`;
    }),
    `Requests: ${answersOf({ ...total, lost: 0 })}; lost: ${total.lost}. Time: ${(ms / 1000).toFixed(0)} s.`,
  ];
}
