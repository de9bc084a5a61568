import type { Compute } from '../aws/compute';
import type { Counts, Load } from './load';
import { answersIn } from './traffic-line';

/** Share of the answers in a short time; percentages of all of them. */
export interface Slice {
  /** Milliseconds since the beginning. */
  readonly at: number;
  readonly blue: number;
  readonly green: number;
  /** Answers with status 500. */
  readonly failed: number;
}

/** Something that happened to the deployment. */
export interface Moment {
  readonly at: number;
  readonly text: string;
  readonly bad: boolean;
}

/** The course of a deployment, as it is drawn. */
export interface History {
  readonly slices: readonly Slice[];
  readonly moments: readonly Moment[];
}

export interface Recorder {
  readonly history: History;
  /** Records something that AWS does not report. */
  note(text: string, bad: boolean): void;
  end(): void;
}

export interface RecorderOptions {
  readonly compute: Pick<Compute, 'onEvent'>;
  readonly load: Pick<Load, 'total'>;
  /** The version that is being deployed. */
  readonly green: string;
  readonly now: () => number;
  /** Calls back every `ms` milliseconds. Returns a function that ends it. */
  readonly every: (ms: number, call: () => void) => () => void;
}

/** Milliseconds of a slice. */
const sliceMs = 250;

/** Records the traffic of a deployment and its events from now on. */
export function recordHistory({ compute, load, green, now, every }: RecorderOptions): Recorder {
  const startedAt = now();
  const slices: Slice[] = [];
  const moments: Moment[] = [];
  // The first deployment that is heard of is the one of this recorder; what comes after it rolls it back.
  let own: string | undefined;
  const note = (text: string, bad: boolean) => void moments.push({ at: now() - startedAt, text, bad });
  let before = load.total();
  const stopSlices = every(sliceMs, () => {
    const total = load.total();
    const slice = sliceBetween(before, total, green);
    before = total;
    if (slice) slices.push({ at: now() - startedAt, ...slice });
  });
  const stopEvents = compute.onEvent((event) => {
    if (event.type === 'deployment' || event.type === 'lifecycle') own ??= event.id;
    if (event.type === 'lifecycle' && event.status === 'InProgress') note(event.event, false);
    if (event.type === 'lifecycle' && event.status === 'Failed') note(`${event.event} failed`, true);
    if (event.type === 'deployment' && isEnd(event.status)) {
      note(`${event.id === own ? 'deployment' : 'rollback'} ${event.status.toLowerCase()}`, isBad(event.status));
    }
  });
  return {
    history: { slices, moments },
    note,
    end() {
      stopSlices();
      stopEvents();
    },
  };
}

const isEnd = (status: string) => status === 'Succeeded' || isBad(status);
const isBad = (status: string) => status === 'Failed' || status === 'Stopped';

/** The answers between two counts; undefined if there were none. */
export function sliceBetween(before: Counts, now: Counts, green: string): Omit<Slice, 'at'> | undefined {
  const all = answersIn(now) - answersIn(before);
  if (all === 0) return undefined;
  const of = (counts: Counts) => counts.versions.get(green) ?? 0;
  const share = (count: number) => Math.round((1_000 * count) / all) / 10;
  const failed = now.failed - before.failed;
  const greens = of(now) - of(before);
  return { blue: share(all - greens - failed), green: share(greens), failed: share(failed) };
}
