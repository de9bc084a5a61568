import { ActionError } from '../../../../../shared/errors';
import { formatImageReference } from '../../../../../shared/image/reference';
import type { BuilderName } from '../../definition';
import { type Command, type CommandResult, runCommand } from '../../process/run-command';
import { saysTagTaken, TagTaken } from '../../registry/errors';
import { TransientError, withRetries } from '../../registry/retry';
import type { Builder, BuildSpec, Built, Destination, Effects } from '../builder';
import { type Feature, missingFeatures } from '../features';
import { cacheFailure, dockerfileWarnings, failingLine, failingStep, lastWords, saysTransient } from './build-output';

/** A builder with a command line, as it answered: how its words differ from those of others. */
export interface CommandLine {
  readonly name: BuilderName;
  /** What answered, for the log: `docker 28.2.2 with buildx 0.24.0`. */
  readonly title: string;
  readonly features: ReadonlySet<Feature>;
  /** The environment in which a login to the host stays private. */
  environment(host: string): Readonly<NodeJS.ProcessEnv>;
  /** The words of a login as `user`; the password comes through standard input. */
  login(user: string, host: string): readonly string[];
  /** Where a login is kept despite its environment: the words that end it. */
  logout?(host: string): readonly string[];
  build(spec: BuildSpec, names: readonly string[]): BuildCommand;
  /** The pushes that give the built image all its names. */
  pushes(spec: BuildSpec, names: readonly string[]): readonly Push[];
}

export interface BuildCommand {
  readonly args: readonly string[];
  /** Added to the environment. */
  readonly env?: Readonly<NodeJS.ProcessEnv>;
}

export interface Push {
  readonly name: string;
  readonly args: readonly string[];
  /** The digest of what was pushed; undefined where the program does not tell. */
  digest(lines: readonly string[]): string | undefined;
}

type Run = (args: readonly string[], more?: Partial<Command>) => Promise<CommandResult>;

/** One build with one tool. */
interface Work {
  readonly tool: CommandLine;
  readonly spec: BuildSpec;
  readonly destination: Destination;
  readonly names: readonly string[];
  readonly effects: Effects;
  readonly run: Run;
}

/** The builder of a command line: it logs in, builds, and pushes each name. */
export function commandLineBuilder(tool: CommandLine, effects: Effects): Builder {
  return {
    title: tool.title,
    cannot: async (spec) => missingFeatures(spec, tool.title, tool.features),
    async build(spec, destination): Promise<Built> {
      const env = { ...tool.environment(destination.host), ...spec.secretValues, ...spec.cacheCredentials };
      const run: Run = (args, more = {}) =>
        runCommand(
          { program: tool.name, args, onLine: (line) => effects.log.info(line), ...more, env: { ...env, ...more.env } },
          effects,
        );
      const names = destination.tags.map((tag) => formatImageReference({ ...destination, tag }));
      const work = { tool, spec, destination, names, effects, run };
      await loggedIn(work, () => build(work));
      // A login that does not stay private has ended with the build.
      return { push: () => (tool.logout ? loggedIn(work, () => pushAll(work)) : pushAll(work)) };
    },
  };
}

/** The password goes through standard input: arguments can be read by every process of the machine. */
async function loggedIn<T>({ tool, destination, run, effects }: Work, job: () => Promise<T>): Promise<T> {
  const { credentials, host } = destination;
  if (!credentials) return job();
  // A warning about the unencrypted file is about the private one, which goes with this run.
  const quiet = { onLine: () => {} };
  const logIn = async () => {
    const { status, lines } = await run(tool.login(credentials.user, host), { ...quiet, input: credentials.password });
    if (status !== 0) throw loginFailure(`cannot log in to ${host} with ${tool.name}: ${lastWords(lines)}`, lines);
  };
  await withRetries(`log in to ${host}`, logIn, effects);
  const { signal, clock } = effects;
  let interruptedAt = 0;
  const note = () => {
    interruptedAt = clock.now();
  };
  signal.addEventListener('abort', note, { once: true });
  const logOut = (args: readonly string[], env: Readonly<NodeJS.ProcessEnv>) => {
    const left = interruptedAt + endMs - clock.now();
    const times = signal.aborted ? { timeoutMs: Math.max(left, leastMs), graceMs: 0 } : { timeoutMs: logoutMs };
    const lasting = { ...effects, signal: new AbortController().signal };
    return runCommand({ program: tool.name, args, env, ...times }, lasting);
  };
  try {
    return await job();
  } finally {
    signal.removeEventListener('abort', note);
    // An interrupted action logs out all the same.
    const args = tool.logout?.(host);
    if (args) await logOut(args, tool.environment(host));
  }
}

