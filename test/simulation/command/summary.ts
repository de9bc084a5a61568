import type { Violation } from '../oracle/verdict';
import type { Played } from '../play';

/** What a parent needs to know of a world that was played. */
export interface Summary {
  readonly seed: number;
  /** Processor time in milliseconds. */
  readonly ms: number;
  readonly kind: string;
  readonly runs: readonly RunSummary[];
  readonly violations: readonly Violation[];
}

export interface RunSummary {
  /** Exit status and `deployment-status`. */
  readonly outcome: string;
  readonly host: string;
  /** Faults that its calls met, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly calls: number;
  /** Minutes of the simulated time. */
  readonly minutes: number;
}

export function summaryOf({ seed, history, violations }: Played, ms: number): Summary {
  const { controller, ecs } = history.spec;
  return {
    seed,
    ms,
    kind: controller === 'ECS' ? `ECS ${ecs.strategy.toLowerCase().replace('_', '/')}` : 'CodeDeploy',
    runs: history.runs.map((run) => ({
      outcome: `${run.status} ${run.outputs['deployment-status'] ?? 'none'}`,
      host: run.spec.host,
      faults: count(run.calls.flatMap(({ fault }) => fault ?? [])),
      calls: run.calls.length,
      minutes: (run.endedAt - run.startedAt) / 60_000,
    })),
    violations,
  };
}

export function count(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
