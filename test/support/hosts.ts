import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ActionName, actionBundle } from './bundles';
import { type Ended, type RunOptions, runNode } from './process';

export type HostName = 'codecatalyst' | 'github' | 'shell';
export const hostNames: readonly HostName[] = ['codecatalyst', 'github', 'shell'];

/** What a run on a host left, in all places where somebody may read it. */
export interface HostRun extends Ended {
  /** Standard output and error, the step summary and the file of outputs. */
  readonly everything: string;
  readonly summary: string;
}

/** A folder with a source, a folder for temporary files, and the files of the host. */
export interface Workplace {
  readonly source: string;
  readonly temp: string;
  write(name: string, content: string | object): void;
  run(host: HostName, action: ActionName, inputs: Inputs, options?: RunOptions): Promise<HostRun>;
  remove(): void;
}

type Inputs = Readonly<Record<string, string>>;

export function workplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'host-'));
  const [source, temp, outputs, steps] = ['source', 'temp', 'outputs', 'steps'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const made of [source, temp]) mkdirSync(made);
  const hosts: Readonly<Record<HostName, Inputs>> = {
    codecatalyst: { CATALYST_WORKFLOW_PROJECT_NAME: 'shop', CATALYST_SOURCE_DIR_WorkflowSource: source },
    github: { GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: outputs, GITHUB_STEP_SUMMARY: steps, GITHUB_WORKSPACE: source },
    shell: {},
  };
  const read = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  return {
    source,
    temp,
    write: (name, content) =>
      writeFileSync(join(source, name), typeof content === 'string' ? content : JSON.stringify(content)),
    async run(host, action, inputs, options = {}) {
      for (const file of [outputs, steps]) rmSync(file, { force: true });
      const variables = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
      const env = { ...hosts[host], TMPDIR: temp, ...Object.fromEntries(variables), ...options.env };
      const ended = await runNode(actionBundle(action), [], { cwd: source, ...options, env });
      return { ...ended, summary: read(steps), everything: `${ended.output}\n${read(steps)}\n${read(outputs)}` };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
