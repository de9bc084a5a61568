import { readEcrHost } from '../../../../shared/aws/arn';
import type { Feature } from './features';

/** Caches outside of the builder, as `cache-from` and `cache-to` name them. */

/** A record of `cache-from` or `cache-to` by its fields; a name alone is an image. */
function fieldsOf(record: string): Readonly<Record<string, string>> {
  if (!record.includes('=')) return { type: 'registry', ref: record };
  return Object.fromEntries(
    record.split(',').map((field) => {
      const equals = field.indexOf('=');
      return equals < 0 ? [field.trim(), ''] : [field.slice(0, equals).trim(), field.slice(equals + 1)];
    }),
  );
}

/** What a builder must be able to do for a cache. The one inside Docker's daemon reads images, and writes into the image. */
export function featureOf(input: 'cache-from' | 'cache-to', record: string): Feature {
  const { type } = fieldsOf(record);
  if (input === 'cache-to') return type === 'inline' ? 'cache import' : 'cache export';
  return type === 'registry' ? 'cache import' : 'cache export';
}

/**
 * A record of `cache-to` with what a registry of ECR insists on, unless it says otherwise: an image manifest of OCI's types.
 * Source: the guide of ECR to BuildKit's remote cache.
 *
 * @param host the registry of the image
 */
export function forEcr(record: string, host: string): string {
  const { type, ref = '', ...fields } = fieldsOf(record);
  const [named = ''] = ref.split('/');
  if (type !== 'registry' || (named !== host && readEcrHost(named) === undefined)) return record;
  const needed = ['image-manifest', 'oci-mediatypes'].filter((name) => fields[name] === undefined);
  const whole = record.includes('=') ? record : `type=registry,ref=${ref}`;
  return [whole, ...needed.map((name) => `${name}=true`)].join(',');
}

/** Whether a record of `cache-to` writes to a repository, such as `host/team/app`. */
export function isWrittenTo(repository: string, record: string): boolean {
  const { type, ref = '' } = fieldsOf(record);
  return type === 'registry' && ref.startsWith(repository) && /^(?:$|[:@])/.test(ref.slice(repository.length));
}

const given = ['token', 'url', 'url_v2'];

/** What the environment lacks for GitHub's cache, without which buildx silently leaves it out. */
export function missingForGithubCache(
  records: readonly string[],
  env: Readonly<NodeJS.ProcessEnv>,
): string | undefined {
  const isLeft = records
    .map(fieldsOf)
    .some((fields) => fields['type'] === 'gha' && !given.some((name) => fields[name]));
  if (!isLeft) return undefined;
  if (!env['ACTIONS_RUNTIME_TOKEN']) return 'ACTIONS_RUNTIME_TOKEN';
  return env['ACTIONS_RESULTS_URL'] || env['ACTIONS_CACHE_URL'] ? undefined : 'ACTIONS_RESULTS_URL';
}

/** Fields that hold credentials: of S3, of Azure's blob storage, and of GitHub's cache. Source: BuildKit's cache backends. */
const secretFields = ['access_key_id', 'secret_access_key', 'session_token', 'token', 'ghtoken'];

/** The credentials that stand in records of caches, which no log may show. */
export const secretsOf = (records: readonly string[]): string[] =>
  records.map(fieldsOf).flatMap((fields) => secretFields.flatMap((name) => fields[name] || []));

/** Fields of a cache that buildx also takes from its environment, where every process of the machine cannot read them. Source: buildx. */
const variablesOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  s3: {
    access_key_id: 'AWS_ACCESS_KEY_ID',
    secret_access_key: 'AWS_SECRET_ACCESS_KEY',
    session_token: 'AWS_SESSION_TOKEN',
  },
  gha: { token: 'ACTIONS_RUNTIME_TOKEN' },
};

/**
 * Moves the credentials of caches into the environment of the builder. Those of one kind stay where they are if not all records of it
 * have the same: there is one environment for all.
 *
 * @returns the variables, and what makes a record one without the credentials
 */
export function credentialsApart(records: readonly string[]): {
  readonly variables: Readonly<Record<string, string>>;
  readonly without: (record: string) => string;
} {
  const moved = Object.entries(variablesOf).flatMap(([type, names]) => {
    const all = records.map(fieldsOf).filter((fields) => fields['type'] === type);
    const values = all.map((fields) => Object.keys(names).map((name) => fields[name] ?? ''));
    const [first] = values;
    // A session may have no token; one of another session would not go with these keys.
    const isWhole = first?.slice(0, 2).every((value) => value !== '') === true;
    const isOne = values.every((each) => each.join('\n') === first?.join('\n'));
    return isWhole && isOne ? [{ type, names, values: first }] : [];
  });
  const namesOf = (record: string) => moved.find(({ type }) => type === fieldsOf(record)['type'])?.names ?? {};
  return {
    variables: Object.fromEntries(
      moved.flatMap(({ names, values }) => Object.values(names).map((name, at) => [name, values[at] ?? ''])),
    ),
    without: (record) => {
      const names = namesOf(record);
      const stays = (field: string) => !(field.slice(0, field.indexOf('=')).trim() in names);
      return record.split(',').filter(stays).join(',');
    },
  };
}
