import { describe, expect, it } from '@jest/globals';
import { parseDockerfile } from '../../../../../actions/build-and-push/src/builders/builtin/dockerfile/dockerfile';
import { SentFiles, writtenSources } from '../../../../../actions/build-and-push/src/builders/builtin/sent-files';
import { soon } from '../../../hostile/time';
import { treeOf } from './files';

/** Whether a folder comes along, for the first instruction of a Dockerfile and its sources as they are filled in. */
function comesAlong(lines: string, folder: string, ...sources: string[]): boolean {
  const { dockerfile } = parseDockerfile(`FROM scratch\n${lines}\n`, 'Dockerfile');
  const { instructions } = dockerfile.stages[0]!;
  const written = writtenSources(instructions);
  const sent = new SentFiles(treeOf('libs/', 'libs/a.jar', 'q/', 'q/r/', 'q/r/s', 'l -> libs'), written);
  for (const source of written) sent.add(source);
  return sent.seenBy(instructions[0]!, sources)(folder);
}

// What BuildKit makes of names without variables is in the table of the judge.
describe('a source with a variable', () => {
  it.each([
    ['may name a file of the folder', 'COPY libs/*.war /x/\nCOPY libs/$V /y', true],
    ['may name a folder above', 'COPY libs/*.war /x/\nCOPY li$V /y', true],
    ['may name anything', 'COPY libs/*.war /x/\nCOPY $V /y', true],
    ['of another folder does not', 'COPY libs/*.war /x/\nCOPY q/$V /y', false],
    ['of another stage does not', 'COPY libs/*.war /x/\nCOPY --from=a $V /y', false],
  ])('%s', (_, lines, expected) => expect(comesAlong(lines, 'libs', 'libs/*.war')).toBe(expected));

  it('brings what it stands for in the instruction that asks, and nothing else', () => {
    expect(comesAlong('COPY $V/*.war $W /x/', 'libs', 'libs/*.war', 'q/r/s')).toBe(false);
    expect(comesAlong('COPY $V/*.war $W /x/', 'libs', 'libs/*.war', 'l/a.jar')).toBe(true);
    expect(comesAlong('COPY $V/*.war $W /x/', 'q/r', 'q/r/*.war', 'q/r/s')).toBe(true);
  });
});

it('takes time that grows with the number of instructions, each of which has a variable and matches nothing', () => {
  const lines = Array.from({ length: 40_000 }, (_, at) => `COPY libs/*${at}$V /x/`).join('\n');
  const { dockerfile } = parseDockerfile(`FROM scratch\n${lines}\n`, 'Dockerfile');
  const { instructions } = dockerfile.stages[0]!;
  const answer = soon(() => {
    const written = writtenSources(instructions);
    const sent = new SentFiles(treeOf('libs/', 'libs/a.jar'), written);
    for (const source of written) sent.add(source);
    for (const one of instructions) sent.seenBy(one, ['libs/*1'])('libs');
  });
  expect(answer).toBeUndefined();
});
