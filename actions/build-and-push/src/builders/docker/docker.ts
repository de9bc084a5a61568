import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../process/run-command';
import type { BuilderKind, Effects } from '../builder';
import { lastWords } from '../command-line/build-output';
import { type CommandLine, commandLineBuilder } from '../command-line/command-line';
import { privateDocker } from '../command-line/docker-config';
import { type Feature, featuresOf } from '../features';
import { buildCommand, type Docker, isPushedByBuilder, knowsAttestations, pushByBuilder } from './args';
import { flavourOf, metadataDigest, parseBuildx, parseDriver, parseVersion, pushedDigest } from './docker-output';

/** A daemon that is not there should not be waited for. */
const probeMs = 15_000;

/** Docker: with buildx, with BuildKit, or the classic builder. A command line without a daemon is no builder. */
export const docker: BuilderKind = {
  async probe(effects) {
    const ask = (...args: string[]) =>
      runCommand({ program: 'docker', args, timeoutMs: probeMs, env: effects.env }, effects);
    const asked = await ask('version', '--format', '{{json .}}');
    const version = asked.lines.map(parseVersion).find(Boolean);
    if (!version) return { silent: whySilent(asked.lines) };
    const found = await ask('buildx', 'version');
    const buildx = found.status === 0 ? parseBuildx(found.lines.join(' ')) : undefined;
    const driver = buildx && parseDriver((await ask('buildx', 'inspect')).lines);
    const flavour = flavourOf(version.client, buildx);
    return commandLineBuilder(commandLineOf({ flavour, buildx, driver }, version.server, effects), effects);
  },
};

/** The client describes itself first. Podman under Docker's name does no more, as it has no daemon. */
const whySilent = (lines: readonly string[]): string =>
  lastWords(lines.filter((line) => !line.startsWith('{'))).replace(/^.*\| /, '') || 'no daemon answered';

const described = { buildx: 'with buildx', buildkit: 'with BuildKit', classic: 'with the classic builder' } as const;

function commandLineOf(docker: Docker, server: string, { env, temp }: Effects): CommandLine {
  const buildx = docker.buildx ? ` ${docker.buildx}` : '';
  const driver = isOwnDriver(docker) ? ` (${docker.driver})` : '';
  const metadata = () => join(temp.path(), 'metadata.json');
  return {
    name: 'docker',
    title: `docker ${server} ${described[docker.flavour]}${buildx}${driver}`,
    features: featuresWith(docker),
    environment: (host) => privateDocker(env, temp.path(), host),
    login: (user, host) => ['login', '--username', user, '--password-stdin', host],
    build: (spec, names) => buildCommand(docker, spec, names),
    pushes(spec, names) {
      if (!isPushedByBuilder(spec)) {
        return names.map((name) => ({ name, args: ['push', name], digest: pushedDigest }));
      }
      const digest = () => (existsSync(metadata()) ? metadataDigest(readFileSync(metadata(), 'utf8')) : undefined);
      return [{ name: names.join(', '), args: pushByBuilder(docker, spec, names, metadata()), digest }];
    },
  };
}

/** The builder inside the daemon (the driver `docker`) has only the daemon's image store, which takes single images. */
const isOwnDriver = ({ driver }: Docker): boolean => driver !== undefined && driver !== 'docker';

/** What Docker's builder can, as it is set up here. */
function featuresWith(docker: Docker): ReadonlySet<Feature> {
  const buildKit: readonly Feature[] = docker.flavour === 'classic' ? [] : ['secrets', 'inline cache'];
  const own: readonly Feature[] = isOwnDriver(docker) ? ['several platforms', 'registry cache'] : [];
  const attests: readonly Feature[] = own.length > 0 && knowsAttestations(docker) ? ['provenance'] : [];
  return new Set([...featuresOf('docker'), ...buildKit, ...own, ...attests]);
}
