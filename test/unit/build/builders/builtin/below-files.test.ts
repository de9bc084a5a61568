import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { addTar } from '../../../../../actions/build-and-push/src/builders/builtin/tar';
import { tarOf, tarSource, treeOf } from './files';
import { openWorkshop, type Workshop } from './workshop';

let workshop: Workshop;
beforeEach(async () => {
  workshop = await openWorkshop();
});
afterEach(() => workshop.close());

describe('nothing is put below a file, as such an image could not be unpacked', () => {
  it.each([
    ['COPY b /app/', 'COPY'],
    ['COPY b /app/x/y', 'COPY'],
    ['COPY d /app/x', 'COPY'],
    ['ADD a.tar /app', 'ADD'],
    ['WORKDIR /app/x', 'WORKDIR'],
  ])('%s', async (line, keyword) => {
    const files = { a: 'a', b: 'b', 'd/b': 'b', 'a.tar': await tarOf([{ name: 'f' }, 'f']) };
    await expect(workshop.build(`FROM scratch\nCOPY a /app\n${line}\n`, files)).rejects.toThrow(
      `Dockerfile:3 ${keyword}: /app is a file, not a directory`,
    );
  });
});

it.each([
  ['names', [{ name: 'app/', type: 'directory' as const }]],
  ['does not name', []],
])('a layer that puts files below a file takes it away, where it %s the directory', async (_, directory) => {
  const tree = treeOf('app');
  const tar = await tarOf(...directory.map((header): [typeof header] => [header]), [{ name: 'app/x' }, 'x']);
  await addTar(tree, tarSource(tar), { whiteouts: true });
  expect([tree.get('app')?.kind, tree.get('app/x')?.kind]).toEqual(['directory', 'file']);
});
