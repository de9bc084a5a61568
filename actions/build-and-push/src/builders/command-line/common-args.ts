import type { Secret } from '../../source/secrets';
import type { BuildSpec } from '../builder';
import { engineArgs } from '../engine-options';

const pairs = (flag: string, values: Readonly<Record<string, string>>): string[] =>
  Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);

/** A value of the environment is no word: it may be secret. */
const argumentWords = ({ buildArgs, inherited }: BuildSpec): string[] =>
  Object.entries(buildArgs).flatMap(([name, value]) => [
    '--build-arg',
    inherited.includes(name) ? name : `${name}=${value}`,
  ]);

/** The value of a secret is never a word: the builder reads it from its environment or from a file. */
const secretArg = (secret: Secret): string =>
  'env' in secret ? `id=${secret.id},env=${secret.env}` : `id=${secret.id},src=${secret.file}`;

/** The words of a build that all builders understand, after those of one's own. */
export function commonArgs(spec: BuildSpec, names: readonly string[]): string[] {
  return [
    '--file',
    spec.dockerfile,
    ...(spec.target === undefined ? [] : ['--target', spec.target]),
    ...(spec.platforms.length === 0 ? [] : ['--platform', spec.platforms.join(',')]),
    ...argumentWords(spec),
    ...pairs('--label', spec.labels),
    ...spec.secrets.flatMap((secret) => ['--secret', secretArg(secret)]),
    ...(spec.noCache ? ['--no-cache'] : []),
    ...(spec.pull ? ['--pull'] : []),
    ...engineArgs(spec.settings),
    ...(spec.idFile === undefined ? [] : ['--iidfile', spec.idFile]),
    ...names.flatMap((name) => ['--tag', name]),
    ...spec.options,
    spec.context,
  ];
}
