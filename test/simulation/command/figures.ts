import type { Crash } from './pool';
import { count, type Summary } from './summary';

/** Adds up what was played. */
export class Figures {
  readonly failed: (Summary | Crash)[] = [];
  worlds = 0;
  runs = 0;
  calls = 0;
  minutes = 0;
  ms = 0;
  readonly #cells = new Map<string, Map<string, number>>();
  readonly #rows = new Map<string, number>();

  add(result: Summary | Crash): void {
    this.worlds++;
    if ('crash' in result) {
      this.failed.push(result);
      return;
    }
    if (result.violations.length > 0) this.failed.push(result);
    this.ms += result.ms;
    for (const run of result.runs) {
      this.runs++;
      this.calls += run.calls;
      this.minutes += run.minutes;
      const met = Object.keys(run.faults);
      for (const row of [result.kind, `host ${run.host}`, ...(met.length > 0 ? met : ['no fault'])]) {
        this.#note(row, run.outcome);
      }
    }
  }

  #note(row: string, outcome: string): void {
    const cells = this.#cells.get(row) ?? new Map<string, number>();
    this.#cells.set(row, cells);
    cells.set(outcome, (cells.get(outcome) ?? 0) + 1);
    this.#rows.set(row, (this.#rows.get(row) ?? 0) + 1);
  }

  /** Runs by what they met (rows) and how they ended (columns), as a table in Markdown. */
  table(): string {
    const outcomes = [...new Set([...this.#cells.values()].flatMap((cells) => [...cells.keys()]))].sort();
    const rows = [...this.#cells.keys()]
      .sort()
      .map((row) => [
        row,
        String(this.#rows.get(row)),
        ...outcomes.map((outcome) => String(this.#cells.get(row)?.get(outcome) ?? '')),
      ]);
    const head = ['met', 'runs', ...outcomes.map((outcome) => outcome.replace(' none', ''))];
    return [head, head.map((_, index) => (index === 0 ? '---' : '--:')), ...rows]
      .map((cells) => `| ${cells.join(' | ')} |`)
      .join('\n');
  }

  /** Rules that were broken, with how often. */
  broken(): string {
    const words = this.failed.flatMap((one) => ('crash' in one ? ['crash'] : one.violations.map(({ rule }) => rule)));
    return Object.entries(count(words))
      .map(([rule, times]) => `${rule} ${times}`)
      .join(', ');
  }
}
