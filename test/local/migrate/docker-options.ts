/** What an option of `docker build` is to build-and-push: an input, nothing, or an option that the engine gets as it is. */
type Meaning = 'tag' | 'file' | 'build-args' | 'target' | 'platforms' | 'labels' | 'push' | 'nothing' | 'engine';

const meanings: Readonly<Record<string, { readonly means: Meaning; readonly hasValue: boolean }>> = {
  '-t': { means: 'tag', hasValue: true },
  '--tag': { means: 'tag', hasValue: true },
  '-f': { means: 'file', hasValue: true },
  '--file': { means: 'file', hasValue: true },
  '--build-arg': { means: 'build-args', hasValue: true },
  '--target': { means: 'target', hasValue: true },
  '--platform': { means: 'platforms', hasValue: true },
  '--label': { means: 'labels', hasValue: true },
  '--push': { means: 'push', hasValue: false },
  // The default of docker, a matter of the log only, or what build-and-push does by itself.
  '--rm': { means: 'nothing', hasValue: false },
  '--force-rm': { means: 'nothing', hasValue: false },
  '-q': { means: 'nothing', hasValue: false },
  '--quiet': { means: 'nothing', hasValue: false },
  '--progress': { means: 'nothing', hasValue: true },
  '--load': { means: 'nothing', hasValue: false },
  '--provenance': { means: 'nothing', hasValue: true },
  '--no-cache': { means: 'engine', hasValue: false },
  '--pull': { means: 'engine', hasValue: false },
  '--squash': { means: 'engine', hasValue: false },
  '--network': { means: 'engine', hasValue: true },
  '--add-host': { means: 'engine', hasValue: true },
  '--cache-from': { means: 'engine', hasValue: true },
  '--cache-to': { means: 'engine', hasValue: true },
  '--build-context': { means: 'engine', hasValue: true },
  '--shm-size': { means: 'engine', hasValue: true },
  '--memory': { means: 'engine', hasValue: true },
  '-m': { means: 'engine', hasValue: true },
  '--ulimit': { means: 'engine', hasValue: true },
};

/** A `docker build` taken apart. */
export interface Build {
  readonly context: string;
  readonly tags: readonly string[];
  readonly file?: string;
  readonly target?: string;
  readonly platforms?: string;
  readonly buildArgs: readonly string[];
  readonly labels: readonly string[];
  readonly engine: readonly string[];
  readonly pushes: boolean;
}

/** Reads the words behind `docker build`. */
export function readBuild(words: readonly string[]): Build | { readonly problem: string } {
  const values: Partial<Record<Meaning, string[]>> = {};
  const places: string[] = [];
  const queue = [...words];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (!word.startsWith('-') || word === '-') {
      places.push(word);
      continue;
    }
    const [, name = word, joined] = /^(--[a-z-]+)=(.*)$/s.exec(word) ?? [];
    const option = meanings[name];
    if (!option) return { problem: `option ${name} of docker build` };
    const value = option.hasValue ? (joined ?? queue.shift()) : joined;
    const list = values[option.means] ?? [];
    values[option.means] = list;
    if (option.means === 'engine') list.push(value === undefined ? name : `${name}=${value}`);
    else if (option.means !== 'push' || joined !== 'false') list.push(value ?? name);
  }
  const [context] = places;
  const isFetched = /^(?:[a-z+]+:\/\/|git@|github\.com\/)/.test(context ?? '');
  if (places.length !== 1 || !context || context === '-' || isFetched)
    return { problem: 'the context of docker build' };
  const last = (means: Meaning) => values[means]?.at(-1);
  const [file, target, platforms] = [last('file'), last('target'), last('platforms')];
  return {
    context,
    tags: values.tag ?? [],
    ...(file !== undefined && { file }),
    ...(target !== undefined && { target }),
    ...(platforms !== undefined && { platforms }),
    buildArgs: values['build-args'] ?? [],
    labels: values.labels ?? [],
    engine: values.engine ?? [],
    pushes: values.push !== undefined,
  };
}
