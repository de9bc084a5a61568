import type { Killable } from '../support/process';

/** Sends a signal when the output has a text for the first time. */
export function at(text: string, signal: NodeJS.Signals = 'SIGTERM'): (output: string, run: Killable) => void {
  let sent = false;
  return (output, run) => {
    if (sent || !output.includes(text)) return;
    sent = true;
    run.kill(signal);
  };
}
