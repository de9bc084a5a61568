import { runCommand } from '../../process/run-command';
import type { BuilderKind, Effects } from '../builder';
import { lastWords } from '../command-line/build-output';
import { type CommandLine, commandLineBuilder } from '../command-line/command-line';
import { commonArgs } from '../command-line/common-args';
import { privateDocker } from '../command-line/docker-config';
import { featuresOf } from '../features';

/** Its virtual machine may be starting. */
const probeMs = 30_000;

/** Finch: the command line of nerdctl, on macOS and Windows in a virtual machine. */
export const finch: BuilderKind = {
  async probe(effects) {
    const command = { program: 'finch', args: ['info', '--format', '{{json .}}'], env: effects.env };
    const asked = await runCommand({ ...command, timeoutMs: probeMs }, effects);
    const version = asked.status === 0 ? asked.lines.map(parseInfo).find(Boolean) : undefined;
    if (!version) return { silent: lastWords(asked.lines).replace(/^.*\| /, '') || 'its containerd does not answer' };
    return commandLineBuilder(commandLineOf(version, effects), effects);
  },
};

function commandLineOf(version: string, { env, temp }: Effects): CommandLine {
  return {
    name: 'finch',
    title: `finch with containerd ${version}`,
    features: featuresOf('finch'),
    environment: (host) => privateDocker(env, temp.path(), host),
    login: (user, host) => ['login', '--username', user, '--password-stdin', host],
    // In a virtual machine, its own configuration keeps the login, whatever the environment says.
    logout: (host) => ['logout', host],
    build: (spec, names) => ({ args: ['build', '--progress=plain', ...commonArgs(spec, names)] }),
    pushes: (_, names) => names.map((name) => ({ name, args: ['push', name], digest: pushedDigest })),
  };
}

/** What finch says. */

/** `finch info --format '{{json .}}'`: the version of the containerd behind it. */
export function parseInfo(line: string): string | undefined {
  try {
    return (JSON.parse(line) as { ServerVersion?: string }).ServerVersion;
  } catch {
    return undefined;
  }
}

/** The digest that a push shows: of the index where there is one, else of the manifest. */
export function pushedDigest(lines: readonly string[]): string | undefined {
  const digestOf = (kind: string) =>
    lines.map((line) => new RegExp(`^\\s*${kind}-(sha256:[0-9a-f]{64}):`).exec(line)?.[1]).find(Boolean);
  return digestOf('index') ?? digestOf('manifest');
}
