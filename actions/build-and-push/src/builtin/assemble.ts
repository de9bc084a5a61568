import { posix } from 'node:path';
import type { Log } from '../../../../shared/host/log';
import type { ImageConfig, Platform } from '../registry/oci';
import { type ImageLayer, layerArchive, loadBase, type Sources } from './base';
import { able, earlierStage, findStage, refuseBeyond } from './check';
import { scratchConfig, sortedKeys, withConfig } from './config';
import { type Dockerfile, type Instruction, located, placeOf, type Stage } from './dockerfile';
import { expandWord } from './expand';
import { copy, copyWords, makeDirectory, type Workshop } from './files';
import type { WrittenLayer } from './layer';
import { once } from './once';
import { mayRunOn, parsePlatform, platformText } from './platform';
import { BuildProblem } from './problem';
import { type Args, baseOf } from './scope';
import { expanding, expandingDocument, type Settings, type StageScope, setters } from './settings';
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
interface StageState extends Settings {
  readonly layers: readonly ImageLayer[];
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
  const stages = new Stages(assembly);
  const { image, layers } = await stages.build(findStage(dockerfile, target)!);
  const all = sortedKeys({ ...image.config?.Labels, ...labels });
  const labelled = Object.keys(all).length > 0 ? withConfig(image, { Labels: all }) : image;
  const rootfs = { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) } as const;
  return { config: { ...labelled, created: isoTime(assembly.workshop), rootfs }, layers };
}

const isoTime = ({ time }: Workshop) => new Date(time * 1000).toISOString().replace('.000Z', 'Z');

class Stages {
  readonly #built = new Map<number, Promise<StageState>>();

  constructor(readonly assembly: Assembly) {}

  build(at: number): Promise<StageState> {
    const built = this.#built.get(at) ?? this.#build(at);
    this.#built.set(at, built);
    return built;
  }

  async #build(at: number): Promise<StageState> {
    const { dockerfile, log } = this.assembly;
    const stage = dockerfile.stages[at]!;
    let state = await this.#at(stage.from, () => this.#begin(stage, at));
    log.info(`${dockerfile.file}:${stage.from.line} ${stage.from.written}`);
    for (const instruction of stage.instructions) {
      log.info(`${dockerfile.file}:${instruction.line} ${instruction.written}`);
      state = await this.#at(instruction, () => this.#step(state, instruction, at));
    }
    return state;
  }

  async #begin(stage: Stage, at: number): Promise<StageState> {
    const { dockerfile, globals } = this.assembly;
    const name = baseOf(dockerfile, stage, globals);
    const earlier = earlierStage(dockerfile.stages, at, name);
    if (earlier === undefined) return this.#fromImage(name, stage);
    const { image, layers, args, files } = await this.build(earlier);
    return { image, layers, args, ownCmd: false, files: once(async () => new FileTree(await files())) };
  }

  async #fromImage(name: string, stage: Stage): Promise<StageState> {
    const { dockerfile, globals, sources } = this.assembly;
    const own = stage.platform && expandWord(stage.platform, (one) => globals.get(one), dockerfile.escaper);
    const platform = own ? parsePlatform(own) : this.assembly.platform;
    if (!platform) throw new BuildProblem(`has the platform "${own}", which must be like linux/arm64`);
    const fresh = { args: new Map<string, string>(), ownCmd: false };
    if (name === 'scratch') {
      return { ...fresh, image: scratchConfig(platform), layers: [], files: once(async () => new FileTree()) };
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
      const problem = `${name} has ONBUILD triggers (${triggers.join('; ')}), which the builtin builder cannot run`;
      throw new BuildProblem(problem, able);
    }
    return { ...fresh, image: config, layers, files: once(() => listFiles(layers)) };
  }

  async #step(state: StageState, instruction: Instruction, at: number): Promise<StageState> {
    const { escaper } = this.assembly.dockerfile;
    const scope: StageScope = { escaper, given: this.assembly.given, globals: this.assembly.globals };
    refuseBeyond(instruction);
    if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD')
      return this.#copy(state, instruction, at, scope);
    if (instruction.keyword === 'WORKDIR') return this.#workdir(state, instruction, scope);
    const setter = setters[instruction.keyword]!;
    return this.#record({ ...state, ...setter(state, instruction, scope) }, instruction, undefined);
  }

  async #copy(state: StageState, instruction: Instruction, at: number, scope: StageScope): Promise<StageState> {
    const expand = expanding(state, scope);
    const words = copyWords(instruction.text, state.image.config?.WorkingDir ?? '/', expand);
    const from = await this.#filesOf(instruction.flags['from'], at);
    const order = {
      instruction,
      ...words,
      from,
      to: await state.files(),
      expand,
      expandDocument: expandingDocument(state),
    };
    const layer = await copy(order, this.assembly.workshop);
    if (!layer) this.assembly.log.warn(`${placeOf(this.assembly.dockerfile.file, instruction)}: nothing was copied`);
    return this.#record(state, instruction, layer);
  }

  /** The build context, an earlier stage, or an image. */
  async #filesOf(from: string | undefined, at: number): Promise<FileTree> {
    if (from === undefined) return this.assembly.context();
    const earlier = earlierStage(this.assembly.dockerfile.stages, at, from);
    if (earlier !== undefined) return (await this.build(earlier)).files();
    return listFiles((await loadBase(from, this.assembly.platform, this.assembly.sources)).layers);
  }

  async #workdir(state: StageState, instruction: Instruction, scope: StageScope): Promise<StageState> {
    const given = expanding(state, scope)(instruction.text);
    if (given === '') throw new BuildProblem('must name a path');
    const { WorkingDir = '/', User } = state.image.config ?? {};
    const path = posix.resolve('/', WorkingDir, given);
    const layer = await makeDirectory(await state.files(), path, User, this.assembly.workshop);
    return this.#record({ ...state, image: withConfig(state.image, { WorkingDir: path }) }, instruction, layer);
  }

  /** Adds the instruction to the image's history and its layer, if it made one, to the layers. */
  #record(state: StageState, { written }: Instruction, layer: WrittenLayer | undefined): StageState {
    const entry = { created: isoTime(this.assembly.workshop), created_by: written };
    const history = [...(state.image.history ?? []), layer ? entry : { ...entry, empty_layer: true }];
    const image = { ...state.image, history };
    if (!layer) return { ...state, image };
    const { descriptor, diffId, file } = layer;
    return { ...state, image, layers: [...state.layers, { descriptor, diffId, source: { file } }] };
  }

  async #at<T>(instruction: Instruction, job: () => Promise<T>): Promise<T> {
    try {
      return await job();
    } catch (error) {
      throw located(this.assembly.dockerfile.file, instruction, error);
    }
  }
}

/** The files of an image from the layers of its base; needed to know what is a directory or a link there. */
async function listFiles(layers: readonly ImageLayer[]): Promise<FileTree> {
  const tree = new FileTree();
  for (const layer of layers) await addTar(tree, layerArchive(layer), { whiteouts: true });
  return tree;
}
