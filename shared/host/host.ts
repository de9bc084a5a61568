import type { Finding } from '../errors';
import type { HostName } from '../manifest/definition';
import type { RawInputs } from '../manifest/parse';
import type { Folders } from './folders';
import type { Log } from './log';
import type { Output } from './output';

/** How an action ended, for the run summary of its host. */
export interface Ending {
  readonly action: string;
  /** The one line that says what failed; undefined when it was done. */
  readonly failure: string | undefined;
  /** What was done, or what explains a failure, as Markdown in which foreign text is escaped. */
  readonly summary: string | undefined;
}

/** What differs between CodeCatalyst, GitHub Actions and a shell. */
export interface Host {
  readonly name: HostName;
  /** Whose run this is, for reports: the CodeCatalyst project or the GitHub repository. */
  readonly project: string | undefined;
  readonly raw: RawInputs;
  readonly folders: Folders;
  readonly log: Log;
  /** What would keep the outputs from being handed over, asked before the job: after a deployment it would be too late to report. */
  obstacles?(): readonly Finding[];
  /** Hands the outputs to the host, and why the action failed, where it did. All is masked already. */
  outputs(values: Readonly<Record<string, string>>, failure?: string): void;
  /** Tells the host how the action ended. */
  end(ending: Ending): void;
}

/** What a host is made from. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly working: string;
  readonly stdout: Pick<Output, 'write' | 'isTTY'>;
  readonly stderr: Pick<Output, 'write' | 'isTTY'>;
}

export const debugging = (env: NodeJS.ProcessEnv): boolean => env['RUNNER_DEBUG'] === '1' || Boolean(env['DEBUG']);

/** Colours where they are asked for (force-color.org), and on a terminal that has not asked for none (no-color.org). */
export function colourful({ isTTY }: Pick<Output, 'isTTY'>, env: NodeJS.ProcessEnv): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced) return forced !== '0' && forced !== 'false';
  return isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}
