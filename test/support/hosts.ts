import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostNames } from '../../shared/host/select';
import type { HostName } from '../../shared/manifest/definition';
import { type ActionName, actionBundle } from './bundles';
import { type HereOptions, runHere } from './in-process';
import { type Ended, type RunOptions, runNode } from './process';

export { hostNames };

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
  /** GitHub's folder of the job: what is written there is not in the checkout. */
  readonly job: string;
  write(name: string, content: string | object): void;
  /** Runs the action in the process of the test. */
  run(host: HostName, action: ActionName, inputs: Inputs, options?: HereOptions): Promise<HostRun>;
  /** Runs the bundle, for what only a process of its own has. */
  runBundle(host: HostName, action: ActionName, inputs: Inputs, options?: RunOptions): Promise<HostRun>;
  remove(): void;
}

type Inputs = Readonly<Record<string, string>>;

export function workplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'host-'));
  const paths = ['source', 'temp', 'job', 'outputs', 'steps'].map((name) => join(folder, name));
  const [source, temp, job, outputs, steps] = paths as [string, string, string, string, string];
  for (const made of [source, temp, job]) mkdirSync(made);
  const hosts: Readonly<Record<HostName, Inputs>> = {
    codecatalyst: { CATALYST_WORKFLOW_PROJECT_NAME: 'shop', CATALYST_SOURCE_DIR_WorkflowSource: source },
    github: {
      GITHUB_ACTIONS: 'true',
      GITHUB_OUTPUT: outputs,
      GITHUB_STEP_SUMMARY: steps,
      GITHUB_WORKSPACE: source,
      RUNNER_TEMP: job,
    },
    shell: {},
  };
  const read = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  const environment = (host: HostName, inputs: Inputs, more: RunOptions['env'] = {}) => {
    for (const file of [outputs, steps]) rmSync(file, { force: true });
    const variables = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
    return { ...hosts[host], TMPDIR: temp, ...Object.fromEntries(variables), ...more };
  };
  const resultOf = (ended: Ended): HostRun => ({
    ...ended,
    summary: read(steps),
    everything: `${ended.output}\n${read(steps)}\n${read(outputs)}`,
  });
  return {
    source,
    temp,
    job,
    write: (name, content) =>
      writeFileSync(join(source, name), typeof content === 'string' ? content : JSON.stringify(content)),
    async run(host, action, inputs, options = {}) {
      const env = environment(host, inputs, options.env);
      return resultOf(await runHere(action, [], { cwd: source, ...options, env }));
    },
    async runBundle(host, action, inputs, options = {}) {
      const env = environment(host, inputs, options.env);
      return resultOf(await runNode(actionBundle(action), [], { cwd: source, ...options, env }));
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
