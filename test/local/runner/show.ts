import { colourful } from '../../../shared/host/host';
import type { WorkflowResult } from './run';

/** Colours of the actions' names, in turn: cyan, magenta, blue, yellow, green. */
const colours = [36, 35, 34, 33, 32];

/** Prints the lines of a run, each with the action that it is from. */
export function createShow(stdout: NodeJS.WriteStream, env: NodeJS.ProcessEnv) {
  const colour = colourful(stdout, env);
  const seen: string[] = [];
  // A reader that has gone (`| head`) must not end a run in the middle.
  stdout.on('error', () => {});
  const prefix = (action: string) => {
    if (!seen.includes(action)) seen.push(action);
    const code = colours[seen.indexOf(action) % colours.length];
    return colour ? `\u001b[${code}m${action}\u001b[0m │ ` : `${action} │ `;
  };
  return {
    colour,
    show: (line: string, action?: string) => void stdout.write(`${action ? prefix(action) : ''}${line}\n`),
  };
}

/** How a run ended, a line for each action. */
export function summaryOf({ actions, notRun }: WorkflowResult): string[] {
  return [
    ...actions.map(({ id, status, failure, ms }) =>
      status === 0 ? `✓ ${id}, ${(ms / 1000).toFixed(1)} s` : `✗ ${id}, exit status ${status}: ${failure}`,
    ),
    ...notRun.map((id) => `- ${id}, not run`),
  ];
}
