import { mkdtempSync, readFileSync } from 'node:fs';
import { arch } from 'node:os';
import { join } from 'node:path';
import { refuse } from '../../../../shared/errors';
import type { BuildOrder, Built, Candidate, Destination, Effects } from '../engine';
import { missingFeatures } from '../features';
import { isLoopback } from '../registry/auth';
import { RegistryClient } from '../registry/client';
import type { Platform } from '../registry/oci';
import { sourceDate } from '../source-date';
import { assemble } from './assemble';
import type { Sources } from './base';
import { checkDockerfile } from './check';
import { ignoreFileOf, readContext } from './context';
import { type Dockerfile, parseDockerfile } from './dockerfile';
import { once } from './once';
import { pushImage } from './push';
import { declaredArgs } from './scope';

/** The builder that needs no daemon, no root and no privileges; it always answers. */
export const builtin: Candidate = {
  name: 'builtin',
  probe: async (effects) => ({
    name: 'builtin',
    title: 'builtin (needs no daemon; builds Dockerfiles without RUN)',
    cannot: async (order) => [...read(order).findings, ...missingFeatures(order, 'builtin', new Set())],
    build: (order, destination) => build(order, destination, effects),
  }),
};

function read({ dockerfile, shown, target }: BuildOrder) {
  const parsed = parseDockerfile(readFileSync(dockerfile, 'utf8'), shown);
  const findings = parsed.findings.length > 0 ? parsed.findings : checkDockerfile(parsed.dockerfile, target);
  return { dockerfile: parsed.dockerfile, findings };
}

async function build(order: BuildOrder, destination: Destination, effects: Effects): Promise<Built> {
  const { dockerfile, findings } = read(order);
  refuse(findings);
  const { log, env, signal } = effects;
  sayIgnored(dockerfile, order, log);
  const workshop = { folder: mkdtempSync(join(effects.temp.path(), 'build-')), time: sourceDate(env), signal };
  const machine = machinePlatform(arch());
  const image = await assemble({
    dockerfile,
    target: order.target,
    given: order.buildArgs,
    labels: order.labels,
    platform: platformOf(order, machine),
    machine,
    context: once(() => readContext(order.context, ignoreFileOf(order.context, order.dockerfile))),
    sources: { folder: workshop.folder, clientFor: clients(destination, effects) },
    workshop,
    log,
  });
  return { push: () => pushImage(image, destination, log) };
}

function sayIgnored(dockerfile: Dockerfile, { buildArgs, shown }: BuildOrder, log: Effects['log']): void {
  if (dockerfile.syntax) log.info(`${shown}: the syntax line is for BuildKit; builtin reads the file by itself`);
  const declared = declaredArgs(dockerfile);
  const unused = Object.keys(buildArgs).filter((name) => !declared.has(name));
  if (unused.length > 0) log.warn(`build-args: no ARG of ${shown} declares ${unused.join(', ')}`);
}

const architectures: Readonly<Record<string, Omit<Platform, 'os'>>> = {
  x64: { architecture: 'amd64' },
  ia32: { architecture: '386' },
  arm: { architecture: 'arm', variant: 'v7' },
  ppc64: { architecture: 'ppc64le' },
};

/** The platform of containers on this machine, by Node's name of its processor. */
export function machinePlatform(processor: string): Platform {
  return { os: 'linux', ...(architectures[processor] ?? { architecture: processor }) };
}

/** The platform to build for: the one that was asked for, else the machine's. Several are refused before. */
function platformOf({ platforms }: BuildOrder, machine: Platform): Platform {
  if (platforms[0] === undefined) return machine;
  const [os = '', architecture = '', variant] = platforms[0].split('/');
  return { os, architecture, ...(variant && { variant }) };
}

/** Other registries are asked anonymously: the credentials are for one registry only. */
function clients(destination: Destination, effects: Effects): Sources['clientFor'] {
  const open = new Map([[destination.host, destination.client]]);
  return (host) => {
    const base = new URL(`${isLoopback(host) ? 'http' : 'https'}://${host}`);
    const client = open.get(host) ?? new RegistryClient({ base, ...effects });
    open.set(host, client);
    return { client, foreign: client !== destination.client };
  };
}
