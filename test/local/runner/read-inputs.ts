import type { Variable } from './model';
import type { Spot, YamlReader } from './yaml-reader';

/** What an action gets: the source, artifacts of other actions, and variables. */
export function readInputs(reader: YamlReader, spot: Spot | undefined) {
  const fields = reader.fields(spot, ['Sources', 'Artifacts', 'Variables']);
  const sources = reader.list(fields['Sources']);
  for (const { text, place } of sources) {
    if (text !== 'WorkflowSource') reader.refuse(place, `only WorkflowSource can be a source here, not ${text}`);
  }
  const variables = readVariables(reader, fields['Variables']);
  return { source: sources.length > 0, artifacts: reader.list(fields['Artifacts']), variables };
}

/** A list of names with values, or, as AWS's schema of workflows also has it, a mapping of them. */
function readVariables(reader: YamlReader, spot: Spot | undefined): Variable[] {
  const readValue = (value: Spot | undefined) =>
    value && !reader.isGiven(value) ? { text: '', place: value } : reader.written(value);
  if (reader.isMapping(spot)) {
    return reader.entries(spot).flatMap(([name, value]) => {
      const written = readValue(value);
      return written ? [{ name, ...written }] : [];
    });
  }
  return reader.items(spot).flatMap((item): Variable[] => {
    const { Name, Value } = reader.fields(item, ['Name', 'Value']);
    const [name, value] = [reader.text(Name), readValue(Value)];
    if (!Name || !Value) reader.refuse(item, 'must have a Name and a Value');
    return name !== undefined && value ? [{ name, ...value }] : [];
  });
}
