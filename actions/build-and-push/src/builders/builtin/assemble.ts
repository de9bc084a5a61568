import { posix } from 'node:path';
import type { Log } from '../../../../../shared/host/log';
import type { ImageConfig, Platform } from '../../registry/oci';
import { layerArchive, loadBase, type Sources } from './base';
import { type ImageLayer, verifyLayers } from './base-layer';
import { expanding, expandingDocument, type StageScope, setters } from './config-instructions';
import { scratchConfig, sortedKeys } from './config-values';
import { able, findStage, refuseBeyond } from './dockerfile/check-dockerfile';
import { type Dockerfile, type Instruction, located, placeOf, type Stage } from './dockerfile/dockerfile';
import { expandWord } from './dockerfile/expand';
import { mayRunOn, parsePlatform, platformText } from './dockerfile/platform';
import { BuildProblem } from './dockerfile/problem';
import { clipped, firstOf, piece, quoted } from './dockerfile/quote';
import { type Args, baseOf } from './dockerfile/scope';
import { stageFinder, usesOf } from './dockerfile/stages';
import { Effort } from './effort';
import { copy, copyWords, makeDirectory, type Workshop } from './file-instructions';
import type { WrittenLayer } from './layer';
import { once } from './once';
import { StageConfig } from './stage-config';
import { addTar } from './tar';
import { FileTree } from './tree';

/** What a build works with. */
export interface Assembly {
  readonly dockerfile: Dockerfile;
  readonly target: string | undefined;
  readonly given: Readonly<Record<string, string>>;
  /** The arguments before the first FROM and those of the platforms. */
  readonly globals: Args;
  readonly labels: Readonly<Record<string, string>>;
  readonly platform: Platform;
  /** Whether the user asked for the platform. */
  readonly isPlatformGiven: boolean;
  /** The build context; read when first asked for. */
  readonly context: () => Promise<FileTree>;
  readonly sources: Sources;
  readonly workshop: Workshop;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/** An image that is complete but for its place in a registry. */
export interface AssembledImage {
  readonly config: ImageConfig;
  readonly layers: readonly ImageLayer[];
}

/** A stage as far as it is built. */
interface StageState {
  readonly config: StageConfig;
  readonly layers: ImageLayer[];
  /** The files of the image; those of a base image are listed when first asked for. */
  readonly files: () => Promise<FileTree>;
}

/**
 * Builds the target stage and the stages that it needs.
 *
 * @throws InputError that names the line of an instruction that cannot be carried out.
 */
export async function assemble(assembly: Assembly): Promise<AssembledImage> {
  const { dockerfile, target, labels } = assembly;
  const { config, layers } = await new Stages(assembly).build(findStage(dockerfile, target)!);
  await verifyLayers(layers);
  const image = config.image();
  const all = sortedKeys({ ...image.config?.Labels, ...labels });
  const labelled = Object.keys(all).length > 0 ? { ...image, config: { ...image.config, Labels: all } } : image;
  const rootfs = { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) } as const;
  return { config: { ...labelled, created: isoTime(assembly.workshop), rootfs }, layers };
}

const isoTime = ({ time }: Workshop) => new Date(time * 1000).toISOString().replace('.000Z', 'Z');

class Stages {
  readonly #built = new Map<number, StageState>();
  /** How often each stage is still asked for. */
  readonly #uses: Map<number, number>;
  readonly #find: ReturnType<typeof stageFinder>;
  readonly #effort = new Effort();

  constructor(readonly assembly: Assembly) {
    this.#find = stageFinder(assembly.dockerfile.stages);
    this.#uses = new Map();
  }

  /** Builds a stage after those that it needs: one after the other, as thousands may be made from each other. */
  async build(target: number): Promise<StageState> {
    const { dockerfile, globals } = this.assembly;
    for (const [at, uses] of usesOf(dockerfile, target, globals)) this.#uses.set(at, uses);
    for (const at of [...this.#uses.keys()].sort((a, b) => a - b)) this.#built.set(at, await this.#build(at));
    return this.#built.get(target)!;
  }

  async #build(at: number): Promise<StageState> {
    const { dockerfile, log, workshop } = this.assembly;
    const stage = dockerfile.stages[at]!;
    const state = await this.#at(stage.from, () => this.#begin(stage, at));
    log.info(clipped(`${dockerfile.file}:${stage.from.line} ${stage.from.written}`));
    for (const instruction of stage.instructions) {
      await this.#effort.pause(workshop.signal);
      log.info(clipped(`${dockerfile.file}:${instruction.line} ${instruction.written}`));
      await this.#at(instruction, () => this.#step(state, instruction, at));
    }
    return state;
  }

  async #begin(stage: Stage, at: number): Promise<StageState> {
    const { dockerfile, globals } = this.assembly;
    await this.#effort.pause(this.assembly.workshop.signal);
    const name = baseOf(dockerfile, stage, globals);
    const earlier = this.#find(at, name);
    if (earlier === undefined) return this.#fromImage(name, stage);
    const state = this.#built.get(earlier)!;
    // What nobody else asks for is handed on as it is.
    if (this.#release(earlier)) {
      state.config.ownCmd = false;
      return state;
    }
    this.#effort.spend(state.config.entries + state.layers.length);
    const files = once(async () => {
      // Thousands of stages, each made from the one before, must not call each other within one turn.
      await undefined;
      return new FileTree(await state.files());
    });
    return { config: state.config.fork(), layers: [...state.layers], files };
  }

