import { type Build, readBuild } from './docker-options';
import { type ImageName, readImageName } from './image-name';
import { type Command, type HostOfScript, joinPath, ScriptReader } from './script-text';

/** What a script that builds images does, in the words of build-and-push. */
export interface ImageScript {
  readonly build: Build;
  /** The folder in which the image is built, relative to where the script begins. */
  readonly folder: string;
  /** What is pushed, all of it one image in one repository. */
  readonly pushed: readonly ImageName[];
  /** The variables at the end. */
  readonly variables: ReadonlyMap<string, string>;
  /** The outputs that it writes for the host. */
  readonly outputs: ReadonlyMap<string, string>;
  readonly reader: ScriptReader;
}

/** Whether a script builds or pushes an image with docker. */
export const usesDocker = (script: string): boolean => isBuild(script) || /\bdocker (?:image )?push\b/.test(script);

export const isBuild = (script: string): boolean =>
  /\bdocker (?:(?:buildx|builder|image) )?build\b|\bdocker buildx b\b/.test(script);

/** Commands that change nothing of what is built. */
const harmless =
  /^(?:echo|printf|ls|pwd|date|true|:|env|docker (?:version|--version|info|images|ps|pull|logout|rmi|image (?:ls|rm|prune)|system prune|builder prune|buildx (?:version|ls|inspect))|aws --version|set|shopt|export|git (?:log|status|rev-parse|config))(?: |$)/;

/** Reads scripts, one after the other, as one that builds and pushes one image. The problem is why they are not that. */
export function readImageScript(
  scripts: readonly string[],
  host: HostOfScript,
  variables: Readonly<Record<string, string>>,
): ImageScript | { readonly problem: string } {
  const reading = new Reading(new ScriptReader(host, variables));
  for (const script of scripts) {
    for (const command of reading.reader.commands(script)) {
      const problem = 'problem' in command ? `it also runs: ${command.problem}` : reading.take(command);
      if (problem) return { problem };
    }
  }
  return reading.end();
}

class Reading {
  readonly #builds: BuildInFolder[] = [];
  /** Names of images by what they were tagged from. */
  readonly #tagged = new Map<string, string>();
  readonly #pushed: { readonly name: string; readonly all: boolean }[] = [];
  readonly #outputs = new Map<string, string>();
  #folder = '.';

  constructor(readonly reader: ScriptReader) {}

  /** What a command does; the answer is why it cannot be a part of build-and-push. */
  take(command: Command): string | undefined {
    const { appendsTo, written } = command;
    const words = withoutPrefix(command.words);
    const assigned = words.filter((word) => word !== 'export' && word !== 'readonly');
    if (
      assigned.length > 0 &&
      assigned.every((word) => /^[A-Za-z_]\w*(=|$)/.test(word)) &&
      /^(?:export |readonly |\w+=)/.test(written)
    ) {
      for (const word of assigned) if (word.includes('=')) this.#set(this.reader.variables, word);
      return undefined;
    }
    const line = words.join(' ');
    if (appendsTo !== undefined)
      return this.#append(line.replace(/^(?:echo|printf) (?:-\S+ )?/, ''), appendsTo, written);
    const [, name, value] = /^echo ::set-output name=(\w[\w-]*)::(.*)$/s.exec(line) ?? [];
    if (name !== undefined) return void this.#outputs.set(name, value!);
    if (this.#isLogin(words, written)) return undefined;
    return this.#docker(words, written) ?? undefined;
  }

  #set(into: Map<string, string>, word: string): void {
    const at = word.indexOf('=');
    into.set(word.slice(0, at), word.slice(at + 1));
  }

