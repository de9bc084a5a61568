import type { Finding } from '../../../shared/errors';
import { cut } from '../../../shared/excerpt';
import { type Folders, findFile, placesOf } from '../../../shared/host/folders';
import { readFile, strayLink } from '../../../shared/host/user-file';
import { findTaskDefinition } from '../../../shared/task-definition/find';
import type { Inputs } from './definition';

/** A file of the user: its name for messages, and its text. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** What the inputs name: files, or a revision that AWS has. */
export interface Files {
  readonly taskDefinition:
    | { readonly name: string; readonly path: string }
    | { readonly revision: string }
    /** A rollback deploys nothing, so that it works without any file. */
    | { readonly nothing: true };
  /** Undefined where none was given and none is there: it is generated then. */
  readonly appSpec: TextFile | undefined;
}

/** CodeDeploy takes far less; beyond it the file is not an AppSpec. */
const largestAppSpec = { bytes: 1024 * 1024, problem: 'is larger than 1 MiB; it is not an AppSpec' };

/** Names under which an AppSpec is looked for. */
const appSpecNames = ['appspec.yaml', 'appspec.yml', 'appspec.json'];

/** Finds the files that the inputs name. `findings` has each that does not exist; `files` is of use only where there are none. */
export function findFiles(
  inputs: Pick<Inputs, 'task-definition' | 'codedeploy-appspec' | 'if-deploying'>,
  folders: Folders,
): { readonly files: Files; readonly findings: readonly Finding[] } {
  if (inputs['if-deploying'] === 'rollback') {
    return { files: { taskDefinition: { nothing: true }, appSpec: undefined }, findings: [] };
  }
  const appSpec = readAppSpecFile(inputs['codedeploy-appspec'], folders);
  const taskDefinition = findDesired(inputs['task-definition'], folders);
  return {
    files: {
      taskDefinition: 'problem' in taskDefinition ? { revision: '' } : taskDefinition,
      appSpec: appSpec && 'text' in appSpec ? appSpec : undefined,
    },
    findings: [...problemOf('codedeploy-appspec', appSpec), ...problemOf('task-definition', taskDefinition)],
  };
}

type Problem = { readonly problem: string };

const problemOf = (where: string, found: object | undefined): Finding[] =>
  found && 'problem' in found ? [{ where, problem: String(found.problem) }] : [];

/** Unlike a rendering, a deployment needs the revision, or what runs would depend on the moment. */
function findDesired(name: string, folders: Folders): Files['taskDefinition'] | Problem {
  const source = findTaskDefinition(name, folders);
  if ('problem' in source) return source;
  if (source.kind === 'file') return { name, path: source.path };
  if (source.kind === 'arn' || /:\d+$/.test(name)) return { revision: name };
  const places = placesOf(name, folders).join(', ');
  return { problem: `there is no file ${name}, and it is neither an ARN nor family:revision; looked for ${places}` };
}

function readAppSpecFile(given: string | undefined, folders: Folders): TextFile | Problem | undefined {
  const names = given === undefined ? appSpecNames : [given];
  const [name, path] = firstFound(names, folders) ?? [given];
  if (name === undefined) return undefined;
  if (path === undefined) return { problem: `was not found; looked for ${placesOf(name, folders).join(', ')}` };
  const stray = strayLink(path, folders);
  const read = stray === undefined ? readFile(path, largestAppSpec) : { problem: stray };
  return 'bytes' in read
    ? { name, text: read.bytes.toString('utf8') }
    : { problem: `${cut(name, 200)} ${read.problem}` };
}

function firstFound(names: readonly string[], folders: Folders): [name: string, path: string] | undefined {
  for (const name of names) {
    const path = findFile(name, folders);
    if (path !== undefined) return [name, path];
  }
  return undefined;
}
