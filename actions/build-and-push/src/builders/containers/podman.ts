import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isLoopback } from '../../../../../shared/loopback';
import { runCommand } from '../../process/run-command';
import type { BuilderKind, Effects } from '../builder';
import { lastWords } from '../command-line/build-output';
import { type CommandLine, commandLineBuilder } from '../command-line/command-line';
import { commonArgs } from '../command-line/common-args';
import { featuresOf } from '../features';
import { timeArgs, withoutDate } from './build-time';
import { privateAuth } from './private-logins';
import { type Setting, tryOut } from './trial';

/** Podman and buildah: builders of one family, without a daemon. */
export const podman = kindOf('podman');
export const buildah = kindOf('buildah');

const probeMs = 15_000;

/** They are often installed where they cannot build, so a build is tried before they are taken. */
function kindOf(name: 'podman' | 'buildah'): BuilderKind {
  return {
    async probe(effects) {
      const command = { program: name, args: ['--version'], env: effects.env, timeoutMs: probeMs };
      const { status, lines } = await runCommand(command, effects);
      if (status !== 0) return { silent: lastWords(lines) };
      const version = /\bversion (\S+)/.exec(lines.join(' '))?.[1] ?? '';
      const setting = await tryOut(name, effects);
      if ('silent' in setting) return setting;
      return commandLineBuilder(commandLineOf(name, version, setting, effects), effects);
    },
  };
}

function commandLineOf(name: 'podman' | 'buildah', version: string, setting: Setting, effects: Effects): CommandLine {
  const { globals, build } = setting;
  const { env, temp } = effects;
  const own = [...globals, ...build];
  return {
    name,
    title: `${name} ${version}${own.length > 0 ? ` with ${own.join(' ')}` : ''}`,
    features: featuresOf(name),
    environment: (host) => withoutDate(privateAuth(env, temp.path(), host)),
    login: (user, host) => [...globals, 'login', ...plainHttp(host), '--username', user, '--password-stdin', host],
    build: (spec, names) => ({
      args: [...globals, 'build', ...build, ...timeArgs(name, version, spec, env), ...commonArgs(spec, names)],
    }),
    pushes: (_, names) =>
      names.map((image) => {
        const file = join(mkdtempSync(join(temp.path(), 'push-')), 'digest');
        const args = [...globals, 'push', ...plainHttp(image.split('/')[0]!), '--digestfile', file, image];
        return { name: image, args, digest: () => (existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined) };
      }),
  };
}

/** Nobody can eavesdrop on this machine's own registry. */
const plainHttp = (host: string): string[] => (isLoopback(host) ? ['--tls-verify=false'] : []);
