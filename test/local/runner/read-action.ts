import type { FindAction, Manifest } from './manifest';
import type { Action, OutputArtifact, Variable, Work, Written } from './model';
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
  const { Caching, Environment } = fields;
  if (reader.isGiven(Caching)) reader.tell(Caching, 'nothing is cached here');
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
  if (!(minutes >= 5 && minutes <= 480)) reader.refuse(spot, 'must be a number of minutes from 5 to 480');
  return minutes;
}

function readInputs(reader: YamlReader, spot: Spot | undefined) {
  const fields = reader.fields(spot, ['Sources', 'Artifacts', 'Variables']);
  const sources = reader.list(fields['Sources']);
  for (const { text, place } of sources) {
    if (text !== 'WorkflowSource') reader.refuse(place, `only WorkflowSource can be a source here, not ${text}`);
  }
  const variables = reader.items(fields['Variables']).flatMap((item): Variable[] => {
    const { Name, Value } = reader.fields(item, ['Name', 'Value']);
    const name = reader.text(Name);
    const value = Value && !reader.isGiven(Value) ? { text: '', place: Value } : reader.written(Value);
    if (!Name || !Value) reader.refuse(item, 'must have a Name and a Value');
    return name !== undefined && value ? [{ name, ...value }] : [];
  });
  return { source: sources.length > 0, artifacts: reader.list(fields['Artifacts']), variables };
}

const reportKeys = ['Enabled', 'ReportNamePrefix', 'IncludePaths', 'ExcludePaths', 'SuccessCriteria'] as const;

function readOutputs(reader: YamlReader, spot: Spot | undefined) {
  const fields = reader.fields(spot, ['Artifacts', 'Variables', 'Reports', 'AutoDiscoverReports']);
  const { Reports, AutoDiscoverReports: found } = fields;
  const { Enabled } = reader.fields(found, reportKeys);
  for (const reports of [Reports, reader.flag(Enabled) === false ? undefined : found]) {
    if (reader.isGiven(reports)) reader.tell(reports, 'no reports are collected or judged here');
  }
  return {
    artifacts: reader.items(fields['Artifacts']).flatMap((item) => readArtifact(reader, item) ?? []),
    variables: reader.list(fields['Variables']),
  };
}

function readArtifact(reader: YamlReader, spot: Spot): OutputArtifact | undefined {
  const { Name, Files } = reader.fields(spot, ['Name', 'Files']);
  const name = reader.text(Name);
  if (!Name || !Files) reader.refuse(spot, 'must have a Name and Files');
  if (Name && name !== undefined && !/^[\w-]+$/.test(name))
    reader.refuse(Name, 'may hold letters, digits, _ and - only');
  else if (Name && name?.includes('-')) reader.tell(Name, 'CodeCatalyst documents letters, digits and _ only');
  const files = (reader.isList(Files) ? reader.list(Files) : [reader.written(Files)]).flatMap((one) => one?.text ?? []);
  return name === undefined ? undefined : { name, files, place: spot };
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
  if (reader.isGiven(Packages)) reader.tell(Packages, 'packages come from where the tools of this machine find them');
  if (!Steps || reader.items(Steps).length === 0) reader.refuse(Steps ?? spot ?? action, 'must have Steps');
  return reader.items(Steps).flatMap((item) => {
    const { Run, Name } = reader.fields(item, ['Run', 'Name']);
    reader.scalar(Name);
    if (!Run) reader.refuse(item, 'must have a Run');
    return reader.written(Run) ?? [];
  });
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
