/** Which values must not be shown. */
import type { Path } from './document';

/** What stands in place of a hidden value. */
export const hidden = '***';

const tellingWords = [
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'pass',
  'token',
  'key',
  'secret',
  'credential',
  'credentials',
  'auth',
  'apikey',
  'private',
  'cert',
  'certificate',
  'dsn',
  'jwt',
  'salt',
  'pin',
];

/** Endings that make a word telling although it is written together, such as `dbpassword` or `apikeys`. */
const tellingParts = /password|passwd|passphrase|secret|token|credential|apikey|privatekey|accesskey/;

/** Whether a name says that its value is secret: `DB_PASSWORD`, `apiKey`, `splunk-token`. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  const singular = words.map((word) => word.replace(/s$/, ''));
  return tellingParts.test(words.join('')) || [...words, ...singular].some((word) => tellingWords.includes(word));
}

/** Fields that tell where a secret is kept. */
const references: ReadonlySet<string | number> = new Set(['valueFrom', 'credentialsParameter', 'credentialSpecs']);

/** Whether the part at this path refers to a secret, or its names say that it holds one. */
export const isSecretPath = (path: Path): boolean => path.some((part) => references.has(part));

/** The words of a command with the values of telling options hidden: `--password=x`, `--token x`, `PGPASSWORD=x`. */
export function hideInWords(words: readonly string[]): string[] {
  return words.map((word, at) => {
    const [, name, rest] = /^([^=\s]+)=(.*)$/s.exec(word) ?? [];
    if (name && rest && isSecretName(name)) return `${name}=${hidden}`;
    const before = words[at - 1] ?? '';
    return before.startsWith('-') && !before.includes('=') && isSecretName(before) && !word.startsWith('-')
      ? hidden
      : word;
  });
}
