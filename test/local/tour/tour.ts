import { ActionError, exitStatus } from '../../../shared/errors';
import { type Release, type ReleaseOptions, release } from './release';
import { workflow } from './repository';
import { firstVersion, type Stage } from './stage';
import { answersOf } from './traffic-line';
import { scale } from './tutorial-aws';

/**
 * The tutorial: a first deployment, then the change of the city on its page, as a canary. Answers with the exit status
 * of the first workflow that failed.
 *
 * @throws ActionError when all went well but requests were lost.
 */
export async function runTour(stage: Stage, options: ReleaseOptions): Promise<number> {
  const start = Date.now();
  introduce(stage, options);
  const releases = await runReleases(stage, options);
  const { versions, lost } = await stage.load.stop();
  summarize(releases, options);
  const seconds = ((Date.now() - start) / 1000).toFixed(0);
  options.show(`Requests: ${answersOf({ versions, lost: 0 })}; lost: ${lost}. Time: ${seconds} s.`);
  const status = releases.find((one) => one.status !== exitStatus.done)?.status ?? exitStatus.done;
  if (status === exitStatus.done && lost > 0) {
    throw new ActionError(`cannot call this done: ${lost} requests were lost; look at what happened to the traffic`);
  }
  return status;
}

function introduce({ endpoint, base, page, live, tasksAre }: Stage, { show }: ReleaseOptions): void {
  show(
    `An embedded AWS answers at ${endpoint}. It runs ${scale} times as fast as the real one: its minute is a second.`,
  );
  show(`Each task of the service is ${tasksAre}, behind a proxy that divides as the listener says.`);
  show(`Its page says "${firstVersion}" now.`);
  show(`What differs from the sample and the workflow file: FROM ${base}, as there is no network,`);
  show('and builder: builtin, as a container engine may not reach this loopback.');
  show(`The page of the service: ${page}   The traffic as it moves: ${live}`);
}

async function runReleases(stage: Stage, options: ReleaseOptions): Promise<Release[]> {
  const { repository } = stage;
  heading(options, 'Las Vegas: the first deployment moves 10 % of the traffic a minute');
  const first = await release(stage, 'Las Vegas', options);
  if (first.status !== exitStatus.done) return [first];
  heading(options, 'New York: the city on the page changes, and goes out as a canary, 10 % for five minutes');
  repository.edit('templates/index.html', 'Las Vegas', 'New York');
  repository.edit(workflow, /^( +)codedeploy-deployment-group: .*$/m, canary);
  return [first, await release(stage, 'New York', options)];
}

/** The line of the deployment group, and below it that of the canary. */
const canary = (line: string, indent: string) =>
  `${line}\n${indent}codedeploy-deployment-config: CodeDeployDefault.ECSCanary10Percent5Minutes`;

function heading({ show, colour }: ReleaseOptions, text: string): void {
  show('');
  show(colour ? `\u001b[1m${text}\u001b[0m` : text);
}

function summarize(releases: readonly Release[], { show }: ReleaseOptions): void {
  show('');
  for (const { version, status, image, failure } of releases) {
    show(`${version}: exit status ${status}${failure ? `, ${failure}` : ''}${image ? `, ${image}` : ''}`);
  }
}
