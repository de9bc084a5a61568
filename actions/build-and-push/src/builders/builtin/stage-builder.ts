import { posix } from 'node:path';
import { type AssembledImage, type Assembly, isoTime, type StageState } from './assembly';
import { loadBase } from './base';
import { verifyLayers } from './base-layer';
import { copyWords } from './copy-order';
import { able, findStage, refuseBeyond } from './dockerfile/check-dockerfile';
import { mayBeSent } from './dockerfile/context-sources';
import { type Instruction, located, placeOf, type Stage } from './dockerfile/dockerfile';
import { plainWords } from './dockerfile/dockerfile-words';
import { BuildProblem } from './dockerfile/problem';
import { clipped, quoted } from './dockerfile/quote';
import { baseOf } from './dockerfile/scope';
import { lineageOf, problemOfSource, type StagePlaces, stagePlaces, usesOf } from './dockerfile/stages';
import { parseTrigger } from './dockerfile/triggers';
import { Effort } from './effort';
import { copy, layerOf, makeDirectory } from './file-instructions';
import { expanding, expandingDocument, type StageScope, setters } from './image/config-instructions';
import { sortedKeys } from './image/config-values';
import { once } from './promises';
import { listFiles, stageFromImage } from './stage-base';
import { FileTree } from './tree/tree';

/** Builds the stages of a Dockerfile, each once, and keeps them as long as others need them. */
export class StageBuilder {
  readonly #built = new Map<number, StageState>();
  /** How often each stage is still asked for. */
  readonly #uses: Map<number, number>;
  #needed: readonly number[] = [];
  /** The stages whose layers are those of the image. Of the others only the files are of interest. */
  #pushed: ReadonlySet<number> = new Set();
  /** Stages that others were made from, and whose files are copied for them when first asked for: they must not change. */
  readonly #shared = new Set<StageState>();
  readonly #places: StagePlaces;
  readonly #effort = new Effort();
  /** The files of images that `COPY --from` names. */
  readonly #images = new Map<string, Promise<FileTree>>();

  constructor(readonly assembly: Assembly) {
    this.#places = stagePlaces(assembly.dockerfile.stages);
    this.#uses = new Map();
  }

  /** Builds a stage after those that it needs: one after the other, as thousands may be made from each other. */
  async build(target: number): Promise<StageState> {
    const { dockerfile, globals } = this.assembly;
    for (const [at, uses] of usesOf(dockerfile, target, globals)) this.#uses.set(at, uses);
    this.#needed = [...this.#uses.keys()].sort((a, b) => a - b);
    this.#pushed = lineageOf(dockerfile, target, globals);
    for (const at of this.#needed) this.#built.set(at, await this.#build(at));
    return this.#built.get(target)!;
  }

  async #build(at: number): Promise<StageState> {
    const { dockerfile, log, workshop } = this.assembly;
    const stage = dockerfile.stages[at]!;
    const state = await this.#at(stage.from, () => this.#begin(stage, at));
    const triggers = await this.#at(stage.from, async () => triggersOf(state, stage));
    log.info(clipped(`${dockerfile.file}:${stage.from.line} ${stage.from.written}`));
    for (const instruction of [...triggers, ...stage.instructions]) {
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
    const earlier = this.#places.find(at, name);
    if (earlier === undefined) return stageFromImage(name, stage, this.assembly);
    const state = this.#built.get(earlier)!;
    // What nothing else asks for is passed on as it is.
    if (this.#release(earlier) && !this.#shared.has(state)) {
      state.config.ownCmd = false;
      return state;
    }
    this.#shared.add(state);
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
    const left = (this.#uses.get(at) ?? 0) - 1;
    this.#uses.set(at, left);
    if (left === 0) this.#built.delete(at);
    return left === 0;
  }

  async #step(state: StageState, instruction: Instruction, at: number): Promise<void> {
    const { given, globals, dockerfile } = this.assembly;
    const scope: StageScope = { escaper: dockerfile.escaper, given, globals, effort: this.#effort };
    refuseBeyond(instruction, dockerfile.escaper);
    if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD')
      return this.#copy(state, instruction, at, scope);
    if (instruction.keyword === 'WORKDIR') return this.#workdir(state, instruction, at, scope);
    setters[instruction.keyword]!(state.config, instruction, scope);
    this.#recordEmpty(state, instruction);
  }

  async #copy(state: StageState, instruction: Instruction, at: number, scope: StageScope): Promise<void> {
    const expand = expanding(state.config, scope);
    const expansion = { word: expand, document: expandingDocument(state.config, scope) };
    const words = copyWords(instruction, state.config.config.WorkingDir || '/', expansion);
    const from = await this.#filesOf(instruction.flags['from'], at);
    const isContext = instruction.flags['from'] === undefined;
    const mayBeEmpty = (folder: string) => !isContext || this.#mayBeSent(folder, instruction);
    const order = { instruction, ...words, from, to: await state.files(), expand, mayBeEmpty };
    const changed = await copy(order, this.assembly.workshop);
    if (changed.size === 0) {
      this.assembly.log.warn(`${placeOf(this.assembly.dockerfile.file, instruction)}: nothing was copied`);
      return this.#recordEmpty(state, instruction);
    }
    await this.#record(state, instruction, at, changed);
  }

  #mayBeSent(folder: string, { text }: Instruction): boolean {
    const { stages } = this.assembly.dockerfile;
    return mayBeSent(
      this.#needed.flatMap((at) => stages[at]!.instructions),
      folder,
      plainWords(text),
    );
  }

