import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInProcess } from '../../support/in-process';
import type { Ended } from '../../support/process';
import type { History, RunFact } from '../history';
import type { RunSpec, WorldSpec } from '../spec';
import { environmentOf, inputsOf, outputsIn, prepareFolder } from './act';
import { buildWorld, names } from './build-world';
import { Chronicle } from './chronicle';
import { faultyHandler } from './faulty-handler';
import { operate } from './operators';
import { randomFrom } from './random';
import { Signaller } from './signaller';
import { VirtualTime } from './virtual-time';

/** Nothing lasts longer than this in a simulated world, in milliseconds. */
const longest = 36 * 3_600_000;

/** Plays a world with all its runs, operators and faults, and tells what happened. */
export async function simulate(spec: WorldSpec): Promise<History> {
  const { aws, seeded } = await buildWorld(spec);
  const time = new VirtualTime(aws.clock);
  time.skew = spec.skew;
  const chance = randomFrom(spec.seed);
  const giveBack = time.install(() => chance.next());
  const folder = mkdtempSync(join(tmpdir(), 'simulation-'));
  try {
    const chronicle = new Chronicle(aws, seeded);
    const begin = aws.clock.now();
    let broken: unknown;
    const fail = (error: unknown) => {
      broken = error;
    };
    const stage: Stage = { spec, time, chronicle, folder, copies: new Map(), fail };
    const { jump } = spec;
    if (jump) time.after(jump.at, () => time.setWallClock(jump.by));
    if (spec.alarm) time.after(Math.max(0, spec.alarm.at), () => aws.compute.raiseAlarm(names.alarm));
    for (const { at, act } of spec.operators) {
      time.after(at, () => {
        operate(aws, seeded, act);
        chronicle.noteTags();
      });
    }
    const runs: RunFact[] = [];
    const start = (run: RunSpec) => {
      const end = (fact: RunFact) => {
        runs.push(fact);
        for (const next of spec.runs.filter(({ repeats }) => repeats === run.name)) start(next);
      };
      time.after(run.at, () => void perform(stage, run).then(end, stage.fail));
    };
    for (const run of spec.runs) if (run.repeats === undefined) start(run);
    await time.runUntil(() => broken !== undefined || runs.length === spec.runs.length, begin + longest);
    if (broken !== undefined) throw broken;
    return {
      spec,
      seededRevision: seeded.taskDefinitionArn,
      revisions: chronicle.revisions(),
      deployments: chronicle.deployments(),
      traffic: chronicle.traffic,
      tags: chronicle.tags,
      tasks: chronicle.tasks,
      fleets: chronicle.fleets,
      oneOffs: chronicle.oneOffs(),
      runs: runs.sort((a, b) => a.startedAt - b.startedAt),
    };
  } finally {
    giveBack();
    await aws.close();
    rmSync(folder, { recursive: true });
  }
}

interface Stage {
  readonly spec: WorldSpec;
  readonly time: VirtualTime;
  readonly chronicle: Chronicle;
  readonly folder: string;
  readonly copies: Map<string, { readonly at: number; readonly body: Buffer }>;
  /** Hears what the simulation itself got wrong. */
  fail(error: unknown): void;
}

/** One run of the action. */
async function perform(stage: Stage, spec: RunSpec): Promise<RunFact> {
  const { time, chronicle } = stage;
  const { aws } = chronicle;
  const startedAt = aws.clock.now();
  const cwd = prepareFolder(stage.folder, spec);
  const calls: RunFact['calls'][number][] = [];
  const counts = new Map<string, number>();
  const said: RunFact['said'][number][] = [];
  const signals: RunFact['signals'][number][] = [];
  const signaller = new Signaller(time, spec.signal, (name) => signals.push({ at: aws.clock.now(), name }));
  const handler = faultyHandler(
    { time, aws: aws.handler, made: () => chronicle.made(), copies: stage.copies },
    {
      ...spec,
      startedAt,
      record: (fact) => {
        calls.push(fact);
        counts.set(fact.call, (counts.get(fact.call) ?? 0) + 1);
      },
      countOf: (name) => counts.get(name) ?? 0,
      onCall: (call) => signaller.hear(call),
    },
  );
  const ended: Ended = await runInProcess('ecs-bluegreen-deploy', {
    env: { ...environmentOf(spec, cwd), ...inputsOf(spec, stage.spec) },
    args: spec.host === 'shell' ? ['--json'] : [],
    cwd,
    clock: {
      now: () => time.now(),
      sleep: (ms, signal) => time.sleep(ms, signal),
      after: (ms, ring) => time.after(ms, ring),
    },
    handler,
    keepsChance: true,
    mayBeUnlisted: true,
    onStart: (life) => signaller.start(life),
    onOutput: (all) => {
      time.stir();
      said.push({ at: aws.clock.now(), text: all });
    },
  });
  signaller.end();
  const outputs = outputsIn(ended, spec, cwd);
  for (const call of calls) chronicle.credit(call.made, spec.name);
  return {
    spec,
    startedAt,
    endedAt: aws.clock.now(),
    status: ended.status,
    outputs,
    said: pieces(said),
    report: reportOf(outputs),
    calls,
    signals,
  };
}

/** Only what each piece added. */
const pieces = (said: readonly { readonly at: number; readonly text: string }[]) =>
  said.map(({ at, text }, index) => ({ at, text: text.slice(said[index - 1]?.text.length ?? 0) }));

function reportOf({ report }: Readonly<Record<string, string>>): string {
  try {
    return report ? readFileSync(report, 'utf8') : '';
  } catch {
    return '';
  }
}
