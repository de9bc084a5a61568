import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import picomatch from 'picomatch';
import { ActionError } from '../../../shared/errors';
import type { Action } from './model';
import { copyFiles, copySource, type Source } from './source';

/** The folders of one run, all below one that is removed on every way out. */
export interface Workspace {
  /** Makes the folders of an action, with copies of its inputs. */
  enter(action: Action): ActionFolders;
  /** Keeps the files of an action's output artifacts. Throws an ActionError where there are none. */
  collect(action: Action, folders: ActionFolders): void;
  /** Keeps what there is of the artifacts of an action that failed, such as a report of why. */
  rescue(action: Action, folders: ActionFolders): void;
  /** Copies the artifacts made so far into a folder, each into one of its name. */
  keep(folder: string): void;
  remove(): void;
}

export interface ActionFolders {
  /** Where the action works: its primary input, else an empty folder. */
  readonly working: string;
  /** CATALYST_SOURCE_DIR_<name> by name. */
  readonly inputs: Readonly<Record<string, string>>;
  /** For the runner's own files. */
  readonly private: string;
  readonly temp: string;
}

/** @param isShared whether the actions work in one copy of the source, which stays as each leaves it */
export function createWorkspace(source: Source, isShared = false): Workspace {
  const root = mkdtempSync(join(tmpdir(), 'ecs-workflow-'));
  const remove = () => rmSync(root, { recursive: true, force: true });
  process.once('exit', remove);
  const stored = (artifact: string) => join(root, 'artifacts', artifact);
  return {
    enter(action) {
      const own = join(root, 'actions', action.id);
      const sources = join(isShared ? root : own, 'sources');
      const inputs = copyInputs(action, { own, sources, stored, source });
      const working = inputs['WorkflowSource'] ?? Object.values(inputs)[0] ?? join(own, 'work');
      const folders = { working, inputs, private: join(own, 'private'), temp: join(own, 'tmp') };
      for (const folder of [folders.working, folders.private, folders.temp]) mkdirSync(folder, { recursive: true });
      return folders;
    },
    collect(action, { working }) {
      for (const artifact of action.outputArtifacts) {
        if (collect(artifact, working, stored) > 0) continue;
        const { name, files } = artifact;
        throw new ActionError(
          `cannot keep the artifact ${name}: no file matches ${files.join(', ')}; look at its Files`,
        );
      }
    },
    rescue(action, { working }) {
      for (const artifact of action.outputArtifacts) collect(artifact, working, stored);
    },
    keep(folder) {
      if (existsSync(folder) && !statSync(folder).isDirectory()) {
        throw new ActionError(`cannot keep the artifacts: ${folder} is not a directory; name another one`);
      }
      try {
        copyFiles(join(root, 'artifacts'), filesBelow(join(root, 'artifacts')), folder);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        throw new ActionError(`cannot keep the artifacts in ${folder}: ${code}; name another folder`);
      }
    },
    remove() {
      process.off('exit', remove);
      remove();
    },
  };
}

interface InputFolders {
  readonly own: string;
  readonly sources: string;
  readonly stored: (artifact: string) => string;
  readonly source: Source;
}

function copyInputs(action: Action, { own, sources, stored, source }: InputFolders): Record<string, string> {
  const inputs: Record<string, string> = {};
  const copy = join(sources, 'WorkflowSource');
  const isThere = existsSync(copy);
  // What the first action of a shared instance asked for, the others have too.
  if (action.source || isThere) inputs['WorkflowSource'] = copy;
  if (action.source && !isThere) {
    mkdirSync(sources, { recursive: true });
    copySource(source, copy);
  }
  for (const { text: artifact } of action.artifacts) {
    inputs[artifact] = join(own, 'artifacts', artifact);
    mkdirSync(inputs[artifact], { recursive: true });
    copyFiles(stored(artifact), filesBelow(stored(artifact)), inputs[artifact]);
  }
  return inputs;
}

/** Keeps the files of an artifact. The answer is how many there are. */
function collect(
  { name, files }: Action['outputArtifacts'][number],
  working: string,
  stored: (artifact: string) => string,
): number {
  const matches = picomatch([...files], { dot: true });
  const matching = filesBelow(working).filter((file) => matches(file));
  copyFiles(working, matching, stored(name));
  return matching.length;
}

/** All files below a folder, by their relative names; those of git are its own. */
function filesBelow(folder: string, inside = ''): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(join(folder, inside), { withFileTypes: true }).flatMap((entry) => {
    const name = inside ? `${inside}/${entry.name}` : entry.name;
    // A pipe, a socket or a device cannot be kept: copying it could wait for ever.
    if (!entry.isDirectory()) return entry.isFile() || entry.isSymbolicLink() ? [name] : [];
    return name === '.git' ? [] : filesBelow(folder, name);
  });
}