  /** Whether that was the last one who asks for the stage. */
  #release(at: number): boolean {
    const left = this.#uses.get(at)! - 1;
    this.#uses.set(at, left);
    if (left === 0) this.#built.delete(at);
    return left === 0;
  }

  async #fromImage(name: string, stage: Stage): Promise<StageState> {
    const { dockerfile, globals, sources } = this.assembly;
    const own = stage.platform && expandWord(stage.platform, (one) => globals.get(one), dockerfile.escaper);
    const platform = own ? parsePlatform(own) : this.assembly.platform;
    if (!platform) throw new BuildProblem(`has the platform ${quoted(own ?? '')}, which must be like linux/arm64`);
    if (name === 'scratch') {
      const config = new StageConfig(scratchConfig(platform));
      return { config, layers: [], files: once(async () => new FileTree()) };
    }
    const { config, layers } = await loadBase(name, platform, sources);
    const isFit = mayRunOn(config, platform);
    const unfit = `${name} is for ${platformText(config)}, not for ${platformText(platform)}`;
    if (!isFit && this.assembly.isPlatformGiven && !own) {
      throw new BuildProblem(`${unfit} as platforms says; name an image for it, or leave platforms out`);
    }
    if (!isFit) this.assembly.log.warn(`${placeOf(dockerfile.file, stage.from)}: ${unfit}`);
    const triggers = config.config?.OnBuild ?? [];
    if (triggers.length > 0) {
      const { first: told, more } = firstOf(triggers);
      const problem = `${name} has ONBUILD triggers (${told.map(piece).join('; ')}${more}), which the builtin builder cannot run`;
      throw new BuildProblem(problem, able);
    }
    return { config: new StageConfig(config), layers: [...layers], files: once(() => this.#listFiles(layers)) };
  }

  async #step(state: StageState, instruction: Instruction, at: number): Promise<void> {
    const { given, globals, dockerfile } = this.assembly;
    const scope: StageScope = { escaper: dockerfile.escaper, given, globals, effort: this.#effort };
    refuseBeyond(instruction);
    if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD')
      return this.#copy(state, instruction, at, scope);
    if (instruction.keyword === 'WORKDIR') return this.#workdir(state, instruction, scope);
    setters[instruction.keyword]!(state.config, instruction, scope);
    this.#record(state, instruction, undefined);
  }

  async #copy(state: StageState, instruction: Instruction, at: number, scope: StageScope): Promise<void> {
    const expand = expanding(state.config, scope);
    const words = copyWords(instruction.text, state.config.config.WorkingDir ?? '/', expand);
    const from = await this.#filesOf(instruction.flags['from'], at);
    const order = {
      instruction,
      ...words,
      from,
      to: await state.files(),
      expand,
      expandDocument: expandingDocument(state.config, scope),
    };
    const layer = await copy(order, this.assembly.workshop);
    if (!layer) this.assembly.log.warn(`${placeOf(this.assembly.dockerfile.file, instruction)}: nothing was copied`);
    this.#record(state, instruction, layer);
  }

  /** The build context, an earlier stage, or an image. */
  async #filesOf(from: string | undefined, at: number): Promise<FileTree> {
    if (from === undefined) return this.assembly.context();
    const earlier = this.#find(at, from);
    if (earlier === undefined) {
      return this.#listFiles((await loadBase(from, this.assembly.platform, this.assembly.sources)).layers);
    }
    const { files } = this.#built.get(earlier)!;
    this.#release(earlier);
    return files();
  }

  async #workdir({ config, ...state }: StageState, instruction: Instruction, scope: StageScope): Promise<void> {
    const given = expanding(config, scope)(instruction.text);
    if (given === '') throw new BuildProblem('must name a path');
    const { WorkingDir = '/', User } = config.config;
    const path = posix.resolve('/', WorkingDir, given);
    const layer = await makeDirectory(await state.files(), path, User, this.assembly.workshop);
    config.set({ WorkingDir: path });
    this.#record({ ...state, config }, instruction, layer);
  }

  /** Adds the instruction to the image's history and its layer, if it made one, to the layers. */
  #record({ config, layers }: StageState, { written }: Instruction, layer: WrittenLayer | undefined): void {
    const entry = { created: isoTime(this.assembly.workshop), created_by: written };
    config.record(layer ? entry : { ...entry, empty_layer: true });
    if (!layer) return;
    const { descriptor, diffId, file } = layer;
    layers.push({ descriptor, diffId, source: { file } });
  }

  async #at<T>(instruction: Instruction, job: () => Promise<T>): Promise<T> {
    try {
      return await job();
    } catch (error) {
      throw located(this.assembly.dockerfile.file, instruction, error);
    }
  }

  /** The files of an image from the layers of its base; needed to know what is a directory or a link there. */
  async #listFiles(layers: readonly ImageLayer[]): Promise<FileTree> {
    const { signal } = this.assembly.workshop;
    const tree = new FileTree();
    for (const layer of layers) {
      const add = () => addTar(tree, layerArchive(layer), { whiteouts: true, signal });
      await ('reading' in layer.source ? layer.source.reading(add) : add());
    }
    return tree;
  }
}
