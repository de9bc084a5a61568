import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Hands on each line that a process writes; without a taker they are read all the same, or the process would stall. */
export function relayLines({ stdout, stderr }: ChildProcess, take: (line: string) => void = () => {}): void {
  for (const stream of [stdout, stderr]) {
    if (stream) createInterface({ input: stream }).on('line', take);
  }
}