function loginFailure(said: string, lines: readonly string[]): ActionError {
  if (saysTransient(lines)) return new TransientError(`${said}; run again later`);
  const isRefused = /\b40[13]\b|unauthorized|denied|forbidden/i.test(lines.join('\n'));
  return new ActionError(`${said}; ${isRefused ? 'check the role and its account' : 'see its output above'}`);
}

const logoutMs = 10_000;
/** An interrupted action ends within three seconds; this is what the builder and its logout may take of them. */
const endMs = 2_600;
/** A builder that used up its time to end leaves this much. */
const leastMs = 300;

async function build({ tool, spec, names, run, effects }: Work): Promise<void> {
  const once = (what: BuildSpec) => {
    const { args, env } = tool.build(what, names);
    return run(args, env ? { env } : {});
  };
  let result = await once(spec);
  const writes = spec.cache === 'registry' || spec['cache-to'].length > 0;
  const lost = writes ? cacheFailure(result.lines) : undefined;
  if (lost) effects.log.warn(`the cache could not be written: ${lost}`);
  // Builders that let the whole build fail then have all its steps by now.
  if (lost && result.status !== 0) result = await once({ ...spec, cache: 'none', 'cache-to': [] });
  for (const { line, text } of dockerfileWarnings(result.lines)) effects.log.warn(`${spec.shown}:${line}: ${text}`);
  if (result.status !== 0) throw buildFailure(tool, result, spec);
}

function buildFailure({ name }: CommandLine, { lines, status }: CommandResult, { shown }: BuildSpec): ActionError {
  const step = failingStep(lines);
  const where = step ? ` at ${step}` : '';
  const line = failingLine(lines);
  const words = `${name} ended with status ${status}${where}: ${lastWords(lines)}; see the output above`;
  // A text that begins with a place is shown there.
  const details = line === undefined ? [] : [`${shown}:${line}: the build failed here`];
  return new ActionError(`cannot build ${shown}: ${words}`, { details });
}

async function pushAll(work: Work): Promise<string> {
  const digests = new Set<string>();
  for (const push of work.tool.pushes(work.spec, work.names)) {
    digests.add(await withRetries(`push ${push.name}`, () => pushOne(push, work), work.effects));
  }
  const [digest, ...others] = digests;
  if (digest === undefined || others.length > 0) {
    throw new ActionError(
      `cannot push: ${work.tool.name} assigned the tags ${digests.size} different digests; run again`,
    );
  }
  return digest;
}

async function pushOne(push: Push, { tool, destination, run }: Work): Promise<string> {
  const { status, lines } = await run(push.args);
  const { client, repository, tags } = destination;
  const digest = status === 0 ? (push.digest(lines) ?? (await client.resolve(repository, tags[0]!))) : undefined;
  if (digest) return digest;
  const said = `cannot push ${push.name}: ${tool.name} ended with status ${status}: ${lastWords(lines)}`;
  // By the whole lines: the error shows only their beginnings, and podman says the reason far behind.
  if (lines.some(saysTagTaken)) throw new TagTaken(`${said}; use another tag`);
  throw saysTransient(lines)
    ? new TransientError(`${said}; run again later`)
    : new ActionError(`${said}; see the output above`);
}
