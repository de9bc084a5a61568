import type { History } from '../history';
import { continues, named, noDenial, onceOnly, refuses, stops, untouched } from './changes';
import { consistent, failure, success } from './claims';
import { explains, inTime, keepsSecrets, sparing, speaks, speaksPlainly } from './conduct';
import { noSecond, oneRevision, settles, waitsItsTurn } from './convergence';
import { isUnhealthy, serves } from './health';
import { prepared, tidies } from './one-off-tasks';
import type { RunRule, Violation } from './verdict';

/** All rules about a run, by the names under which they are counted. */
export const rules: Readonly<Record<string, RunRule>> = {
  consistent,
  success,
  failure,
  serves,
  isUnhealthy,
  untouched,
  refuses,
  onceOnly,
  noDenial,
  named,
  stops,
  continues,
  waitsItsTurn,
  noSecond,
  oneRevision,
  settles,
  prepared,
  tidies,
  inTime,
  speaks,
  sparing,
  speaksPlainly,
  keepsSecrets,
  explains,
};

/** Judges every run of a world by what really happened in it. */
export function judge(history: History): Violation[] {
  return history.runs.flatMap((run) =>
    Object.entries(rules).flatMap(([rule, check]) =>
      [check(run, history) ?? []].flat().map((what) => ({ rule, run: run.spec.name, what })),
    ),
  );
}
