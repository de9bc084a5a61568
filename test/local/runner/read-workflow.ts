import { basename } from 'node:path';
import { refuse } from '../../../shared/errors';
import { checkActions } from './check';
import type { FindAction } from './manifest';
import { type Action, textsOf, type Workflow } from './model';
import { cycleOf, inOrder } from './order';
import { type ReadAction, readAction, readCompute } from './read-action';
import { ownerId, referencesIn } from './references';
import { type Spot, YamlReader } from './yaml-reader';

const topKeys = ['Name', 'SchemaVersion', 'RunMode', 'Triggers', 'Compute', 'Actions'] as const;
const triggerKeys = ['Type', 'Branches', 'FilesChanged', 'Events', 'Expression'] as const;

/**
 * Reads a CodeCatalyst workflow file.
 *
 * @throws InputError with everything in it that is wrong, or that cannot run here, each with its line.
 */
export function readWorkflow(file: string, text: string, find: FindAction): Workflow {
  const reader = new YamlReader(basename(file), text);
  // What stands in a file that is not YAML would only be noise beside the reason.
  refuse(reader.findings);
  if (isOfGitHub(text)) {
    reader.refuse(reader.top, 'this is a GitHub workflow; only CodeCatalyst workflows run here');
    refuse(reader.findings);
  }
  const fields = reader.fields(reader.top, topKeys);
  const name = reader.scalar(fields['Name']);
  if (!fields['Name']) reader.refuse(reader.top, 'must have a Name');
  const isShared = readHead(reader, fields);
  const read = readActions(reader, fields['Actions'], find);
  const whole = read.filter((action): action is ReadAction => action !== undefined);
  // An action that could not be read would make everything that names it look wrong.
  const ordered = whole.length === read.length ? order(reader, whole) : [];
  const actions = isShared ? inSequence(ordered) : ordered;
  checkActions(reader, actions);
  refuse(reader.findings);
  return { name: name!, actions, isShared, notes: [...notesOn(reader, fields, actions), ...reader.notes] };
}

/** Each of its keys would be reported as unknown otherwise. */
const isOfGitHub = (text: string) => /^jobs *:/m.test(text) && !/^Actions *:/m.test(text);

/** The answer is whether all actions share one instance. */
function readHead(reader: YamlReader, fields: Partial<Record<string, Spot>>): boolean {
  const { SchemaVersion, RunMode, Triggers, Compute, Actions } = fields;
  if (reader.scalar(SchemaVersion) !== '1') reader.oneOf(SchemaVersion, ['1.0']);
  reader.oneOf(RunMode, ['QUEUED', 'SUPERSEDED', 'PARALLEL'], 'in any case');
  const isShared = readCompute(reader, Compute);
  for (const trigger of reader.items(Triggers)) {
    const { Type } = reader.fields(trigger, triggerKeys);
    reader.oneOf(Type, ['Push', 'PullRequest', 'Schedule', 'Manual'], 'in any case');
  }
  if (!SchemaVersion) reader.refuse(reader.top, 'must have SchemaVersion: "1.0"');
  if (!Actions || reader.entries(Actions).length === 0) reader.refuse(Actions ?? reader.top, 'must have Actions');
  return isShared;
}

/** On a shared instance one action follows the other, in what they share. */
const inSequence = (actions: readonly Action[]): Action[] =>
  actions.map((action, at) => {
    const before = actions[at - 1]?.id;
    return before === undefined ? action : { ...action, dependsOn: [...new Set([...action.dependsOn, before])] };
  });

/** Actions and groups of them. What a group waits for, each of its actions waits for. */
function readActions(reader: YamlReader, spot: Spot | undefined, find: FindAction): (ReadAction | undefined)[] {
  return reader.entries(spot).flatMap(([name, entry]) => {
    checkName(reader, name, entry);
    const isGroup = reader.entries(entry).some(([key]) => key === 'Actions');
    if (!isGroup) return [readAction(reader, entry, { id: name, group: undefined, find })];
    const { DependsOn, Actions } = reader.fields(entry, ['DependsOn', 'Actions']);
    if (reader.entries(Actions).length === 0) reader.refuse(entry, 'a group must have Actions');
    const waits = reader.list(DependsOn);
    return reader.entries(Actions).map(([inner, member]) => {
      checkName(reader, inner, member);
      const action = readAction(reader, member, { id: `${name}.${inner}`, group: name, find });
      return action && { ...action, dependsOn: [...waits, ...action.dependsOn] };
    });
  });
}

function checkName(reader: YamlReader, name: string, spot: Spot): void {
  if (!/^[A-Za-z0-9_-]+$/.test(name)) reader.refuse(spot, 'an action is named with letters, digits, _ and - only');
}

/** Resolves what actions wait for and puts them in order. */
function order(reader: YamlReader, read: readonly ReadAction[]): Action[] {
  const actions = read.map((action) => {
    const dependsOn = [...dependenciesOf(reader, action, read), ...impliedBy(action, read)];
    return { ...action, dependsOn: [...new Set(dependsOn)] };
  });
  const { ordered, stuck } = inOrder(actions);
  if (stuck[0]) reader.refuse(stuck[0].place, `actions wait for each other: ${cycleOf(stuck).join(' → ')}`);
  return [...ordered, ...stuck];
}

function dependenciesOf(reader: YamlReader, action: ReadAction, all: readonly ReadAction[]): string[] {
  return action.dependsOn.flatMap(({ text, place }) => {
    const named = all.filter(
      ({ id, group }) =>
        id === text ||
        (group === text && group !== action.group) ||
        (group && group === action.group && id === `${group}.${text}`),
    );
    if (named.length === 0) reader.refuse(place, `no action or group is named ${text}`);
    return named.map(({ id }) => id);
  });
}

/** The actions whose artifacts and variables an action takes: CodeCatalyst waits for them without DependsOn. */
function impliedBy(action: ReadAction, all: readonly ReadAction[]): string[] {
  const ids = all.map(({ id }) => id);
  const makers = all.filter(({ outputArtifacts }) =>
    outputArtifacts.some(({ name }) => action.artifacts.some(({ text }) => text === name)),
  );
  const owners = textsOf(action).flatMap(({ text }) =>
    referencesIn(text).flatMap(({ owner }) => ownerId(owner, action.group, ids) ?? []),
  );
  return [...makers.map(({ id }) => id), ...owners].filter((id) => id !== action.id);
}

function notesOn(reader: YamlReader, fields: Partial<Record<string, Spot>>, actions: readonly Action[]): string[] {
  const notes = reader.isGiven(fields['Triggers']) ? ['Triggers have no effect here: the workflow runs now.'] : [];
  const without = actions.filter(({ work, account }) => work.kind === 'program' && !account).map(({ id }) => id);
  if (without.length > 0) notes.push(`No Environment, so no AWS credentials: ${without.join(', ')}.`);
  return notes;
}
