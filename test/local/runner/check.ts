import { type Action, outputsOf, type Place, textsOf } from './model';
import { allBefore } from './order';
import { ownerId, type Reference, referencesIn, sourceVariables } from './references';
import type { YamlReader } from './yaml-reader';

/** Checks what actions take from each other: artifacts and variables must be made by an action that ends before. */
export function checkActions(reader: YamlReader, actions: readonly Action[]): void {
  checkMakers(reader, actions);
  for (const action of actions) {
    const before = allBefore(action.id, actions);
    for (const artifact of action.artifacts) checkArtifact(reader, artifact, actions, before);
    for (const { text, place } of textsOf(action)) {
      for (const reference of referencesIn(text)) {
        const problem = problemWith(reference, action, actions, before);
        if (problem) reader.refuse(place, `${reference.written}: ${problem}`);
      }
    }
  }
}

function checkMakers(reader: YamlReader, actions: readonly Action[]): void {
  const made = new Set<string>();
  for (const { name, place } of actions.flatMap((action) => action.outputArtifacts)) {
    if (made.has(name)) reader.refuse(place, `the artifact ${name} is made by another action too`);
    made.add(name);
  }
}

function checkArtifact(
  reader: YamlReader,
  { text, place }: { readonly text: string; readonly place: Place },
  actions: readonly Action[],
  before: ReadonlySet<string>,
): void {
  const maker = actions.find((action) => action.outputArtifacts.some(({ name }) => name === text));
  if (!maker) reader.refuse(place, `no action makes the artifact ${text}`);
  else if (!before.has(maker.id)) reader.refuse(place, `${maker.id} makes ${text} itself`);
}

function problemWith(
  { owner, name }: Reference,
  action: Action,
  actions: readonly Action[],
  before: ReadonlySet<string>,
): string | undefined {
  if (owner === 'Secrets') return undefined;
  if (owner === 'WorkflowSource') {
    const known = sourceVariables.some((variable) => variable === name);
    return known ? undefined : `WorkflowSource has ${sourceVariables.join(' and ')}`;
  }
  const ids = actions.map(({ id }) => id);
  const maker = actions.find(({ id }) => id === ownerId(owner, action.group, ids));
  if (!maker) return `no action is named ${owner}`;
  if (!before.has(maker.id)) return `${maker.id} cannot take it from itself`;
  if (outputsOf(maker).includes(name)) return undefined;
  if (maker.work.kind === 'build') return `list ${name} below Outputs.Variables of ${maker.id}`;
  if (maker.work.kind === 'approval') return `${maker.id} has no outputs`;
  return `${maker.work.manifest.name} has no output ${name}; it has ${outputsOf(maker).join(', ')}`;
}
