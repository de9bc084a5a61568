import { once } from '../once';

/** Which values must not be shown. */

/** What replaces a redacted value. */
export const redacted = '***';

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
  'authorization',
  'apikey',
  'private',
  'cert',
  'certificate',
  'dsn',
  'jwt',
  'salt',
  'pin',
];

/** Parts that make a word telling although it is written together, such as `dbpassword` or `apikeys`. */
const tellingParts =
  /password|passwd|passphrase|secret|token|credential|apikey|privatekey|accesskey|(db|pg|user)pass$|(master|signing|encryption|ssh|gpg)key$/;

/** Whether a name says that its value is secret: `DB_PASSWORD`, `apiKey`, `splunk-token`. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  const singular = words.map((word) => word.replace(/s$/, ''));
  return [...words, ...singular].some((word) => tellingWords.includes(word) || tellingParts.test(word));
}

/** Fields that tell where a secret is kept. */
const references: ReadonlySet<string> = new Set([
  'valueFrom',
  'credentialsParameter',
  'credentialSpecs',
  'secrets',
  'secretOptions',
]);

/** Fields in which the user chooses the names. */
const named: ReadonlySet<string> = new Set([
  'environment',
  'dockerLabels',
  'options',
  'driverOpts',
  'labels',
  'properties',
  'tags',
]);

/** Whether the part at this path refers to a secret, or the names that the user chose say that it holds one. */
export function isSecretPath(path: readonly string[]): boolean {
  // The name of a container or volume says nothing of what is in it.
  const own = path[0] === 'containerDefinitions' || path[0] === 'volumes' ? path.slice(2) : path;
  const chosen = own.findIndex((part) => named.has(part));
  return own.some((part) => references.has(part)) || (chosen >= 0 && own.slice(chosen + 1).some(isSecretName));
}

/** A value that is shorter may be part of anything. */
const shortestValue = 6;

/** The values of a container's variables whose names say that they are secret. */
export const secretValuesOf = ({
  environment = [],
}: {
  readonly environment?:
    | readonly { readonly name?: string | undefined; readonly value?: string | undefined }[]
    | undefined;
}): string[] =>
  environment.flatMap(({ name = '', value = '' }) =>
    isSecretName(name) && value.length >= shortestValue ? [value] : [],
  );

/** Hides values wherever they occur in a text. */
export const redactValues =
  (values: readonly string[]) =>
  (text: string): string =>
    values.reduce((shown, value) => shown.split(value).join(redacted), text);

/** What may stand around a value that is redacted: quotes, else up to the next white space or separator. */
const value = `"[^"]*"|'[^']*'|[^\\s"'&;,]+`;
const assignment = once(() => new RegExp(`([A-Za-z_][\\w.-]{0,99})(=|"\\s?:\\s?|:\\s)(${value})`, 'g'));
const option = once(() => new RegExp(`(--?[A-Za-z][\\w-]{0,99})(\\s+)(?!-)(${value})`, 'g'));
/** `user:password@` of an address, or a token alone. */
const ofAddress = /:\/\/(?:[^\s:@/]{0,128}:(?!\d+\/)[^\s@]{1,256}|[^\s:@/]{8,256})@/g;
const header = /(authorization\s*[:=]\s*(?:(?:bearer|basic|token)\s+)?)[^\s"']+/gi;
/** Without any of these, none of the forms above is in a text; most are such, and V8 compiles one form instead of four. */
const suspicious = /[\s=@"]|authorization/i;

/** Hides what a text says to be secret: addresses with a password, `NAME=value`, `"name": "value"`, `--name value`. */
export function redactText(text: string): string {
  if (!suspicious.test(text)) return text;
  const byName = (all: string, name: string, between: string) =>
    isSecretName(name) && !/^authorization$/i.test(name) ? `${name}${between}${redacted}` : all;
  return text
    .replace(ofAddress, `://${redacted}@`)
    .replace(header, `$1${redacted}`)
    .replace(assignment(), byName)
    .replace(option(), byName);
}

/** The words of a command with the values of telling options redacted: `--password=x`, `--token x`, `PGPASSWORD=x`. */
export function redactArgs(words: readonly string[]): string[] {
  return words.map((word, at) => {
    const [, name, rest] = /^([^=\s]+)=(.*)$/s.exec(word) ?? [];
    if (name && rest && isSecretName(name)) return `${name}=${redacted}`;
    const before = words[at - 1] ?? '';
    return before.startsWith('-') && !before.includes('=') && isSecretName(before) && !word.startsWith('-')
      ? redacted
      : redactText(word);
  });
}
