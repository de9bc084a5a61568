import { type AssembledImage, type Assembly, isoTime, type StageState } from './assembly';
import { verifyLayers } from './base-layer';
import { able, findStage } from './dockerfile/check-dockerfile';
import { type Instruction, located, type Stage } from './dockerfile/dockerfile';
import { BuildProblem } from './dockerfile/problem';
import { clipped, quoted } from './dockerfile/quote';
import { baseOf } from './dockerfile/scope';
import { instructionsOf, lineageOf, problemOfSource, type StagePlaces, stagePlaces, usesOf } from './dockerfile/stages';
import { parseTrigger } from './dockerfile/triggers';
import { Effort } from './effort';
import { execute, type StageWork } from './execute-instruction';
import { sortedKeys } from './image/config-values';
import { once } from './promises';
import { SentFiles, writtenSources } from './sent-files';
import { filesOfImages, stageFromImage } from './stage-base';
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
  readonly #filesOfImage: (name: string) => Promise<FileTree>;

  constructor(readonly assembly: Assembly) {
    this.#places = stagePlaces(assembly.dockerfile.stages);
    this.#uses = new Map();
    this.#filesOfImage = filesOfImages(assembly);
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
    const work = this.#work(at);
    log.info(clipped(`${dockerfile.file}:${stage.from.line} ${stage.from.written}`));
    for (const instruction of [...triggers, ...stage.instructions]) {
      await this.#effort.pause(workshop.signal);
      log.info(clipped(`${dockerfile.file}:${instruction.line} ${instruction.written}`));
      await this.#at(instruction, () => execute(instruction, state, work));
    }
    return state;
  }

  /** What the instructions of a stage are executed with. */
  #work(at: number): StageWork {
    const { given, globals, dockerfile } = this.assembly;
    return {
      assembly: this.assembly,
      scope: { escaper: dockerfile.escaper, given, globals, effort: this.#effort },
      isPushed: this.#pushed.has(at),
      filesOf: (from) => this.#filesOf(from, at),
      sentFiles: this.#sentFiles,
    };
  }

  readonly #sentFiles = once(async () => {
    const { context, dockerfile, globals, workshop } = this.assembly;
    const { find } = this.#places;
    const sources = writtenSources(this.#needed.flatMap((at) => instructionsOf(dockerfile, at, globals, find)));
    const sent = new SentFiles(await context(), sources);
    for (const source of sources) {
      await this.#effort.pause(workshop.signal);
      sent.add(source);
    }
    return sent;
  });

  async #begin(stage: Stage, at: number): Promise<StageState> {
    const { dockerfile, globals } = this.assembly;
    await this.#effort.pause(this.assembly.workshop.signal);
    const name = baseOf(dockerfile, stage, globals);
    const earlier = this.#places.find(at, name);
    if (earlier === undefined) return stageFromImage(name, stage, this.assembly);
    const state = this.#built.get(earlier)!;
    // What nothing else asks for is passed on as it is.
    if (this.#release(earlier) && !this.#shared.has(state)) {
      state.config.goOn();
      return state;
    }
    this.#shared.add(state);
    this.#effort.spend(state.config.entries + state.layers.length);
    const files = once(async () => {
      // Thousands of stages, each made from the one before, must not call each other within one turn.
      await undefined;
      return new FileTree(await state.files());
    });
    return { config: state.config.fork(), layers: [...state.layers], files, isBare: state.isBare };
  }

  /** Whether that was the last one who asks for the stage. */
  #release(at: number): boolean {
    const left = (this.#uses.get(at) ?? 0) - 1;
    this.#uses.set(at, left);
    if (left === 0) this.#built.delete(at);
    return left === 0;
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
