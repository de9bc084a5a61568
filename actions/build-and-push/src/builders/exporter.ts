import type { Finding } from '../../../../shared/errors';

/** Where the image goes, as `push`, `load` and `outputs` of docker/build-push-action say it. */
export interface Exports {
  readonly push: boolean;
  readonly load: boolean;
  /** Further settings of the push for BuildKit, such as `compression=zstd`. */
  readonly exporter: readonly string[];
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
  return {
    push: outputs.some(({ push }) => push === true) || (given.push ?? !isAsked),
    load: given.load || outputs.some(({ load }) => load === true),
    exporter: outputs.flatMap(({ settings }) => settings ?? []),
    findings: outputs.flatMap(({ problem }) => (problem ? [{ where: 'outputs', problem }] : [])),
  };
}

interface Output {
  readonly push?: boolean;
  readonly load?: boolean;
  readonly settings?: readonly string[];
  readonly problem?: string;
}

/** Settings that would give the image other names than `tags` does. */
const naming: Readonly<Record<string, string>> = {
  name: 'names the image; list its names in tags',
  'push-by-digest': 'pushes without a tag; set tags, and list all platforms of one build in platforms',
  'name-canonical': 'goes with push-by-digest; set tags instead',
};

function readOutput(record: string): Output {
  const fields = record.split(',').map((field) => field.trim());
  const fieldOf = (name: string) => fields.find((field) => field.startsWith(`${name}=`))?.slice(name.length + 1);
  const type = fieldOf('type') ?? 'local';
  const refuse = (problem: string) => ({ problem: `${JSON.stringify(record)} ${problem}` });
  const settings = fields.filter((field) => !/^(?:type|push)=/.test(field));
  const [wrong] = settings.map((field) => naming[field.split('=')[0]!.replace(/"/g, '')]).filter(Boolean);
  if (type === 'registry' || type === 'image') {
    if (wrong !== undefined) return refuse(wrong);
    return { push: type === 'registry' || fieldOf('push') === 'true', settings };
  }
  if (type === 'docker' && settings.length === 0) return { load: true };
  if (type === 'cacheonly') return {};
  return refuse('writes files, which this action does not; run docker buildx build --output in a step of its own');
}
