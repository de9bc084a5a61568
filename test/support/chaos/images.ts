/** Images that no builder should make, and some that odd ones do. Their digests and sizes are right unless said. */

import { digestOf } from '../hostile-registry';
import { fc } from '../properties';
import { layer, type OddLayer } from './layers';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const oddValues: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  2 ** 53,
  '',
  ' ',
  'x',
  '../../etc/passwd',
  'a\nb\u001b[31m',
  '\ud800',
  'sha256:',
  `sha256:${'a'.repeat(64)}`,
  `sha512:${'a'.repeat(128)}`,
  `SHA256:${'A'.repeat(64)}`,
  'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
  'application/vnd.oci.image.layer.v1.tar+encrypted',
  'application/vnd.oci.image.layer.v1.tar+zstd',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.empty.v1+json',
  [],
  [null],
  [[]],
  ['a', 1],
  {},
  { x: null },
  { '': '' },
  { toString: 'x', constructor: {}, hasOwnProperty: 1 },
  'x'.repeat(5_000),
];

/** One change of a document: a place in it (by chance), and what stands there now. */
export interface Change {
  readonly at: number;
  readonly how: 'replace' | 'remove' | 'double';
  readonly value: Json;
}

export const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(10_000),
  how: fc.constantFrom('replace', 'replace', 'remove', 'double'),
  value: fc.constantFrom(...oddValues),
});

/** Makes changes in a copy of a document. */
export function changed(document: Json, changes: readonly Change[]): Json {
  const root: { [name: string]: Json } = { root: structuredClone(document) };
  for (const { at, how, value } of changes) {
    const places = placesIn(root);
    const [holder, name] = places[at % places.length]!;
    const old = (holder as Record<string, Json>)[name]!;
    if (how === 'remove' && holder !== root)
      Array.isArray(holder) ? holder.splice(Number(name), 1) : delete (holder as Record<string, Json>)[name];
    else if (how === 'double' && Array.isArray(holder)) holder.push(structuredClone(old));
    else (holder as Record<string, Json>)[name] = structuredClone(value);
  }
  return root['root']!;
}

type Holder = Json[] | { [name: string]: Json };

function placesIn(value: Json): (readonly [Holder, string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inside]) => [[value, name] as const, ...placesIn(inside)]);
}

/** The documents of an image, whose parts are stored in `blobs`. */
export interface OddImage {
  readonly layers: readonly OddLayer[];
  readonly config: readonly Change[];
  readonly manifest: readonly Change[];
  readonly index: readonly Change[] | undefined;
}

export const oddImage: fc.Arbitrary<OddImage> = fc.record({
  layers: fc.array(layer, { maxLength: 2 }),
  config: fc.array(change, { maxLength: 1 }),
  manifest: fc.array(change, { maxLength: 1 }),
  index: fc.option(fc.array(change, { maxLength: 2 }), { nil: undefined }),
});

/** An image without layers. */
export const plain: OddImage = { layers: [], config: [], manifest: [], index: undefined };

const architecture = process.arch === 'x64' ? 'amd64' : process.arch;

/** What a container is started with, with all that there is. */
const container: Json = {
  User: '1000:1000',
  ExposedPorts: { '80/tcp': {} },
  Env: ['PATH=/bin', 'A=b'],
  Entrypoint: ['/x'],
  Cmd: ['y'],
  Volumes: { '/v': {} },
  WorkingDir: '/app',
  Labels: { a: 'b' },
  StopSignal: 'SIGTERM',
  Healthcheck: { Test: ['CMD', 'x'], Interval: 1_000_000_000, Retries: 3 },
  Shell: ['/bin/sh', '-c'],
  OnBuild: ['ENV X=1'],
};

/** Stores an image under the tag `base`. */
export function storeImage(image: OddImage, blobs: Map<string, Buffer>, manifests: Map<string, Buffer>): void {
  const put = (mediaType: string, bytes: Buffer, into = blobs): Json => {
    into.set(digestOf(bytes), bytes);
    return { mediaType, digest: digestOf(bytes), size: bytes.length };
  };
  const document = (value: Json, changes: readonly Change[]) => Buffer.from(JSON.stringify(changed(value, changes)));
  const config: Json = {
    created: '2024-01-01T00:00:00Z',
    architecture,
    os: 'linux',
    config: container,
    rootfs: { type: 'layers', diff_ids: image.layers.map(({ tar }) => digestOf(tar)) },
    history: [{ created: '2024-01-01T00:00:00Z', created_by: 'x' }],
  };
  const type = 'application/vnd.oci.image.manifest.v1+json';
  const manifest: Json = {
    schemaVersion: 2,
    mediaType: type,
    config: put('application/vnd.oci.image.config.v1+json', document(config, image.config)),
    layers: image.layers.map(({ mediaType, bytes }) => put(mediaType, bytes)),
  };
  const stored = put(type, document(manifest, image.manifest), manifests) as { digest: string };
  const platform: Json = { os: 'linux', architecture };
  const index: Json = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [{ ...stored, platform }],
  };
  const top = image.index && document(index, image.index);
  if (top) manifests.set(digestOf(top), top);
  manifests.set('base', top ?? manifests.get(stored.digest)!);
}
