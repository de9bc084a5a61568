import { ActionError } from '../../../../shared/errors';
import { formatImageReference } from '../../../../shared/image/reference';
import { type Command, type CommandResult, runCommand } from '../command';
import type { BuildOrder, Built, Candidate, Destination, Effects, Engine } from '../engine';
import { PassingFailure, withRetries } from '../registry/retry';
import { privateDocker } from './config';
import {
  type Flavour,
  failingStep,
  flavourOf,
  isAtLeast,
  isPassing,
  lastWords,
  parseBuildx,
  parseVersion,
  pushedDigest,
} from './output';

/** A daemon that is not there should not be waited for. */
const probeMs = 15_000;

/** The command line of Docker, as it answered. */
interface Docker {
  readonly flavour: Flavour;
  readonly buildx: string | undefined;
}

/** Docker: with buildx, with BuildKit, or the classic builder. A command line without a daemon is no engine. */
export const docker: Candidate = {
  name: 'docker',
  async probe(effects) {
    const ask = (...args: string[]) =>
      runCommand({ program: 'docker', args, timeoutMs: probeMs, env: effects.env }, effects);
    const asked = await ask('version', '--format', '{{json .}}');
    const version = asked.lines.map(parseVersion).find(Boolean);
    if (!version) return { silent: lastWords(asked.lines).replace(/^.*\| /, '') || 'no daemon answered' };
    const found = await ask('buildx', 'version');
    const buildx = found.status === 0 ? parseBuildx(found.lines.join(' ')) : undefined;
    const flavour = flavourOf(version.client, buildx);
    return engineOf({ flavour, buildx }, version.server, effects);
  },
};

const described = { buildx: 'with buildx', buildkit: 'with BuildKit', classic: 'with the classic builder' } as const;

function engineOf(found: Docker, server: string, effects: Effects): Engine {
  const buildx = found.buildx ? ` ${found.buildx}` : '';
  return {
    name: 'docker',
    title: `docker ${server} ${described[found.flavour]}${buildx}`,
    cannot: async () => [],
    build: (order, destination) => build(found, order, destination, effects),
  };
}

async function build(found: Docker, order: BuildOrder, destination: Destination, effects: Effects): Promise<Built> {
  const env = privateDocker(effects.env, effects.temp.path(), destination.host);
  const run = (args: readonly string[], more: Partial<Command> = {}) =>
    runCommand({ program: 'docker', args, env, onLine: (line) => effects.log.info(line), ...more }, effects);
  await login(destination, run);
  const names = destination.tags.map((tag) => formatImageReference({ ...destination, tag }));
  const result = await run(buildArguments(found, order, names), { env: { ...env, ...switchFor(found.flavour) } });
  if (result.status !== 0) throw buildFailure(result, order);
  return { push: () => pushAll(names, run, effects) };
}

type Run = (args: readonly string[], more?: Partial<Command>) => Promise<CommandResult>;

/** The password goes through standard input: arguments can be read by every process of the machine. */
async function login({ credentials, host }: Destination, run: Run): Promise<void> {
  // Its warning about the unencrypted file is about the private one, which goes with this run.
  const quiet = { input: credentials.password, onLine: () => {} };
  const result = await run(['login', '--username', credentials.user, '--password-stdin', host], quiet);
  if (result.status !== 0) {
    throw new ActionError(
      `cannot log in to ${host} with docker: ${lastWords(result.lines)}; check the role and its account`,
    );
  }
}

/** The words of the build. Pure. */
export function buildArguments({ flavour, buildx }: Docker, order: BuildOrder, names: readonly string[]): string[] {
  const pairs = (flag: string, values: Readonly<Record<string, string>>) =>
    Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
  return [
    ...(flavour === 'buildx' ? ['buildx', 'build', '--load'] : ['build']),
    ...(flavour === 'classic' ? [] : ['--progress=plain']),
    // Attestations would make an index with children that have no tag; before 0.10 there are none.
    ...(buildx !== undefined && isAtLeast(buildx, [0, 10]) ? ['--provenance=false', '--sbom=false'] : []),
    '--file',
    order.dockerfile,
    ...(order.target === undefined ? [] : ['--target', order.target]),
    ...pairs('--build-arg', order.buildArgs),
    ...pairs('--label', order.labels),
    ...names.flatMap((name) => ['--tag', name]),
    ...order.options,
    order.context,
  ];
}

/** A command line before 23 builds as this variable says; later ones without buildx can only be classic. */
function switchFor(flavour: Flavour): NodeJS.ProcessEnv {
  return flavour === 'buildx' ? {} : { DOCKER_BUILDKIT: flavour === 'buildkit' ? '1' : '0' };
}

function buildFailure({ lines, status }: CommandResult, { shown }: BuildOrder): ActionError {
  const step = failingStep(lines);
  const where = step ? ` at ${step}` : '';
  return new ActionError(
    `cannot build ${shown}: docker ended with status ${status}${where}: ${lastWords(lines)}; see the output above`,
  );
}

async function pushAll(names: readonly string[], run: Run, effects: Effects): Promise<string> {
  const digests = new Set<string>();
  for (const name of names) digests.add(await withRetries(`push ${name}`, () => pushOne(name, run), effects));
  const [digest, ...others] = digests;
  if (digest === undefined || others.length > 0) {
    throw new ActionError(`cannot push: docker gave the tags ${digests.size} different digests; run again`);
  }
  return digest;
}

async function pushOne(name: string, run: Run): Promise<string> {
  const { status, lines } = await run(['push', name]);
  const digest = pushedDigest(lines);
  if (status === 0 && digest) return digest;
  const said = `cannot push ${name}: docker ended with status ${status}: ${lastWords(lines)}`;
  throw isPassing(lines) ? new PassingFailure(said) : new ActionError(`${said}; see the output above`);
}
