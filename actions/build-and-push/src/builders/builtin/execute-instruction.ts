import { posix } from 'node:path';
import { type Assembly, isoTime, type StageState } from './assembly';
import { copyWords } from './copy-order';
import { refuseBeyond } from './dockerfile/check-dockerfile';
import { type Instruction, placeOf } from './dockerfile/dockerfile';
import { BuildProblem } from './dockerfile/problem';
import { copy, layerOf, makeDirectory } from './file-instructions';
import { expanding, expandingDocument, type StageScope, setters } from './image/config-instructions';
import { once } from './promises';
import type { SentFiles } from './sent-files';
import type { FileTree } from './tree/tree';

/** What the instructions of a stage are executed with. */
export interface StageWork {
  readonly assembly: Assembly;
  readonly scope: StageScope;
  /** Whether the layers of the stage are those of the image. Of another stage only the files are of interest. */
  readonly isPushed: boolean;
  /** The files of what an instruction copies from: the build context, an earlier stage, or an image. */
  filesOf(from: string | undefined): Promise<FileTree>;
  /** What of the build context BuildKit would see. */
  sentFiles(): Promise<SentFiles>;
}

/**
 * Executes an instruction of a stage.
 *
 * @throws BuildProblem where it cannot be carried out
 */
export async function execute(instruction: Instruction, state: StageState, work: StageWork): Promise<void> {
  const { scope, assembly } = work;
  refuseBeyond(instruction, scope.escaper);
  if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') return executeCopy(instruction, state, work);
  if (instruction.keyword === 'WORKDIR') return executeWorkdir(instruction, state, work);
  setters[instruction.keyword]!(state.config, instruction, scope);
  recordEmpty(instruction, state, assembly);
}

async function executeCopy(instruction: Instruction, state: StageState, work: StageWork): Promise<void> {
  const { assembly, scope } = work;
  const expand = expanding(state.config, scope);
  const expansion = { word: expand, document: expandingDocument(state.config, scope) };
  const words = copyWords(instruction, state.config.config.WorkingDir || '/', expansion);
  const from = await work.filesOf(instruction.flags['from']);
  const isContext = instruction.flags['from'] === undefined;
  const comesAlong = once(async () => (await work.sentFiles()).seenBy(instruction, words.sources));
  const mayBeEmpty = async (folder: string) => !isContext || (await comesAlong())(folder);
  const { isBare } = state;
  const order = { instruction, ...words, from, to: await state.files(), isBare, expand, mayBeEmpty };
  const changed = await copy(order, assembly.workshop);
  state.isBare = false;
  if (changed.size === 0) {
    assembly.log.warn(`${placeOf(assembly.dockerfile.file, instruction)}: nothing was copied`);
    return recordEmpty(instruction, state, assembly);
  }
  await record(instruction, state, changed, work);
}

async function executeWorkdir(instruction: Instruction, state: StageState, work: StageWork): Promise<void> {
  const { config } = state;
  const { assembly, scope } = work;
  if (instruction.text === '') throw new BuildProblem('must name a path');
  const { WorkingDir = '/', User } = config.config;
  const given = expanding(config, scope)(instruction.text) || WorkingDir;
  const path = posix.resolve('/', WorkingDir, given);
  const files = { to: await state.files(), isBare: state.isBare };
  const made = await makeDirectory(files, path, User, assembly.workshop);
  // As it is written, so that the image says the same as BuildKit's.
  config.set({ WorkingDir: given.startsWith('/') ? given : path });
  if (made.length === 0) return recordEmpty(instruction, state, assembly);
  state.isBare = false;
  await record(instruction, state, made, work);
}

/** Adds the instruction to the image's history and its layer to the layers, where the stage is a part of the image. */
async function record(
  { written }: Instruction,
  { config, layers, files }: StageState,
  changed: Iterable<string>,
  { isPushed, assembly: { workshop } }: StageWork,
): Promise<void> {
  if (!isPushed) return;
  const { descriptor, diffId, file } = await layerOf(await files(), changed, workshop);
  config.record({ created: isoTime(workshop), created_by: written });
  layers.push({ descriptor, diffId, source: file === undefined ? { present: true } : { file } });
}

function recordEmpty({ written }: Instruction, { config }: StageState, { workshop }: Assembly): void {
  config.record({ created: isoTime(workshop), created_by: written, empty_layer: true });
}
