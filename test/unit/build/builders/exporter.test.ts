import { expect, it } from '@jest/globals';
import { readExports } from '../../../../actions/build-and-push/src/builders/exporter';

const read = (given: { push?: boolean; load?: boolean; outputs?: string[] }) =>
  readExports({ push: given.push, load: given.load ?? false, outputs: given.outputs });

it.each<[Parameters<typeof read>[0], { push: boolean; load: boolean; exporter?: string[]; names?: string[] }]>([
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
  [
    { outputs: ['type=image,name=host/app:v1,push=true,compression=zstd'] },
    { push: true, load: false, exporter: ['compression=zstd'], names: ['host/app:v1'] },
  ],
  [
    { outputs: ['type=registry,"name=host/app:v1,host/app:v2","annotation.title=a, b"'] },
    { push: true, load: false, exporter: ['"annotation.title=a, b"'], names: ['host/app:v1', 'host/app:v2'] },
  ],
  [{ outputs: ['type=docker,name=app:test'] }, { push: false, load: true, names: ['app:test'] }],
])('%j', (given, expected) => {
  expect(read(given)).toEqual({ exporter: [], names: [], findings: [], ...expected });
});

it.each([
  ['type=local,dest=out', 'writes files'],
  ['out', 'writes files'],
  ['type=tar,dest=out.tar', 'writes files'],
  ['type=docker,dest=image.tar', 'writes files'],
  ['type=image,push-by-digest=true,name-canonical=true,push=true', 'pushes without a tag'],
  ['type=image,"name=a/b,c/d",name-canonical=true,push=true', 'goes with push-by-digest'],
])('refuses %j', (record, reason) => {
  expect(read({ outputs: [record] }).findings).toEqual([
    { where: 'outputs', problem: expect.stringContaining(`${JSON.stringify(record)} ${reason}`) },
  ]);
});

it('refuses outputs that name the image differently', () => {
  const outputs = ['type=image,name=host/app:v1,push=true', 'type=docker,name=app:test'];
  expect(read({ outputs }).findings).toEqual([
    { where: 'outputs', problem: 'give the image several sets of names; list all of its names in tags' },
  ]);
});
