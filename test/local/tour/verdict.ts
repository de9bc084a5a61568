import { exitStatus } from '../../../shared/errors';
import type { Act } from './acts';
import { answersIn, measured, type TrafficWindow } from './traffic-line';

/**
 * What is not as expected after an act; undefined if everything is. Whatever the actions report, only the answers show
 * what visitors saw.
 */
export function problemOf(
  { version, exit }: Pick<Act, 'version' | 'exit'>,
  status: number,
  windows: readonly TrafficWindow[],
): string | undefined {
  if (status !== exit) return `the exit status was ${status} instead of ${exit}`;
  const last = windows.at(-1);
  const share = last && measured(last);
  const wanted = exit === exitStatus.done ? 100 : 0;
  if (last?.asked !== wanted || (share !== undefined && share !== wanted)) {
    return `at the end ${Math.round(share ?? 0)} % of the answers came from ${version}`;
  }
  const lost = windows.reduce((sum, { counts }) => sum + counts.lost, 0);
  if (lost > 0) return `${lost} requests were lost`;
  const failed = windows.reduce((sum, { counts }) => sum + counts.failed, 0);
  if (exit !== exitStatus.done && failed === 0) return `no request to ${version} failed`;
  const most = Math.ceil(failuresAllowed(windows));
  return failed > most ? `${failed} answers had status 500, more than green's share of ${most}` : undefined;
}

/** Answers that may have been on their way when the weights moved. */
const onTheirWay = 2;

/** The share of green in the answers, which is what a bad version may spoil. */
function failuresAllowed(windows: readonly TrafficWindow[]): number {
  const shares = windows.map(({ asked, counts }) => (asked === 0 ? 0 : (answersIn(counts) * asked) / 100 + onTheirWay));
  return shares.reduce((sum, share) => sum + share, 0);
}