  /** The build context, an earlier stage, or an image. */
  async #filesOf(from: string | undefined, at: number): Promise<FileTree> {
    if (from === undefined) return this.assembly.context();
    const earlier = this.#places.find(at, from);
    // Only a trigger of a base image was not checked before.
    const problem = problemOfSource(this.#places, at, from);
    if (problem) throw new BuildProblem(problem);
    if (earlier === undefined) return this.#filesOfImage(from);
    const built = this.#built.get(earlier);
    if (!built) {
      throw new BuildProblem(
        `copies from the stage ${quoted(from)} in a trigger of a base image, which comes too late`,
        able,
      );
    }
    this.#release(earlier);
    return built.files();
  }

  /** Several instructions may copy from one image. */
  #filesOfImage(name: string): Promise<FileTree> {
    const { platform, sources, workshop } = this.assembly;
    // An empty image, as after FROM.
    if (name === 'scratch') return Promise.resolve(new FileTree());
    const load = async () => listFiles((await loadBase(name, platform, sources)).layers, workshop.signal);
    const files = this.#images.get(name) ?? load();
    this.#images.set(name, files);
    return files;
  }

  async #workdir(state: StageState, instruction: Instruction, at: number, scope: StageScope): Promise<void> {
    const { config } = state;
    if (instruction.text === '') throw new BuildProblem('must name a path');
    const { WorkingDir = '/', User } = config.config;
    const given = expanding(config, scope)(instruction.text) || WorkingDir;
    const path = posix.resolve('/', WorkingDir, given);
    const made = await makeDirectory(await state.files(), path, User, this.assembly.workshop);
    // As it is written, so that the image says the same as BuildKit's.
    config.set({ WorkingDir: given.startsWith('/') ? given : path });
    if (made.length === 0) return this.#recordEmpty(state, instruction);
    await this.#record(state, instruction, at, made);
  }

  /** Adds the instruction to the image's history and its layer to the layers, where the stage is a part of the image. */
  async #record(
    { config, layers, files }: StageState,
    { written }: Instruction,
    at: number,
    changed: Iterable<string>,
  ): Promise<void> {
    if (!this.#pushed.has(at)) return;
    const { workshop } = this.assembly;
    const { descriptor, diffId, file } = await layerOf(await files(), changed, workshop);
    config.record({ created: isoTime(workshop), created_by: written });
    layers.push({ descriptor, diffId, source: file === undefined ? { present: true } : { file } });
  }

  #recordEmpty({ config }: StageState, { written }: Instruction): void {
    config.record({ created: isoTime(this.assembly.workshop), created_by: written, empty_layer: true });
  }

  async #at<T>(instruction: Instruction, job: () => Promise<T>): Promise<T> {
    try {
      return await job();
    } catch (error) {
      throw located(this.assembly.dockerfile.file, instruction, error);
    }
  }
}

/** What the image that a stage is made from has kept for this moment. */
const triggersOf = ({ config }: StageState, { from }: Stage): Instruction[] =>
  config.takeTriggers().map((trigger) => parseTrigger(trigger, from.line));

/**
 * Builds the target stage and the stages that it needs.
 *
 * @throws InputError that names the line of an instruction that cannot be carried out.
 */
export async function assemble(assembly: Assembly): Promise<AssembledImage> {
  const { dockerfile, target, labels } = assembly;
  const { config, layers } = await new StageBuilder(assembly).build(findStage(dockerfile, target)!);
  await verifyLayers(layers);
  const image = config.image();
  const all = sortedKeys({ ...image.config?.Labels, ...labels });
  const labelled = Object.keys(all).length > 0 ? { ...image, config: { ...image.config, Labels: all } } : image;
  const rootfs = { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) } as const;
  return { config: { ...labelled, created: isoTime(assembly.workshop), rootfs }, layers };
}
