import { splitCommand } from '../../../shared/split-command';

/** How the production traffic is asked to move: in two steps, or in equal ones. */
export interface TrafficShift {
  readonly kind: 'canary' | 'linear';
  readonly percent: number;
  /** Minutes between two steps. */
  readonly minutes: number;
}

const shiftForm = /^(\d+(?:\.\d+)?)\s*%\s*(every\s)?\s*(\d+)\s*(m|min|minutes?|h|hours?)$/i;

/** Reads `10% 5m` (canary) or `10% every 3m` (linear); undefined where the text is neither. */
export function parseTrafficShift(text: string): TrafficShift | undefined {
  const [, percent, every, amount, unit = ''] = shiftForm.exec(text.trim()) ?? [];
  if (!percent || !amount) return undefined;
  const minutes = Number(amount) * (/^h/i.test(unit) ? 60 : 1);
  return { kind: every ? 'linear' : 'canary', percent: Number(percent), minutes };
}

/** A command that one container of the new revision runs as a task of its own before the deployment. */
export interface PreDeployCommand {
  readonly container: string;
  readonly command: readonly string[];
}

const commandForm = 'container: words as in a shell, or container: ["json", "array"]';

/** Reads `container: words as in a shell` or `container: ["json", "array"]`. Nothing is run or filled in. */
export function parsePreDeployCommand(text: string): PreDeployCommand | { readonly problem: string } {
  const [, container, rest] = /^\s*([\w-]{1,255})\s*:\s*(\S[\s\S]*)$/.exec(text) ?? [];
  if (container === undefined || rest === undefined) return { problem: `must have the form ${commandForm}` };
  const split = splitCommand(rest.trimEnd());
  if ('problem' in split) return { problem: `its command ${split.problem}; the form is ${commandForm}` };
  return split.words.length > 0
    ? { container, command: split.words }
    : { problem: `has no command; the form is ${commandForm}` };
}
