import { splitCommand } from '../../../shared/split-command';

/** A command that one container of the new revision runs as a task of its own before the deployment. */
export interface PreDeployCommand {
  readonly container: string;
  readonly command: readonly string[];
}

const form = 'container: words as in a shell, or container: ["json", "array"]';

/** Reads `container: words as in a shell` or `container: ["json", "array"]`. Nothing is run or filled in. */
export function parsePreDeployCommand(text: string): PreDeployCommand | { readonly problem: string } {
  const [, container, rest] = /^\s*([\w-]{1,255})\s*:\s*(\S[\s\S]*)$/.exec(text) ?? [];
  if (container === undefined || rest === undefined) return { problem: `must have the form ${form}` };
  const split = splitCommand(rest.trimEnd());
  if ('problem' in split) return { problem: `its command ${split.problem}; the form is ${form}` };
  return split.words.length > 0
    ? { container, command: split.words }
    : { problem: `has no command; the form is ${form}` };
}
