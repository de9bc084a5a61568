import { mkdtempSync } from 'node:fs';
import { arch } from 'node:os';
import { basename, join } from 'node:path';
import { type Finding, findingsOf, InputError, refuse } from '../../../../../shared/errors';
import type { Platform } from '../../registry/oci';
import { dateVariable, sourceDate } from '../../source/source-date';
import { largestDockerfile, largestIgnoreFile, readSourceFile } from '../../source/source-file';
import type { BuilderKind, BuildSpec, Built, Destination, Effects, Limit } from '../builder';
import { featuresOf, missingFeatures } from '../features';
import { accessFor } from './base-access';
import { threads } from './compress/compressor';
import { checkIgnore, ignoreFileOf, readContext } from './context';
import { checkDockerfile } from './dockerfile/check-dockerfile';
import { type Dockerfile, parseDockerfile } from './dockerfile/dockerfile';
import { parsePlatform } from './dockerfile/platform';
import { piece, shortened } from './dockerfile/quote';
import { type Args, declaredArgs, globalArgs, platformArgs } from './dockerfile/scope';
import { knownLayers } from './known-layers';
import { once } from './promises';
import { pushImage } from './push';
import { assemble } from './stage-builder';

/** The builder that needs no daemon, no root and no privileges; it always answers. */
export const builtin: BuilderKind = {
  probe: async (effects) => ({
    title: 'builtin (needs no daemon; builds Dockerfiles without RUN)',
    cannot: async (spec) => [...read(spec).findings, ...missingFeatures(spec, 'builtin', featuresOf('builtin'))],
    build: (spec, destination) => build(spec, destination, effects),
  }),
};

/** What can be known of a build before it begins. */
function read(spec: BuildSpec) {
  const machine = machinePlatform(arch());
  // One that is malformed is refused with the inputs.
  const platform = parsePlatform(spec.platforms[0] ?? '') ?? machine;
  const { dockerfile, findings } = parseDockerfile(
    readText(spec.dockerfile, spec.shown, largestDockerfile),
    spec.shown,
  );
  const stage = ['TARGETSTAGE', spec.target ?? 'default'] as const;
  let globals: Args = new Map([...platformArgs('TARGET', platform), ...platformArgs('BUILD', machine), stage]);
  const wrong = findingsOf(() => {
    refuse([...findings, ...ignoreFindings(spec)]);
    globals = globalArgs(dockerfile, spec.buildArgs, globals);
  });
  const limits: readonly Limit[] = wrong.length > 0 ? wrong : checkDockerfile(dockerfile, spec.target, globals);
  return { dockerfile, globals, platform, findings: limits };
}

function ignoreFindings({ context, dockerfile, shown }: BuildSpec): Finding[] {
  const file = ignoreFileOf(context, dockerfile);
  if (file === undefined) return [];
  const name = file.startsWith(dockerfile) ? `${shown}.dockerignore` : basename(file);
  return shortened(checkIgnore(readText(file, name, largestIgnoreFile), name));
}

/** The links of the file were looked at with the inputs. @throws InputError */
function readText(file: string, shown: string, limit: number): string {
  const read = readSourceFile(file, limit);
  if ('problem' in read) throw new InputError([{ where: shown, problem: read.problem }]);
  return read.text;
}

async function build(spec: BuildSpec, destination: Destination, effects: Effects): Promise<Built> {
  const { dockerfile, globals, platform, findings } = read(spec);
  refuse(findings);
  const { log, env, signal } = effects;
  sayIgnored(dockerfile, spec, log);
  const compressor = threads();
  const folder = mkdtempSync(join(effects.temp.path(), 'build-'));
  const known = destination.newest && knownLayers(destination, effects);
  const workshop = {
    folder,
    // In BuildKit's order; it finds the variable among the arguments, where buildx puts it.
    time: sourceDate(spec.buildArgs[dateVariable] ?? env[dateVariable] ?? globals.get(dateVariable)),
    signal,
    warn: log.warn,
    compressor,
    ...(known && { known }),
  };
  const skipped = (path: string, why: string) => log.warn(`context: left out ${piece(path)}: ${why}`);
  try {
    const image = await assemble({
      dockerfile,
      target: spec.target,
      given: spec.buildArgs,
      labels: spec.labels,
      globals,
      platform,
      isPlatformGiven: spec.platforms.length > 0,
      context: once(() => readContext(spec.context, ignoreFileOf(spec.context, spec.dockerfile), skipped, signal)),
      sources: { folder, access: accessFor(destination, effects) },
      workshop,
      log,
    });
    warnOfDepth(image.layers.length, log);
    return { push: () => pushImage(image, destination, log) };
  } finally {
    compressor.close();
  }
}

function sayIgnored(dockerfile: Dockerfile, { buildArgs, shown }: BuildSpec, log: Effects['log']): void {
  if (mustPassCheck(dockerfile.check ?? buildArgs['BUILDKIT_DOCKERFILE_CHECK'])) {
    log.warn(
      `${shown}: error=true asks BuildKit to fail on its warnings about a Dockerfile; builtin does not check for them`,
    );
  }
  if (dockerfile.syntax) log.info(`${shown}: the syntax line is for BuildKit; builtin has its own parser`);
  const declared = declaredArgs(dockerfile);
  const unused = Object.keys(buildArgs).filter((name) => !declared.has(name) && !predefined.test(name));
  if (unused.length > 0) log.warn(`build-args: no ARG of ${shown} declares ${unused.join(', ')}`);
}

/** Whether a `# check=` line, such as `skip=all;error=true`, makes warnings errors. */
const mustPassCheck = (check = ''): boolean => /(?:^|;)\s*error\s*=\s*true\s*(?:;|$)/i.test(check);

/** Layers that Docker can put on each other (`maxLayerDepth` of moby's layer store); registries and containerd take more. */
const mostOfDocker = 125;

function warnOfDepth(layers: number, log: Effects['log']): void {
  if (layers <= mostOfDocker) return;
  log.warn(
    `the image has ${layers} layers, of which Docker pulls at most ${mostOfDocker} (ECS instances use it, Fargate does not); copy more with one COPY`,
  );
}

/** Build arguments that BuildKit knows by itself. Source: Docker's "Dockerfile reference", "Predefined ARGs". */
const predefined = /^(?:(?:https?|ftp|no|all)_proxy|BUILDKIT_\w+|SOURCE_DATE_EPOCH)$/i;

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
