import type { Secret } from '../../source/secrets';
import type { BuildOrder } from '../builder';

const pairs = (flag: string, values: Readonly<Record<string, string>>): string[] =>
  Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);

/** The value of a secret is never a word: the builder reads it from its environment or from a file. */
const secretWord = (secret: Secret): string =>
  'env' in secret ? `id=${secret.id},env=${secret.env}` : `id=${secret.id},src=${secret.file}`;

/** The words of a build that all builders understand, after those of one's own. Pure. */
export function buildWords(order: BuildOrder, names: readonly string[]): string[] {
  return [
    '--file',
    order.dockerfile,
    ...(order.target === undefined ? [] : ['--target', order.target]),
    ...(order.platforms.length === 0 ? [] : ['--platform', order.platforms.join(',')]),
    ...pairs('--build-arg', order.buildArgs),
    ...pairs('--label', order.labels),
    ...order.secrets.flatMap((secret) => ['--secret', secretWord(secret)]),
    ...names.flatMap((name) => ['--tag', name]),
    ...order.options,
    order.context,
  ];
}
