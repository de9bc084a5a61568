import type { ActionDefinition } from '../manifest/definition';
import { codecatalystHost } from './codecatalyst';
import { parseCommandLine } from './command-line';
import { githubHost } from './github';
import type { Host, Surroundings } from './host';
import { shellHost } from './shell';

/**
 * Which host started the action, by its environment. A host gives no arguments: with some, the action is a command in one
 * of its steps, such as `aws/build` or `run:`, and behaves as in any shell.
 */
export function hostName(env: NodeJS.ProcessEnv, argv: readonly string[]): Host['name'] {
  if (argv.length > 0) return 'shell';
  if (env['GITHUB_ACTIONS'] === 'true') return 'github';
  return Object.keys(env).some((name) => name.startsWith('CATALYST_')) ? 'codecatalyst' : 'shell';
}

/**
 * The host of this run, or `help` where the command line asks for it.
 *
 * @throws InputError when the command line of a shell is wrong.
 */
export function selectHost(definition: ActionDefinition, argv: readonly string[], around: Surroundings): Host | 'help' {
  const name = hostName(around.env, argv);
  if (name === 'codecatalyst') return codecatalystHost(around);
  if (name === 'github') return githubHost(around);
  const line = parseCommandLine(definition, argv);
  return line.help ? 'help' : shellHost(around, { given: (input) => line.inputs[input], json: line.json });
}
