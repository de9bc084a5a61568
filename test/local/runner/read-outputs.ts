import type { OutputArtifact } from './model';
import type { Spot, YamlReader } from './yaml-reader';

const reportKeys = ['Enabled', 'ReportNamePrefix', 'IncludePaths', 'ExcludePaths', 'SuccessCriteria'] as const;

/** What an action leaves: artifacts and variables; reports are only noted. */
export function readOutputs(reader: YamlReader, spot: Spot | undefined) {
  const fields = reader.fields(spot, ['Artifacts', 'Variables', 'Reports', 'AutoDiscoverReports']);
  const { Reports, AutoDiscoverReports: found } = fields;
  const { Enabled } = reader.fields(found, reportKeys);
  for (const reports of [Reports, reader.flag(Enabled) === false ? undefined : found]) {
    if (reader.isGiven(reports)) reader.tell(reports, 'no reports are collected or judged here');
  }
  return {
    artifacts: readArtifacts(reader, fields['Artifacts']),
    variables: reader.list(fields['Variables']),
  };
}

/** A list, or, as AWS's schema of workflows also has it, a mapping of names to their Files. */
function readArtifacts(reader: YamlReader, spot: Spot | undefined): OutputArtifact[] {
  if (reader.isMapping(spot)) {
    return reader.entries(spot).flatMap(([name, entry]) => {
      const { Files } = reader.fields(entry, ['Files']);
      return readArtifact(reader, entry, { name, Name: entry, Files }) ?? [];
    });
  }
  return reader.items(spot).flatMap((item) => {
    const { Name, Files } = reader.fields(item, ['Name', 'Files']);
    return readArtifact(reader, item, { name: reader.text(Name), Name, Files }) ?? [];
  });
}

interface NamedFiles {
  readonly name: string | undefined;
  /** Where the name is. */
  readonly Name: Spot | undefined;
  readonly Files: Spot | undefined;
}

function readArtifact(reader: YamlReader, spot: Spot, { name, Name, Files }: NamedFiles): OutputArtifact | undefined {
  if (!Name || !Files) reader.refuse(spot, 'must have a Name and Files');
  if (Name && name !== undefined && !/^[\w-]+$/.test(name))
    reader.refuse(Name, 'may hold letters, digits, _ and - only');
  else if (Name && name?.includes('-')) reader.tell(Name, 'CodeCatalyst documents letters, digits and _ only');
  const files = (reader.isList(Files) ? reader.list(Files) : [reader.written(Files)]).flatMap((one) => one?.text ?? []);
  return name === undefined ? undefined : { name, files, place: spot };
}
