import { markdownTable } from '../../markdown';
import { type Peer, rowsOf } from './peer';
import { peers } from './peers';

const head = `# Moving from other GitHub actions

<!-- Generated from shared/dev/peers by \`npm run generate\`. Change the tables there, not this file. -->

A workflow that changes its \`uses:\` lines does the same here as it did there, or stops and says why. No input is silently ignored.
`;

/** The page \`docs/moving-from-github-actions.md\`. @throws where an input or output of a peer would be lost */
export const peersPage = (): string => [head, ...peers.map(sectionOf)].join('\n');

function sectionOf(peer: Peer): string {
  const { inputs, outputs } = rowsOf(peer);
  const cells = (rows: typeof inputs) => rows.map(({ peer: name, ours, text }) => [`\`${name}\``, ours, text]);
  const own = `[${peer.ours.name}](../actions/${peer.ours.name}/README.md)`;
  return [
    `## ${peer.name}`,
    '',
    `As of ${peer.version}; here it is ${own}.`,
    '',
    ...markdownTable(['input there', 'here', 'difference'], cells(inputs)),
    '',
    ...markdownTable(['output there', 'here', 'difference'], cells(outputs)),
    '',
  ].join('\n');
}
