import { InputError } from '../../../shared/errors';
import { migrateCodeCatalyst } from './codecatalyst';
import { applyEdits } from './edits';
import { migrateGitHub } from './github';
import { openYaml } from './nodes';
import { type Rename, renameReferences } from './references';

/** What was found in a workflow, with the lines of the file as it was. */
export interface Notice {
  readonly line: number;
  readonly text: string;
}

export interface Migration {
  /** The file as it should be; as it was where nothing is to be moved. */
  readonly text: string;
  readonly moved: readonly Notice[];
  /** What stays as it is, and why. */
  readonly left: readonly Notice[];
}

/** Collects what is found on the way. */
export class Findings {
  readonly moved: Notice[] = [];
  readonly left: Notice[] = [];
  readonly renames: Rename[] = [];
  move(line: number, text: string): void {
    add(this.moved, { line, text });
  }
  leave(line: number, text: string): void {
    add(this.left, { line, text });
  }
  rename(rename: Rename): void {
    this.renames.push(rename);
  }
}

/** Steps that an anchor and its alias share are found twice. */
function add(notices: Notice[], { line, text }: Notice): void {
  if (!notices.some((one) => one.line === line && one.text === text)) notices.push({ line, text });
}

/**
 * Moves a workflow file to the actions of this project: one of CodeCatalyst, one of GitHub, or a composite action. Everything
 * that is not moved keeps its text, comments and spaces included. Pure.
 *
 * @param name how the file is called in messages
 * @param space who publishes the actions, as it stands before their names
 * @throws InputError when it is neither
 */
export function migrate(text: string, { name, space }: { readonly name: string; readonly space: string }): Migration {
  const file = openYaml(text);
  if ('problem' in file) throw new InputError([{ where: `${name}:${file.line}`, problem: file.problem }]);
  const top = file.pairs(file.composed.contents).map((pair) => pair.name);
  const isGitHub = top.includes('jobs') || top.includes('runs');
  if (!isGitHub && !top.includes('Actions')) {
    throw new InputError([{ where: name, problem: 'is not a workflow: it has neither Actions nor jobs at its top' }]);
  }
  const findings = new Findings();
  const edits = (isGitHub ? migrateGitHub : migrateCodeCatalyst)(file, space, findings);
  const edited = renameReferences(applyEdits(text, edits), findings.renames);
  const { moved, left } = findings;
  const result = edited === text ? file : openYaml(edited);
  if ('problem' in result || !result.hasAllAnchors()) {
    const why = 'the file stays as it is: it would not be YAML that can be read; move its steps by hand';
    return { text, moved: [], left: [{ line: 1, text: why }] };
  }
  const byLine = (a: Notice, b: Notice) => a.line - b.line;
  return { text: edited, moved: moved.sort(byLine), left: left.sort(byLine) };
}