  /** GitHub's files for outputs and variables. */
  #append(line: string, file: string, written: string): string | undefined {
    if (/GITHUB_STEP_SUMMARY/.test(file)) return undefined;
    if (!/^[A-Za-z_][\w-]*=/.test(line)) return `it also runs: ${written}`;
    if (/^\$?GITHUB_OUTPUT$/.test(file)) return void this.#set(this.#outputs, line);
    if (/^\$?GITHUB_ENV$/.test(file)) return `it sets variables of later steps: ${written}`;
    return `it also runs: ${written}`;
  }

  /** What build-and-push does by itself. */
  #isLogin(words: readonly string[], written: string): boolean {
    const line = words.join(' ');
    if (/^aws ecr (?:get-login-password|get-login)\b/.test(line)) return true;
    if (/aws ecr get-login\b/.test(written)) return true;
    return /^docker login\b/.test(line) && /(?:^| )(?:-u|--username)[ =]AWS(?: |$)/.test(line);
  }

  #docker(words: readonly string[], written: string): string | undefined {
    const [program = '', ...others] = words;
    const [verb, ...rest] = ['image', 'buildx'].includes(others[0] ?? '') ? others.slice(1) : others;
    if (program === 'cd' && verb !== undefined && rest.length === 0) return this.#enter(verb, written);
    if (program === 'docker' && (verb === 'build' || (verb === 'b' && others[0] === 'buildx')))
      return this.#build(rest);
    if (program === 'docker' && verb === 'tag' && rest.length === 2) {
      this.#tagged.set(rest[1]!, rest[0]!);
      return undefined;
    }
    if (program === 'docker' && verb === 'push') {
      const all = rest.some((word) => word === '-a' || word === '--all-tags');
      const [name] = rest.filter((word) => !word.startsWith('-'));
      if (name === undefined) return `it also runs: ${written}`;
      this.#pushed.push({ name, all });
      return undefined;
    }
    return harmless.test(words.join(' ')) ? undefined : `it also runs: ${written}`;
  }

  /** Where the folder is not known, as after `cd -`, neither is what is built there. */
  #enter(folder: string, written: string): string | undefined {
    if (this.reader.unknownIn(folder) !== undefined || /^[-~]/.test(folder)) return `it also runs: ${written}`;
    this.#folder = joinPath(this.#folder, folder, this.reader);
    return undefined;
  }

  #build(words: readonly string[]): string | undefined {
    const build = readBuild(words);
    if ('problem' in build) return `${build.problem} has no counterpart`;
    this.#builds.push({ build, folder: this.#folder });
    if (build.pushes) for (const name of build.tags) this.#pushed.push({ name, all: false });
    return undefined;
  }

  end(): ImageScript | { readonly problem: string } {
    const [first, second] = sameBuilds(this.#builds);
    if (!first) return { problem: 'it pushes an image that another step builds; make one step of them' };
    if (second) return { problem: 'it builds more than one image; make an action of each' };
    const own = new Set<string>(first.build.tags.map(withTag));
    for (const [name, from] of this.#tagged) if (own.has(withTag(from))) own.add(withTag(name));
    const names = this.#pushed.flatMap(({ name, all }) =>
      all ? [...own].filter((one) => one.startsWith(`${name}:`)) : own.has(withTag(name)) ? [name] : [],
    );
    if (this.#pushed.length === 0) return { problem: 'it only builds, and another step pushes; make one step of them' };
    if (names.length === 0) return { problem: 'it pushes an image that it does not build' };
    const pushed: ImageName[] = [];
    for (const name of new Set(names)) {
      const read = readImageName(this.reader, name);
      if ('problem' in read) return read;
      pushed.push(read);
    }
    const places = new Set(pushed.map(({ registry, repository }) => `${registry.host}/${repository}`));
    if (places.size > 1) return { problem: 'it pushes to more than one repository' };
    return { ...first, pushed, variables: this.reader.variables, outputs: this.#outputs, reader: this.reader };
  }
}

interface BuildInFolder {
  readonly build: Build;
  readonly folder: string;
}

/** Builds that differ in nothing but their tags are one, as the cache of a builder makes them. */
function sameBuilds(builds: readonly BuildInFolder[]): BuildInFolder[] {
  const byContent = new Map<string, BuildInFolder>();
  for (const { build, folder } of builds) {
    const key = JSON.stringify([folder, { ...build, tags: [] }]);
    const tags = [...(byContent.get(key)?.build.tags ?? []), ...build.tags];
    byContent.set(key, { folder, build: { ...build, tags } });
  }
  return [...byContent.values()];
}

/** What stands in front of docker and changes nothing of what it builds: BuildKit is the default. */
function withoutPrefix(words: readonly string[]): readonly string[] {
  const at = words.findIndex(
    (word) => !/^(?:sudo|(?:DOCKER_BUILDKIT|DOCKER_CLI_EXPERIMENTAL|BUILDKIT_PROGRESS)=.*)$/.test(word),
  );
  return words[at] === 'docker' ? words.slice(at) : words;
}

/** As docker reads the name of an image. */
const withTag = (name: string) => (/:[^/]*$/.test(name) ? name : `${name}:latest`);
