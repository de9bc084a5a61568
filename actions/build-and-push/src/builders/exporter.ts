import type { Finding } from '../../../../shared/errors';

/** Where the image goes, as `push`, `load` and `outputs` of docker/build-push-action say it. */
export interface Exports {
  readonly push: boolean;
  readonly load: boolean;
  /** Further settings of the push for BuildKit, such as `compression=zstd`. */
  readonly exporter: readonly string[];
  /** The names that `outputs` gives the image. As in buildx, they count only where there are no `tags`. */
  readonly names: readonly string[];
  readonly findings: readonly Finding[];
}

/** Reads where the image goes. By default it is pushed; an image that is loaded is pushed only where `push` says so. */
export function readExports(given: {
  readonly push: boolean | undefined;
  readonly load: boolean;
  readonly outputs: readonly string[] | undefined;
}): Exports {
  const outputs = (given.outputs ?? []).map(readOutput);
  const isAsked = given.load || outputs.length > 0;
  const names = outputs.flatMap((output) => (output.names ? [output.names] : []));
  const isOneImage = new Set(names.map((list) => list.join())).size <= 1;
  return {
    push: outputs.some(({ push }) => push === true) || (given.push ?? !isAsked),
    load: given.load || outputs.some(({ load }) => load === true),
    exporter: outputs.flatMap(({ settings }) => settings ?? []),
    names: names[0] ?? [],
    findings: [
      ...outputs.flatMap(({ problem }) => (problem ? [{ where: 'outputs', problem }] : [])),
      ...(isOneImage ? [] : [{ where: 'outputs', problem: severalNames }]),
    ],
  };
}

const severalNames = 'give the image several sets of names; list all of its names in tags';

interface Output {
  readonly names?: readonly string[];
  readonly push?: boolean;
  readonly load?: boolean;
  readonly settings?: readonly string[];
  readonly problem?: string;
}

/** Settings of pushes without a tag. */
const untagged: Readonly<Record<string, string>> = {
  'push-by-digest': 'pushes without a tag; set tags, and list all platforms of one build in platforms',
  'name-canonical': 'goes with push-by-digest; set tags instead',
};

/** The fields of a record as they are written: a comma within quotes belongs to its field, as in CSV. */
const fieldsOf = (record: string): string[] =>
  (record.match(/(?:"(?:[^"]|"")*"|[^,])+/g) ?? []).map((field) => field.trim());

function settingOf(field: string): { name: string; value: string } {
  const plain = field.replace(/^"(.*)"$/s, (_, inner: string) => inner.replace(/""/g, '"'));
  const equals = plain.indexOf('=');
  return equals < 0 ? { name: plain, value: '' } : { name: plain.slice(0, equals), value: plain.slice(equals + 1) };
}

function readOutput(record: string): Output {
  const fields = fieldsOf(record);
  const settingNamed = (wanted: string) => fields.map(settingOf).find(({ name }) => name === wanted)?.value;
  const type = settingNamed('type') ?? 'local';
  const refuse = (problem: string) => ({ problem: `${JSON.stringify(record)} ${problem}` });
  const settings = fields.filter((field) => !['type', 'push', 'name'].includes(settingOf(field).name));
  const list = (settingNamed('name') ?? '').split(',').map((name) => name.trim());
  const given = list.filter((name) => name !== '');
  const named = given.length > 0 ? { names: given } : {};
  if (type === 'registry' || type === 'image') {
    const [wrong] = settings.map((field) => untagged[settingOf(field).name]).filter(Boolean);
    if (wrong !== undefined) return refuse(wrong);
    return { ...named, push: type === 'registry' || settingNamed('push') === 'true', settings };
  }
  if (type === 'docker' && settings.length === 0) return { ...named, load: true };
  if (type === 'cacheonly') return {};
  return refuse('writes files, which this action does not; run docker buildx build --output in a step of its own');
}
