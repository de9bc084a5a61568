import type { Assignment } from '../../../../shared/manifest/assignments';
import type { JsonValue, Path } from '../../../../shared/task-definition/document';
import type { Inputs } from '../definition';
import type { Request } from '../inputs';
import type { SourceInputs } from '../source-name';
import { mergeMap, mergePairs, type Pairs, replacePairs } from './merge-lists';

/** Inputs that say where the task definition comes from and which containers and mode are meant; they fill in nothing. */
type Selector = keyof SourceInputs | 'region' | 'container-name' | 'container-definition-name' | 'environment-mode';

/** Inputs that fill in a field. An input that is neither this nor a selector does not compile. */
export type SettingName = Exclude<keyof Inputs, Selector>;

/** What one input fills in. */
export interface Setting {
  /** Fields of the task, or of the containers that the settings go to. `images` brings its containers with it. */
  readonly of: 'task' | 'containers' | 'named containers';
  /** The way to the field, such as `['logConfiguration', 'logDriver']`. */
  readonly field: readonly [string] | readonly [string, string];
  /** The field's new value, where the input was given. */
  value(before: JsonValue | undefined, request: Request, container: string): JsonValue | undefined;
}

const variables: Pairs = { name: 'name', value: 'value' };
const secrets: Pairs = { name: 'name', value: 'valueFrom' };
const tags: Pairs = { name: 'key', value: 'value' };

type PlainName = {
  [Name in SettingName]: Inputs[Name] extends string | undefined ? Name : never;
}[SettingName];

/** A field that takes the text of its input. */
const plain = (of: Setting['of'], field: Setting['field'], name: PlainName): Setting => ({
  of,
  field,
  value: (_, { inputs }) => inputs[name],
});

/** A list of names and values, into which the input is merged, or which it replaces. */
const environment = (field: string, name: 'environment-variables' | 'secrets', pairs: Pairs): Setting => ({
  of: 'containers',
  field: [field],
  value(before, { inputs }) {
    const given = inputs[name] ?? [];
    return inputs['environment-mode'] === 'replace' ? replacePairs(given, pairs) : mergePairs(before, given, pairs);
  },
});

/** An object of names and values, into which the input is merged. */
const map = (field: Setting['field'], name: 'docker-labels' | 'log-configuration-options'): Setting => ({
  of: 'containers',
  field,
  value: (before, { inputs }) => mergeMap(before, inputs[name] ?? []),
});

/** Every input that fills in a field, in the order in which new fields are written. */
export const settings: Readonly<Record<SettingName, Setting>> = {
  family: plain('task', ['family'], 'family'),
  'task-role-arn': plain('task', ['taskRoleArn'], 'task-role-arn'),
  'execution-role-arn': plain('task', ['executionRoleArn'], 'execution-role-arn'),
  cpu: plain('task', ['cpu'], 'cpu'),
  memory: plain('task', ['memory'], 'memory'),
  tags: { of: 'task', field: ['tags'], value: (before, { inputs }) => mergePairs(before, inputs.tags ?? [], tags) },
  // What a container is given by its name counts.
  image: {
    of: 'containers',
    field: ['image'],
    value: (_, { inputs, images }, name) => images.get(name) ?? inputs.image,
  },
  images: { of: 'named containers', field: ['image'], value: (_, { images }, name) => images.get(name) },
  command: { of: 'containers', field: ['command'], value: (_, { command }) => command },
  'environment-variables': environment('environment', 'environment-variables', variables),
  'env-files': {
    of: 'containers',
    field: ['environmentFiles'],
    value: (_, { inputs }) => inputs['env-files']?.map((value) => ({ value, type: 's3' })),
  },
  secrets: environment('secrets', 'secrets', secrets),
  'docker-labels': map(['dockerLabels'], 'docker-labels'),
  'log-configuration-log-driver': plain(
    'containers',
    ['logConfiguration', 'logDriver'],
    'log-configuration-log-driver',
  ),
  'log-configuration-options': map(['logConfiguration', 'options'], 'log-configuration-options'),
};

/** The settings that were given, in the order of the table. */
export const givenSettings = ({
  inputs,
}: Pick<Request, 'inputs'>): readonly (Setting & { readonly name: SettingName })[] =>
  (Object.keys(settings) as SettingName[])
    .filter((name) => inputs[name] !== undefined)
    .map((name) => ({ name, ...settings[name] }));

/** The inputs that were given for the containers that are chosen, in the order in which the user knows them. */
export const givenForContainers = ({ inputs }: Pick<Request, 'inputs'>): readonly string[] => {
  const known = new Set(
    givenSettings({ inputs }).flatMap(({ of, name }) => (of === 'containers' ? [name as string] : [])),
  );
  return Object.keys(inputs).filter((name) => known.has(name));
};

/** The input that has set the part at this path, where one was given. */
export function inputOf(path: Path, { inputs }: Pick<Request, 'inputs'>): SettingName | undefined {
  const isOfContainer = path[0] === 'containerDefinitions';
  const within = isOfContainer ? path.slice(2) : path;
  const found = givenSettings({ inputs }).find(
    ({ of, field }) => (of !== 'task') === isOfContainer && field.every((part, at) => part === within[at]),
  );
  return found?.name;
}

/** The names that an input removes. */
export const removedNames = (value: Inputs[SettingName]): string[] =>
  Array.isArray(value)
    ? (value as readonly (string | Assignment)[]).flatMap((item) => (isRemoval(item) ? [item.name] : []))
    : [];

const isRemoval = (item: string | Assignment): item is Extract<Assignment, { remove: true }> =>
  typeof item === 'object' && 'remove' in item;
