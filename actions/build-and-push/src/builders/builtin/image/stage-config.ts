import type { ContainerConfig, History, ImageConfig } from '../../../registry/oci';
import { BuildProblem } from '../dockerfile/problem';
import { Variables } from '../dockerfile/variables';
import { sortedKeys } from './config-values';

/** What instructions may set in one image, in characters; Linux starts no program with more variables than 2 MiB of them. */
export const largestConfiguration = 4 * 1024 * 1024;
/** What an entry costs besides its text. */
const entryCost = 16;

/**
 * What a stage has set so far. It belongs to one stage and changes in place: a copy for each of thousands of instructions
 * would take time that grows with their square. Fields keep the order in which they were first set.
 */
export class StageConfig {
  /** The build arguments that the stage and those it is made from have declared. */
  readonly args: Map<string, string>;
  readonly env: Variables;
  /** Arguments that were set after a variable of their name, which they hide until the stage ends. */
  readonly #hiding = new Set<string>();
  /** Whether CMD was set in this Dockerfile: ENTRYPOINT drops one that came with the base image. */
  ownCmd = false;
  readonly #image: ImageConfig;
  readonly #history: History[];
  readonly #labels: Map<string, string>;
  readonly #ports: Map<string, object>;
  readonly #volumes: Map<string, object>;
  #size: number;

  constructor(image: ImageConfig, args: ReadonlyMap<string, string> = new Map(), size = 0) {
    this.#image = { ...image, ...(image.config && { config: { ...image.config } }) };
    this.#size = size;
    this.args = new Map(args);
    this.env = new Variables(image.config?.Env ?? []);
    this.#history = [...(image.history ?? [])];
    this.#labels = new Map(Object.entries(image.config?.Labels ?? {}));
    this.#ports = new Map(Object.entries(image.config?.ExposedPorts ?? {}));
    this.#volumes = new Map(Object.entries(image.config?.Volumes ?? {}));
  }

  /** A stage that is made from this one, which others use, too. */
  fork(): StageConfig {
    const forked = new StageConfig(this.image(), this.args, this.#size);
    for (const name of this.#hiding) forked.args.delete(name);
    return forked;
  }

  /** Begins a stage that is made from this one, which nothing else uses. As in BuildKit it has the image's variables, first of all. */
  goOn(): void {
    this.ownCmd = false;
    for (const name of this.#hiding) this.args.delete(name);
    this.#hiding.clear();
  }

  /** How many entries a copy has. */
  get entries(): number {
    const { args, env } = this;
    const kept = [args, this.#labels, this.#ports, this.#volumes].reduce((sum, { size }) => sum + size, 0);
    return kept + env.entries.length + this.#history.length;
  }

  get config(): ContainerConfig {
    return this.#image.config ?? {};
  }

  /** Sets fields other than those that are collected from several instructions. */
  set(fields: ContainerConfig): void {
    this.#grow(JSON.stringify(fields).length);
    Object.assign(this.#own(), fields);
  }

  setAuthor(author: string): void {
    this.#grow(author.length);
    (this.#image as { author?: string }).author = author;
  }

  addTrigger(text: string): void {
    this.set({ OnBuild: [...(this.config.OnBuild ?? []), text] });
  }

  /** The triggers for what is made from this image, which does not keep them. */
  takeTriggers(): readonly string[] {
    const { OnBuild = [] } = this.config;
    if (this.#image.config) delete (this.#own() as { OnBuild?: unknown }).OnBuild;
    return OnBuild ?? [];
  }

  /** A command without a word is none. */
  setCommand(field: 'Cmd' | 'Entrypoint', words: readonly string[]): void {
    if (words.length > 0) this.set({ [field]: words });
    else if (this.#image.config) delete (this.#own() as Record<string, unknown>)[field];
  }

  /** @throws BuildProblem where the configuration becomes too large; so do all that follow */
  setEnv(name: string, value: string): void {
    this.#grow(costOf(name, value) - costOf(name, this.env.get(name)));
    this.env.set(name, value);
    this.args.delete(name);
    this.#hiding.delete(name);
    this.#touch('Env', []);
  }

  setLabel(name: string, value: string): void {
    this.#grow(costOf(name, value) - costOf(name, this.#labels.get(name)));
    this.#labels.set(name, value);
    this.#touch('Labels', {});
  }

  setArg(name: string, value: string): void {
    this.#grow(costOf(name, value) - costOf(name, this.args.get(name)));
    this.args.set(name, value);
    if (this.env.get(name) !== undefined) this.#hiding.add(name);
  }

  addPorts(ports: readonly string[]): void {
    this.#touch('ExposedPorts', {});
    this.#add(this.#ports, ports);
  }

  addVolumes(paths: readonly string[]): void {
    this.#touch('Volumes', {});
    this.#add(this.#volumes, paths);
  }

  record(entry: History): void {
    (this.#image as { history?: readonly History[] }).history ??= [];
    this.#history.push(entry);
  }

  /** The image as it is now. Objects that instructions have changed are in the order of their names. */
  image(): ImageConfig {
    const { config } = this.#image;
    const changed = {
      ...(this.#touched.has('Env') && { Env: [...this.env.entries] }),
      ...(this.#touched.has('Labels') && { Labels: sortedKeys(Object.fromEntries(this.#labels)) }),
      ...(this.#touched.has('ExposedPorts') && { ExposedPorts: sortedKeys(Object.fromEntries(this.#ports)) }),
      ...(this.#touched.has('Volumes') && { Volumes: sortedKeys(Object.fromEntries(this.#volumes)) }),
    };
    const { history } = this.#image;
    return {
      ...this.#image,
      ...(config && { config: { ...config, ...changed } }),
      ...(history && { history: [...this.#history] }),
    };
  }

  readonly #touched = new Set<keyof ContainerConfig>();

  /** Gives a field its place in the order. */
  #touch(field: 'Env' | 'Labels' | 'ExposedPorts' | 'Volumes', empty: [] | Record<string, never>): void {
    this.#touched.add(field);
    const config = this.#own() as Record<string, unknown>;
    config[field] ??= empty;
  }

  #add(all: Map<string, object>, keys: readonly string[]): void {
    for (const key of keys) {
      if (!all.has(key)) this.#grow(costOf(key, ''));
      all.set(key, {});
    }
  }

  #own(): ContainerConfig {
    (this.#image as { config?: ContainerConfig }).config ??= {};
    return this.#image.config!;
  }

  #grow(characters: number): void {
    this.#size += characters;
    if (this.#size <= largestConfiguration) return;
    throw new BuildProblem(
      `makes the configuration of the image larger than ${largestConfiguration} characters, the most that is allowed`,
    );
  }
}

const costOf = (name: string, value: string | undefined): number =>
  value === undefined ? 0 : name.length + value.length + entryCost;
