import { type ActionDefinition, type HostName, offeredOn } from '../manifest/definition';
import { codecatalystHost } from './codecatalyst';
import { parseCommandLine } from './command-line';
import { githubHost } from './github';
import type { Host, Surroundings } from './host';
import { shellHost } from './shell';

/** One of the hosts: how it is known, and how it is made. */
interface HostKind {
  /** Whether it started the action, by the environment. */
  started(env: NodeJS.ProcessEnv): boolean;
  /**
   * The host of this run, or what the command line asks to print instead.
   *
   * @throws InputError when the command line is wrong
   */
  open(surroundings: Surroundings, definition: ActionDefinition, argv: readonly string[]): Host | 'help' | 'version';
}

/** All hosts, in the order in which they are looked for. */
const hosts: Readonly<Record<HostName, HostKind>> = {
  // First: CodeCatalyst users run GitHub's actions too, with the variables of both hosts.
  github: { started: (env) => env['GITHUB_ACTIONS'] === 'true', open: githubHost },
  codecatalyst: {
    started: (env) => Object.keys(env).some((name) => name.startsWith('CATALYST_')),
    open: codecatalystHost,
  },
  shell: {
    started: () => true,
    open(surroundings, definition, argv) {
      const { inputs, format, output, prints } = parseCommandLine(definition, argv, surroundings.working);
      return prints ?? shellHost(surroundings, { given: (input) => inputs[input], format, output });
    },
  },
};

export const hostNames = Object.keys(hosts) as readonly HostName[];

/**
 * Which host started the action, by its environment. A host gives no arguments: with some, the action is a command in one
 * of its steps, such as `aws/build` or `run:`, and behaves as in any shell.
 */
export const hostName = (env: NodeJS.ProcessEnv, argv: readonly string[]): HostName =>
  (argv.length > 0 ? undefined : hostNames.find((name) => hosts[name].started(env))) ?? 'shell';

/**
 * The host of this run, or what the command line asks to print instead.
 *
 * @throws InputError when the command line of a shell is wrong.
 */
export const selectHost = (
  definition: ActionDefinition,
  argv: readonly string[],
  around: Surroundings,
): Host | 'help' | 'version' => {
  const name = hostName(around.env, argv);
  return hosts[name].open(around, offeredOn(name, definition), argv);
};
