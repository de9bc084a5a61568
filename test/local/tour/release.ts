import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitStatus } from '../../../shared/errors';
import { machineVariables } from '../runner/environment';
import { runWorkflow, type WorkflowResult } from '../runner/run';
import { summaryOf } from '../runner/show';
import { readSource } from '../runner/source';
import { workflow } from './repository';
import type { Stage } from './stage';
import { measured, type TrafficWindow, trafficLine } from './traffic-line';
import { watchTraffic } from './traffic-view';

export interface ReleaseOptions {
  /** The folder of this project. */
  readonly project: string;
  readonly show: (line: string, from?: string) => void;
  readonly colour: boolean;
  readonly signal: AbortSignal;
}

/** What a run of the workflow came to. */
export interface Release {
  /** The city on the page. */
  readonly version: string;
  readonly status: number;
  /** The image by digest. */
  readonly image: string | undefined;
  /** Why it failed, in one line. */
  readonly failure: string | undefined;
}

/** Commits what is in the repository, runs its workflow, and shows the traffic that moves meanwhile. */
export async function release(stage: Stage, version: string, options: ReleaseOptions): Promise<Release> {
  const { show, colour } = options;
  stage.repository.commit(`Greet from ${version}`);
  const traffic = watchTraffic({
    compute: stage.aws.compute,
    listenerArn: stage.seeded.productionListenerArn,
    load: stage.load,
    green: version,
    ended: (window) => show(trafficLine(window, colour), 'traffic'),
  });
  stage.follow(`${version} is coming`, traffic);
  const result = await runItsWorkflow(stage, version, options);
  const windows = traffic.end();
  stage.follow(`${version} is ${result.status === exitStatus.done ? 'there' : 'not there'}`, {
    windows: () => windows,
  });
  for (const line of ['', ...summaryOf(result)]) show(line);
  const failure = result.actions.find((action) => action.failure)?.failure ?? notThere(version, windows.at(-1));
  const status = failure && result.status === exitStatus.done ? exitStatus.failed : result.status;
  return { version, status, image: imageOf(result), failure };
}

function runItsWorkflow(
  { repository, variables, artifacts }: Stage,
  version: string,
  options: ReleaseOptions,
): Promise<WorkflowResult> {
  const file = join(repository.folder, workflow);
  return runWorkflow({
    ...options,
    file,
    text: readFileSync(file, 'utf8'),
    source: readSource(repository.folder),
    machine: machineVariables(process.env),
    aws: variables,
    secret: () => undefined,
    artifacts: join(artifacts, version),
  });
}

const imageOf = ({ actions }: WorkflowResult) => actions.map(({ outputs }) => outputs['IMAGE']).find(Boolean);

/** The deployment may say that it is done; only the answers can say that the version is there. */
function notThere(version: string, last: TrafficWindow | undefined): string | undefined {
  const share = last && measured(last);
  if (last?.asked === 100 && (share === undefined || share === 100)) return undefined;
  return `the deployment ended, but ${Math.round(share ?? 0)} % of the answers came from ${version}`;
}
