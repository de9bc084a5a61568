import { type Finding, findingsOf, InputError, refuse } from '../../../shared/errors';
import { cut } from '../../../shared/excerpt';
import { type Folders, findPath, placesOf } from '../../../shared/host/folders';
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
  readonly taskDefinition: { readonly name: string; readonly path: string } | { readonly revision: string };
  /** Undefined where none was given and none is there: it is generated then. */
  readonly appSpec: TextFile | undefined;
}

/** CodeDeploy takes far less; beyond it the file is not an AppSpec. */
const largestAppSpec = { bytes: 1024 * 1024, problem: 'is larger than 1 MiB; it is not an AppSpec' };

/** Names under which an AppSpec is looked for. */
const appSpecNames = ['appspec.yaml', 'appspec.yml', 'appspec.json'];

/** Finds the files that the inputs name. @throws InputError with each that is not there */
export function findFiles(inputs: Pick<Inputs, 'task-definition' | 'codedeploy-appspec'>, folders: Folders): Files {
  const findings: Finding[] = [];
  const appSpec = readAppSpecFile(inputs['codedeploy-appspec'], folders, findings);
  const name = inputs['task-definition'];
  let taskDefinition: Files['taskDefinition'] | undefined;
  findings.push(...findingsOf(() => (taskDefinition = findWanted(name, folders))));
  refuse(findings);
  return { taskDefinition: taskDefinition!, appSpec };
}

/** Unlike a rendering, a deployment needs the revision, or what runs would depend on the moment. */
function findWanted(name: string, folders: Folders): Files['taskDefinition'] {
  const source = findTaskDefinition(name, folders);
  if (source.kind === 'file') return { name, path: source.path };
  if (source.kind === 'arn' || /:\d+$/.test(name)) return { revision: name };
  const places = placesOf(name, folders).join(', ');
  const problem = `there is no file ${name}, and it is neither an ARN nor family:revision; looked for ${places}`;
  throw new InputError([{ where: 'task-definition', problem }]);
}

function readAppSpecFile(given: string | undefined, folders: Folders, findings: Finding[]): TextFile | undefined {
  const names = given === undefined ? appSpecNames : [given];
  const [name, path] = firstFound(names, folders) ?? [given];
  if (name === undefined) return undefined;
  if (path === undefined) {
    const places = placesOf(name, folders).join(', ');
    findings.push({ where: 'codedeploy-appspec', problem: `is not there: looked for ${places}` });
    return undefined;
  }
  const stray = strayLink(path, folders);
  const read = stray === undefined ? readFile(path, largestAppSpec) : { problem: stray };
  if ('bytes' in read) return { name, text: read.bytes.toString('utf8') };
  findings.push({ where: 'codedeploy-appspec', problem: `${cut(name, 200)} ${read.problem}` });
  return undefined;
}

function firstFound(names: readonly string[], folders: Folders): [name: string, path: string] | undefined {
  for (const name of names) {
    const path = findPath(name, folders);
    if (path !== undefined) return [name, path];
  }
  return undefined;
}
