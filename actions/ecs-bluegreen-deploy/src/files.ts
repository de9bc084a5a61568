import { readFileSync } from 'node:fs';
import { type Finding, refuse } from '../../../shared/errors';
import { type Folders, findPath, placesOf } from '../../../shared/host/folders';
import type { Request } from './inputs';

/** A file of the user: its name for messages, and its text. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** What the inputs name: files read, or a revision that AWS has. */
export interface Files {
  readonly taskDefinition: TextFile | { readonly revision: string };
  /** Undefined where none was given and none is there: it is generated then. */
  readonly appSpec: TextFile | undefined;
}

/** Names under which an AppSpec is looked for. */
const appSpecNames = ['appspec.yaml', 'appspec.yml', 'appspec.json'];

const revisionForm = /^[A-Za-z0-9_-]{1,255}:[1-9]\d*$/;

/** Reads the files that the inputs name. @throws InputError */
export function readFiles({ inputs }: Request, folders: Folders): Files {
  const findings: Finding[] = [];
  const appSpec = readAppSpecFile(inputs['codedeploy-appspec'], folders, findings);
  const taskDefinition = readTaskDefinitionFile(inputs['task-definition'], folders, findings);
  refuse(findings);
  return { taskDefinition: taskDefinition!, appSpec };
}

function readTaskDefinitionFile(
  given: string,
  folders: Folders,
  findings: Finding[],
): Files['taskDefinition'] | undefined {
  if (given.startsWith('arn:')) return { revision: given };
  const path = findPath(given, folders);
  if (path === undefined && revisionForm.test(given)) return { revision: given };
  const file = readFile('task-definition', given, path, folders);
  if ('text' in file) return file;
  const isName = /^[A-Za-z0-9_:-]+$/.test(given);
  const problem = isName ? `${file.problem}, and it is neither an ARN nor family:revision` : file.problem;
  findings.push({ where: 'task-definition', problem });
  return undefined;
}

function readAppSpecFile(given: string | undefined, folders: Folders, findings: Finding[]): TextFile | undefined {
  const names = given === undefined ? appSpecNames : [given];
  const [name, path] = firstFound(names, folders) ?? [given];
  if (name === undefined) return undefined;
  const file = readFile('codedeploy-appspec', name, path, folders);
  if ('text' in file) return file;
  findings.push(file);
  return undefined;
}

function firstFound(names: readonly string[], folders: Folders): [name: string, path: string] | undefined {
  for (const name of names) {
    const path = findPath(name, folders);
    if (path !== undefined) return [name, path];
  }
  return undefined;
}

function readFile(where: string, name: string, path: string | undefined, folders: Folders): TextFile | Finding {
  if (path === undefined) return { where, problem: `is not there: looked for ${placesOf(name, folders).join(', ')}` };
  try {
    return { name, text: readFileSync(path, 'utf8') };
  } catch (error) {
    return { where, problem: `cannot be read: ${(error as Error).message}` };
  }
}
