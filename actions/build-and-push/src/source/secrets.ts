import type { Finding } from '../../../../shared/errors';
import { type Folders, findFile } from '../../../../shared/host/folders';
import type { Log } from '../../../../shared/host/log';
import { settings } from '../../../../shared/manifest/assignments';
import type { SecretRecord } from '../../../../shared/manifest/records';
import type { Inputs } from '../definition';
import { readSourceFile } from './source-file';

/** A secret of the build: never its value, only where the builder finds it. */
export type Secret =
  | { readonly id: string; readonly env: string }
  /** Absolute. */
  | { readonly id: string; readonly file: string };

/** The form that all builders can take: a comma would begin another field of their option, a quote a quoted one. */
const idForm = /^[!#-+\--<>-~]+$/;
/** A larger file is a key store or such, whose lines are never shown. */
const largestMasked = 64 * 1024;

/** Linux takes 128 KiB of a variable; a character has at most three bytes as UTF-16 counts it. */
const longestValue = 40_000;
const tooLong = `has more than ${longestValue} characters; pass it as a file, in secret-files`;

/** Finds the secrets and hides their values in the log from here on. */
export function readSecrets(
  inputs: Pick<Inputs, 'secret-envs' | 'secret-files' | 'secrets'>,
  folders: Folders,
  env: Readonly<NodeJS.ProcessEnv>,
  log: Pick<Log, 'mask' | 'warn'>,
): { secrets: readonly Secret[]; secretValues: Readonly<Record<string, string>>; findings: Finding[] } {
  const secrets: Secret[] = [];
  const findings: Finding[] = [];
  const take = (where: string, id: string, found: Secret | { problem: string }, shown = JSON.stringify(id)) => {
    if (!idForm.test(id)) findings.push({ where, problem: `has the id ${shown}, which builders refuse` });
    else if (secrets.some((one) => one.id === id)) findings.push({ where, problem: `has ${shown} twice` });
    else if ('problem' in found) findings.push({ where, problem: found.problem });
    else secrets.push(found);
  };
  for (const { name: id, value } of settings(inputs['secret-envs']).flatMap(divided)) {
    take('secret-envs', id, fromEnv(id, value, env, log));
  }
  for (const { name: id, value } of settings(inputs['secret-files'])) {
    take('secret-files', id, fromFile(id, value, folders, log));
  }
  const secretValues: Record<string, string> = {};
  const records = inputs.secrets ?? [];
  const nameOf = namesOf(records);
  for (const [at, { id, value }] of records.entries()) {
    log.mask(value);
    const shown = nameOf(id, at);
    if (id === '') log.warn(`secrets: ${shown} has no id and is left out; ${inQuotes}`);
    // A secret that GitHub does not hand out, as to a fork, is empty.
    else if (value === '') log.warn(`secrets: ${shown} is empty and left out`);
    else if (value.length > longestValue) take('secrets', id, { problem: `${shown} ${tooLong}` }, shown);
    else {
      const name = `BUILD_SECRET_${secrets.length}`;
      take('secrets', id, { id, env: name }, shown);
      secretValues[name] = value;
    }
  }
  return { secrets, secretValues, findings };
}

const inQuotes = 'the form is id=value, and a value with line breaks is put in quotes: "id=value"';

/**
 * How messages call a record of `secrets`. Where one has no id, what looks like the ids of others may be lines of a secret as
 * well, such as of a private key that is not in quotes; they are shown by number.
 */
function namesOf(records: readonly SecretRecord[]): (id: string, at: number) => string {
  const isSure = records.every(({ id }) => id !== '');
  return (id, at) => (isSure ? JSON.stringify(id) : `record ${at + 1}`);
}

interface Setting {
  readonly name: string;
  readonly value: string;
}

/** Docker's action has them in one line, too; no name of a variable has a comma. */
function divided({ name, value }: Setting): Setting[] {
  const [own = '', ...more] = value.split(',');
  const others = more.map((one) => /^\s*([^=]+?)\s*=(.*)$/s.exec(one));
  // What is no list of ID=NAME stays as it is, and is reported.
  if (others.some((one) => one === null)) return [{ name, value }];
  return [{ name, value: own }, ...others.map((one) => ({ name: one![1]!, value: one![2]! }))];
}

type Found = Secret | { readonly problem: string };

function fromEnv(id: string, given: string, env: Readonly<NodeJS.ProcessEnv>, log: Pick<Log, 'mask'>): Found {
  const name = given.trim();
  const value = env[name];
  if (value === undefined) return { problem: `${id}: there is no environment variable ${JSON.stringify(name)}` };
  log.mask(value);
  return { id, env: name };
}

function fromFile(id: string, given: string, folders: Folders, log: Pick<Log, 'mask'>): Found {
  const path = given.trim();
  const file = findFile(path, folders);
  if (file === undefined) {
    return { problem: `${id}: there is no file ${JSON.stringify(path)}; looked in ${folders.roots.join(', ')}` };
  }
  if (file.includes(','))
    return { problem: `${id}: builders do not accept a path with a comma, got ${JSON.stringify(file)}` };
  const read = readSourceFile(file, largestMasked);
  if ('text' in read) log.mask(read.text.trim());
  else if (!('tooLarge' in read)) return { problem: `${id}: ${JSON.stringify(path)} ${read.problem}` };
  return { id, file };
}
