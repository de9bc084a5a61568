import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { machineVariables } from '../runner/environment';
import { runWorkflow, type WorkflowResult } from '../runner/run';
import { summaryOf } from '../runner/show';
import { readSource } from '../runner/source';
import type { Act } from './acts';
import { watchErrors } from './error-alarm';
import { type Recorder, recordHistory } from './history';
import { causeOf } from './reports';
import { workflow } from './repository';
import type { Stage } from './stage';
import { type TrafficWindow, trafficLine } from './traffic-line';
import { watchTraffic } from './traffic-view';
import { names, scale } from './tutorial-aws';
import { problemOf } from './verdict';

export interface ReleaseOptions {
  /** The folder of this project. */
  readonly project: string;
  readonly show: (line: string, from?: string) => void;
  readonly colour: boolean;
  readonly signal: AbortSignal;
}

/** The result of a run of the workflow. */
export interface Release {
  readonly act: Act;
  /** The exit status of the workflow. */
  readonly status: number;
  /** Why an action failed, in one line. */
  readonly failure: string | undefined;
  /** The image by digest. */
  readonly image: string | undefined;
  readonly windows: readonly TrafficWindow[];
  /** Milliseconds of the whole workflow. */
  readonly ms: number;
  /** What is not as the act expects; undefined if everything is. */
  readonly problem: string | undefined;
}

/** Commits the change of an act, runs its workflow, and shows the traffic as it moves. */
export async function release(stage: Stage, act: Act, options: ReleaseOptions): Promise<Release> {
  const { show, colour } = options;
  const { version } = act;
  const startedAt = Date.now();
  stage.runAt(scale / act.slowedBy);
  act.change(stage.repository);
  stage.repository.commit(act.message);
  const traffic = watchTraffic({
    compute: stage.aws.compute,
    listenerArn: stage.seeded.productionListenerArn,
    load: stage.load,
    green: version,
    ended: (window) => show(trafficLine(window, colour), 'traffic'),
  });
  const recorder = startRecorder(stage, version);
  const alarm = watchAlarm(stage, recorder, show);
  stage.follow({ title: `${version} is being deployed`, windows: traffic.windows, history: recorder.history });
  const result = await runItsWorkflow(stage, act, options);
  alarm.close();
  recorder.end();
  const windows = traffic.end();
  for (const line of ['', ...summaryOf(result)]) show(line);
  const { status } = result;
  // The summary of a run is short; the report has the whole cause.
  const failure =
    (status === 0 ? undefined : causeOf(stage.artifacts, act.name)) ??
    result.actions.find((action) => action.failure)?.failure;
  const end = status === 0 ? 'is live' : status === act.exit ? 'was rolled back' : 'is not live';
  stage.follow({
    title: `${version} ${end}`,
    windows: () => windows,
    history: recorder.history,
    ...(failure !== undefined && { failure }),
  });
  const problem = problemOf(act, status, windows);
  if (problem === undefined) show(act.outcome);
  return { act, status, failure, image: imageOf(result), windows, ms: Date.now() - startedAt, problem };
}

function startRecorder({ aws, load }: Stage, green: string): Recorder {
  return recordHistory({
    compute: aws.compute,
    load,
    green,
    now: Date.now,
    every(ms, call) {
      const timer = setInterval(call, ms);
      return () => clearInterval(timer);
    },
  });
}

/** Answers with an error in a minute of the embedded AWS that set off the alarm. */
const alarmThreshold = 3;

function watchAlarm({ aws, clock, load }: Stage, recorder: Recorder, show: ReleaseOptions['show']) {
  return watchErrors({
    clock,
    failed: () => load.total().failed,
    threshold: alarmThreshold,
    changed(state, failed) {
      const text = `alarm ${names.alarm}: ${state}`;
      show(`${text}, ${failed} of the answers within a minute had status 500`, 'traffic');
      recorder.note(text, state === 'ALARM');
      if (state === 'ALARM') aws.compute.raiseAlarm(names.alarm);
      else aws.compute.state.alarms.set(names.alarm, { name: names.alarm, state });
    },
  });
}

function runItsWorkflow(
  { repository, variables, artifacts }: Stage,
  { name }: Act,
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
    artifacts: join(artifacts, name),
  });
}

const imageOf = ({ actions }: WorkflowResult) => actions.map(({ outputs }) => outputs['IMAGE']).find(Boolean);
