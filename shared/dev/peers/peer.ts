import { type ActionDefinition, isOffered, outputText } from '../../manifest/definition';

/** An action of others that teams come from, and what becomes of its inputs and outputs here. */
export interface Peer {
  readonly name: string;
  readonly version: string;
  readonly ours: ActionDefinition;
  /** All of its inputs; the text says what differs here, '' where nothing does. One that is refused tells its own reason. */
  readonly inputs: Readonly<Record<string, string | Renamed>>;
  readonly outputs: Readonly<Record<string, string | Renamed>>;
}

/** An input or output that has another name here. */
export interface Renamed {
  readonly ours: string;
  readonly text: string;
}

interface Row {
  readonly peer: string;
  readonly ours: string;
  readonly text: string;
}

/**
 * What becomes of each input and output on GitHub.
 *
 * @throws where one is neither there under the name given nor refused: a workflow would lose it without a word
 */
export function rowsOf({ name, ours, inputs, outputs }: Peer): { readonly inputs: Row[]; readonly outputs: Row[] } {
  const lost = (what: string) => {
    throw new Error(`${what} of ${name} is neither an input or output of ${ours.name} on GitHub nor refused by it`);
  };
  const inputRow = (peer: string, entry: string | Renamed): Row => {
    const refusal = ours.refused?.[peer];
    if (refusal) return { peer, ours: 'refused', text: `${refusal.reason}.` };
    const { ours: own, text } = typeof entry === 'string' ? { ours: peer, text: entry } : entry;
    if (!isOffered(ours.inputs[own], 'github')) lost(`input ${peer}`);
    return { peer, ours: `\`${own}\``, text: text || 'The same.' };
  };
  const outputRow = (peer: string, entry: string | Renamed): Row => {
    const { ours: own, text } = typeof entry === 'string' ? { ours: peer, text: entry } : entry;
    const output = ours.outputs[own];
    if (output === undefined || !isOffered(output, 'github')) return lost(`output ${peer}`);
    return { peer, ours: `\`${own}\``, text: text || outputText(output) };
  };
  return {
    inputs: Object.entries(inputs).map(([peer, entry]) => inputRow(peer, entry)),
    outputs: Object.entries(outputs).map(([peer, entry]) => outputRow(peer, entry)),
  };
}
