import { textOf } from './facts';
import { secrets } from './secrets';
import type { RunRule } from './verdict';

/** Minutes beyond the time allowed: the look at the deadline, the diagnosis, and a rollback that is followed. */
const grace = 6 * 60_000;

/** A run ends within its time, and within seconds of a signal. */
export const inTime: RunRule = (run) => {
  const { startedAt, endedAt, spec, signals } = run;
  const deadline = startedAt + spec.waitForMinutes * 60_000 + grace;
  const [first] = signals;
  const problems = [];
  if (endedAt > deadline)
    problems.push(`ended ${Math.round((endedAt - deadline) / 1_000)} s after its deadline and grace`);
  if (first && endedAt - first.at > 4_000) problems.push(`ended ${endedAt - first.at} ms after ${first.name}`);
  return problems;
};

/** Silence of more than a minute looks like a hang; a second more is a matter of the moment. */
const longestSilence = 62_000;

/** Something is said at least once a minute, whatever is under way. */
export const speaks: RunRule = ({ said, startedAt, endedAt }) => {
  const times = [startedAt, ...said.map(({ at }) => at), endedAt];
  const silence = Math.max(...times.slice(1).map((at, index) => at - times[index]!));
  return silence > longestSilence ? `was silent for ${Math.round(silence / 1_000)} s` : undefined;
};

/** Polling takes 40 calls a minute; the begin, a failure and the end have some more. */
const mostCalls = (minutes: number) => 150 + 50 * minutes;

export const sparing: RunRule = ({ calls, startedAt, endedAt }) => {
  const most = mostCalls((endedAt - startedAt) / 60_000);
  return calls.length > most ? `made ${calls.length} calls, more than ${Math.round(most)}` : undefined;
};

/** Signs that the program met what it had not thought of. */
// CodeDeploy itself speaks of "an unexpected error".
const nonsense =
  /(?<!an )unexpected error|\bundefined\b|\[object |\bNaN\b|is not a function|Cannot read propert|\.\.(?=[ ;,]|$)/m;

export const speaksPlainly: RunRule = (run) => {
  const [found] = nonsense.exec(textOf(run)) ?? [];
  return found === undefined ? undefined : `says ${JSON.stringify(found)}`;
};

export const keepsSecrets: RunRule = (run) => {
  const all = `${textOf(run)}${run.report}${JSON.stringify(run.outputs)}`;
  return Object.values(secrets).some((secret) => all.includes(secret)) ? 'shows a secret' : undefined;
};

/** One line says what went wrong, whatever it was. */
export const explains: RunRule = (run) => {
  if (run.status === 0 || run.status === 137) return undefined;
  return /error/i.test(textOf(run)) || /cannot|interrupted|ACTION_RUN_SUMMARY/.test(textOf(run))
    ? undefined
    : `exit ${run.status} without a word`;
};
