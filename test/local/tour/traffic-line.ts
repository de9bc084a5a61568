import type { Counts } from './load';

/** The weights of the listener, and the versions in the answers of that time. */
export interface TrafficWindow {
  /** Percentage of the requests that the listener sends to green. */
  readonly asked: number;
  readonly counts: Counts;
  /** The version that green serves. */
  readonly green: string;
}

const cells = 20;

/** How many answers there were, those with an error included. */
export const answersIn = ({ versions, failed }: Counts): number =>
  [...versions.values()].reduce((sum, one) => sum + one, failed);

/**
 * The percentage of the answers that came from green; undefined without an answer. Those with an error are green's: what
 * runs before a deployment of this tour has none.
 */
export function measured({ counts, green }: TrafficWindow): number | undefined {
  const answers = answersIn(counts);
  return answers === 0 ? undefined : (100 * ((counts.versions.get(green) ?? 0) + counts.failed)) / answers;
}

/** One line: a bar of what was measured, the weight that was asked for beside it, and the requests behind it. */
export function trafficLine(window: TrafficWindow, colour: boolean): string {
  const share = measured(window);
  const full = Math.round(((share ?? 0) * cells) / 100);
  const paint = (code: number, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const bar = paint(34, '░'.repeat(cells - full)) + paint(32, '█'.repeat(full));
  const said = share === undefined ? 'no answer' : `${Math.round(share)} %`;
  return `blue ${bar} green  weight ${percent(window.asked)}  measured ${said.padStart(5)}  ${answersOf(window.counts)}`;
}

const percent = (value: number) => `${value} %`.padStart(5);

/** `First 41, Las Vegas 9`, and what failed or was lost. */
export function answersOf({ versions, failed, lost }: Counts): string {
  const answers = [...versions].map(([version, count]) => `${version} ${count}`);
  const bad = [...(failed > 0 ? [`status 500 ${failed}`] : []), ...(lost > 0 ? [`lost ${lost}`] : [])];
  return [...answers, ...bad].join(', ') || 'no requests';
}

/** All answers of several times together. */
export function totalOf(all: readonly Counts[]): Counts {
  const versions = new Map<string, number>();
  for (const counts of all) {
    for (const [version, count] of counts.versions) versions.set(version, (versions.get(version) ?? 0) + count);
  }
  const sum = (name: 'failed' | 'lost') => all.reduce((total, counts) => total + counts[name], 0);
  return { versions, failed: sum('failed'), lost: sum('lost') };
}
