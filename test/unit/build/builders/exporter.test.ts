import { expect, it } from '@jest/globals';
import { readExports } from '../../../../actions/build-and-push/src/builders/exporter';

const read = (given: { push?: boolean; load?: boolean; outputs?: string[] }) =>
  readExports({ push: given.push, load: given.load ?? false, outputs: given.outputs });

it.each<[Parameters<typeof read>[0], { push: boolean; load: boolean; exporter?: string[] }]>([
  [{}, { push: true, load: false }],
  [{ push: false }, { push: false, load: false }],
  [{ load: true }, { push: false, load: true }],
  [
    { load: true, push: true },
    { push: true, load: true },
  ],
  [{ outputs: ['type=registry'] }, { push: true, load: false }],
  [
    { outputs: ['type=registry'], push: false },
    { push: true, load: false },
  ],
  [{ outputs: ['type=image,push=true'] }, { push: true, load: false }],
  [{ outputs: ['type=image,push=false'] }, { push: false, load: false }],
  [{ outputs: ['type=image'] }, { push: false, load: false }],
  [{ outputs: ['type=docker'] }, { push: false, load: true }],
  [{ outputs: ['type=cacheonly'] }, { push: false, load: false }],
  [
    { outputs: ['type=image,push=true,compression=zstd,oci-mediatypes=true'] },
    { push: true, load: false, exporter: ['compression=zstd', 'oci-mediatypes=true'] },
  ],
])('%j', (given, expected) => {
  expect(read(given)).toEqual({ exporter: [], findings: [], ...expected });
});

it.each([
  ['type=local,dest=out', 'writes files'],
  ['out', 'writes files'],
  ['type=tar,dest=out.tar', 'writes files'],
  ['type=docker,dest=image.tar', 'writes files'],
  ['type=image,push-by-digest=true,name-canonical=true,push=true', 'pushes without a tag'],
  ['type=image,name=registry/app,push=true', 'names the image; list its names in tags'],
  ['type=image,"name=a/b,c/d",push=true', 'names the image'],
])('refuses %j', (record, reason) => {
  expect(read({ outputs: [record] }).findings).toEqual([
    { where: 'outputs', problem: expect.stringContaining(`${JSON.stringify(record)} ${reason}`) },
  ]);
});
