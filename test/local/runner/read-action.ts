import type { FindAction, Manifest } from './manifest';
import type { Action, Variable, Work, Written } from './model';
import { readInputs } from './read-inputs';
import { readOutputs } from './read-outputs';
import type { Spot, YamlReader } from './yaml-reader';

const actionKeys = [
  'Identifier',
  'DependsOn',
  'Compute',
  'Timeout',
  'Environment',
  'Inputs',
  'Outputs',
  'Caching',
  'Packages',
  'Configuration',
] as const;

/** An action of the file, its DependsOn still as written. */
export interface ReadAction extends Omit<Action, 'dependsOn'> {
  readonly dependsOn: readonly Written[];
}

export function readAction(
  reader: YamlReader,
  spot: Spot,
  { id, group, find }: { readonly id: string; readonly group: string | undefined; readonly find: FindAction },
): ReadAction | undefined {
  const fields = reader.fields(spot, actionKeys);
  if (readCompute(reader, fields['Compute'])) {
    reader.refuse(
      fields['Compute']!,
      'SharedInstance is for all actions; write it below Compute at the top of the file',
    );
  }
  readEnvironment(reader, fields['Environment']);
  const { Caching, Environment, Packages } = fields;
  if (reader.isGiven(Caching)) reader.tell(Caching, 'nothing is cached here');
  tellPackages(reader, Packages);
  const inputs = readInputs(reader, fields['Inputs']);
  const outputs = readOutputs(reader, fields['Outputs']);
  const work = readWork(reader, spot, fields, { find, outputs: outputs.variables });
  if (!work) return undefined;
  return {
    id,
    group,
    work,
    place: spot,
    dependsOn: reader.list(fields['DependsOn']),
    ...inputs,
    outputArtifacts: outputs.artifacts,
    account: reader.isGiven(Environment),
    timeout: readTimeout(reader, fields['Timeout']),
  };
}

/** Where the actions would run; here it is this machine. The answer is whether they share one instance. */
export function readCompute(reader: YamlReader, spot: Spot | undefined): boolean {
  const { Type, Fleet, SharedInstance } = reader.fields(spot, ['Type', 'Fleet', 'SharedInstance']);
  reader.oneOf(Type, ['EC2', 'Lambda'], 'in any case');
  reader.scalar(Fleet);
  return reader.flag(SharedInstance) ?? false;
}

function readEnvironment(reader: YamlReader, spot: Spot | undefined): void {
  const fields = reader.fields(spot, ['Name', 'Connections']);
  reader.scalar(fields['Name']);
  for (const connection of reader.items(fields['Connections'])) {
    const { Name, Role } = reader.fields(connection, ['Name', 'Role']);
    reader.scalar(Name);
    reader.scalar(Role);
  }
}

function readTimeout(reader: YamlReader, spot: Spot | undefined): number | undefined {
  const text = reader.scalar(spot);
  if (!spot || text === undefined) return undefined;
  const minutes = Number(text);
  if (!(minutes >= 1 && minutes <= 480)) reader.refuse(spot, 'must be a number of minutes from 5 to 480');
  else if (minutes < 5) reader.tell(spot, 'CodeCatalyst documents 5 minutes at least');
  return minutes;
}

function readWork(
  reader: YamlReader,
  spot: Spot,
  fields: Partial<Record<string, Spot>>,
  { find, outputs }: { readonly find: FindAction; readonly outputs: readonly Written[] },
): Work | undefined {
  const { Identifier, Configuration } = fields;
  const identifier = reader.text(Identifier);
  if (!Identifier) reader.refuse(spot, 'must have an Identifier');
  if (!Identifier || identifier === undefined) return undefined;
  const found = find(identifier);
  if (found === 'approval') return readApproval(reader, Identifier, Configuration, identifier);
  if (found === 'build')
    return {
      kind: 'build',
      identifier,
      steps: readSteps(reader, spot, Configuration),
      outputs: outputs.map(({ text }) => text),
    };
  if ('problem' in found) {
    reader.refuse(Identifier, found.problem);
    return undefined;
  }
  for (const { text, place } of outputs) {
    if (!found.outputs.includes(text)) reader.refuse(place, `${found.name} has only ${found.outputs.join(', ')}`);
  }
  return { kind: 'program', manifest: found, configuration: readConfiguration(reader, spot, Configuration, found) };
}

function readApproval(reader: YamlReader, spot: Spot, configuration: Spot | undefined, identifier: string): Work {
  const { ApprovalsRequired: required } = reader.fields(configuration, ['ApprovalsRequired']);
  if (required) reader.oneOf(required, ['1', '2']);
  reader.tell(spot, 'nobody is asked here: it counts as approved unless --reject names it');
  return { kind: 'approval', identifier };
}

function readSteps(reader: YamlReader, action: Spot, spot: Spot | undefined): Written[] {
  const { Steps, Container, Packages } = reader.fields(spot, ['Steps', 'Container', 'Packages']);
  if (reader.isGiven(Container)) reader.tell(Container, 'the steps run on this machine, not in a container');
  tellPackages(reader, Packages);
  if (!Steps || reader.items(Steps).length === 0) reader.refuse(Steps ?? spot ?? action, 'must have Steps');
  return reader.items(Steps).flatMap((item) => {
    const { Run, Name } = reader.fields(item, ['Run', 'Name']);
    reader.scalar(Name);
    if (!Run) reader.refuse(item, 'must have a Run');
    return reader.written(Run) ?? [];
  });
}

/** In the documents they are in the Configuration, in AWS's schema of workflows beside it. */
function tellPackages(reader: YamlReader, spot: Spot | undefined): void {
  if (reader.isGiven(spot)) reader.tell(spot, 'packages come from where the tools of this machine find them');
}

/** The values of an action's inputs. */
function readConfiguration(reader: YamlReader, action: Spot, spot: Spot | undefined, manifest: Manifest): Variable[] {
  const known = Object.keys(manifest.inputs);
  const fields = reader.fields(spot, known);
  const given = Object.entries(fields).flatMap(([name, field]): Variable[] => {
    const value = reader.written(field);
    const kind = field && reader.bareKind(field);
    if (value && kind) {
      reader.tell(field, `AWS's own local runner ends at a ${kind} here; write ${JSON.stringify(value.text)} for it`);
    }
    return value ? [{ name, ...value }] : [];
  });
  const missing = known.filter((name) => {
    const { required, default: value } = manifest.inputs[name]!;
    return required && !value && !fields[name];
  });
  if (missing.length > 0) reader.refuse(spot ?? action, `${manifest.name} needs ${missing.join(', ')}`);
  return given;
}
