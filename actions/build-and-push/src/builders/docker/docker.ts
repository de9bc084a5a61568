import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../process/run-command';
import type { BuilderKind, Effects } from '../builder';
import { lastWords } from '../command-line/build-output';
import { type CommandLine, commandLineBuilder } from '../command-line/command-line';
import { privateDocker } from '../command-line/docker-config';
import { type Feature, featuresOf } from '../features';
import { buildCommand, type Docker, isPushedByBuilder, knowsAttestations, pushByBuilder } from './args';
import {
  flavourOf,
  isContainerdStore,
  metadataDigest,
  parseBuildx,
  parseDriver,
  parseVersion,
  pushedDigest,
} from './docker-output';

/** A daemon that is not running should not be waited for. */
const probeMs = 15_000;

/** The drivers of buildx whose builders run elsewhere, so that they need no daemon on this machine. */
const driversElsewhere = new Set(['remote', 'kubernetes', 'cloud']);

/**
 * Docker: with buildx, with BuildKit, or the classic builder. A command line without a daemon counts only where buildx has a
 * builder elsewhere, as on runners in Kubernetes.
 */
export const docker: BuilderKind = {
  async probe(effects) {
    const ask = (...args: string[]) =>
      runCommand({ program: 'docker', args, timeoutMs: probeMs, env: effects.env }, effects);
    const asked = await ask('version', '--format', '{{json .}}');
    const version = asked.lines.map(parseVersion).find(Boolean);
    if (!version) return { silent: whySilent(asked.lines) };
    const { client, server } = version;
    const plugin = await ask('buildx', 'version');
    const buildx = plugin.status === 0 ? parseBuildx(plugin.lines.join(' ')) : undefined;
    const inspected = buildx ? await ask('buildx', 'inspect') : undefined;
    const named = effects.env['BUILDX_BUILDER'];
    if (named && (inspected?.status ?? 1) !== 0) return { silent: withoutNamed(named, inspected?.lines) };
    const driver = inspected && parseDriver(inspected.lines);
    const isElsewhere = driver !== undefined && driversElsewhere.has(driver);
    if (server === undefined && !isElsewhere) return { silent: whySilent(asked.lines) };
    const store = driver === 'docker' ? (await ask('info', '--format', '{{json .DriverStatus}}')).lines : [];
    const flavour = flavourOf(client, buildx);
    const found = { flavour, buildx, driver, containerd: store.some(isContainerdStore), daemon: server !== undefined };
    return commandLineBuilder(commandLineOf(found, server ?? client, effects), effects);
  },
};

/** The client describes itself first. Podman under Docker's name does no more, as it has no daemon. */
const whySilent = (lines: readonly string[]): string =>
  lastWords(lines.filter((line) => !line.startsWith('{'))).replace(/^.*\| /, '') || 'no daemon answered';

/** A builder that was asked for by its name and does not exist must not be replaced by another. */
const withoutNamed = (name: string, lines: readonly string[] = []): string =>
  `buildx has no builder ${JSON.stringify(name)}: ${lines.length > 0 ? lastWords(lines) : 'it is not installed'}`;

const described = { buildx: 'with buildx', buildkit: 'with BuildKit', classic: 'with the classic builder' } as const;

function commandLineOf(docker: Docker, version: string, { env, temp }: Effects): CommandLine {
  const buildx = docker.buildx ? ` ${docker.buildx}` : '';
  const driver = isOwnDriver(docker) ? ` (${docker.driver})` : '';
  const metadata = () => join(temp.path(), 'metadata.json');
  return {
    name: 'docker',
    title: `docker ${version} ${described[docker.flavour]}${buildx}${driver}`,
    features: featuresWith(docker),
    environment: (host) => privateDocker(env, temp.path(), host),
    login: (user, host) => ['login', '--username', user, '--password-stdin', host],
    build: (spec, names) => buildCommand(docker, spec, names),
    pushes(spec, names) {
      if (!isPushedByBuilder(docker, spec)) {
        return names.map((name) => ({ name, args: ['push', name], digest: pushedDigest }));
      }
      const digest = () => (existsSync(metadata()) ? metadataDigest(readFileSync(metadata(), 'utf8')) : undefined);
      return [{ name: names.join(', '), args: pushByBuilder(docker, spec, names, metadata()), digest }];
    },
  };
}

const isOwnDriver = ({ driver }: Docker): boolean => driver !== undefined && driver !== 'docker';

/**
 * What Docker's builder can, as it is set up here. The one inside the daemon (the driver `docker`) has only the daemon's image
 * store, which takes single images unless it is that of containerd.
 */
function featuresWith(docker: Docker): ReadonlySet<Feature> {
  const { flavour, containerd, daemon } = docker;
  const hasStore = isOwnDriver(docker) || containerd;
  return new Set([
    ...featuresOf('docker'),
    ...given(flavour !== 'classic', 'secrets', 'inline cache', 'ssh'),
    ...given(flavour === 'buildx', 'cache import', 'cache filters', 'build contexts', 'entitlements'),
    ...given(hasStore, 'several platforms', 'registry cache', 'cache export', 'output settings'),
    ...given(hasStore && knowsAttestations(docker), 'provenance', 'attestations', 'annotations'),
    ...given(daemon, 'load'),
    ...given(containerd, 'load of an index'),
  ]);
}

const given = (condition: boolean, ...features: Feature[]): readonly Feature[] => (condition ? features : []);
