/** Builds of contexts that hold anything, on file systems that fail. */

import { execFileSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type FileFault, fileFault, withFileFaults } from '../support/chaos/file-faults';
import { plain, storeImage } from '../support/chaos/images';
import { faultsOf, faultsOfImage } from '../support/chaos/judge';
import { openChaosRegistry } from '../support/chaos/registry';
import { fc } from '../support/properties';
import { rawEntry, rawTar } from '../support/raw-tar';
import { hurried } from './any-registry';
import type { Result, Scene } from './build-scene';

const kinds = [
  'file',
  'large',
  'sparse',
  'directory',
  'link',
  'dangling',
  'loop',
  'up',
  'pipe',
  'socket',
  'hard',
  'device',
  'system',
  'archive',
] as const;

const names = [
  'a',
  'a/b',
  'a/b/c',
  'd',
  'd/e.jar',
  'd/f.jar',
  'caf\u00e9',
  'n\nl',
  '-x',
  'sp ace',
  'L',
  'L/x',
  'Dockerfile',
  '.dockerignore',
  'Dockerfile.dockerignore',
] as const;
/** Bytes that are no UTF-8. */
const latin = 'caf\xe9';

export interface FileTrial {
  readonly entries: readonly { readonly name: string; readonly kind: (typeof kinds)[number] }[];
  readonly lines: readonly string[];
  readonly ignore: string;
  readonly faults: readonly FileFault[];
  readonly isBased: boolean;
}

const source = fc.constantFrom(
  '.',
  'a',
  'a/',
  'a/b',
  'd/*.jar',
  '*',
  'L',
  'L/x',
  'caf?',
  '[\\"sp ace\\"]',
  'd/../a',
  '../a',
  '/',
  'missing',
  'a\\b',
  '[',
  'server.js',
);
const destination = fc.constantFrom('/', '.', '/x', '/x/', '/a/b', 'a', '/app/server.js', '/app/', '..', '/L/y');
const line = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .record({
        word: fc.constantFrom('COPY', 'ADD'),
        source,
        destination,
        flags: fc.constantFrom('', '', '', '--chmod=755 ', '--chown=1:2 ', '--link ', '--parents ', '--exclude=*.jar '),
      })
      .map(({ word, source: from, destination: to, flags }) => `${word} ${flags}${from} ${to}`),
  },
  fc.constantFrom(
    'WORKDIR /a/b',
    'WORKDIR a',
    'USER 1000',
    'ENV A=b',
    'COPY <<E /x/y\nhello\nE',
    'VOLUME /v',
    'FROM scratch',
    'COPY --from=0 / /z/',
  ),
);

/** Contexts that hold anything. */
export const oddContexts: fc.Arbitrary<FileTrial> = fc.record({
  entries: fc.array(fc.record({ name: fc.constantFrom(...names, latin), kind: fc.constantFrom(...kinds) }), {
    maxLength: 6,
  }),
  lines: fc.array(line, { minLength: 1, maxLength: 4 }),
  ignore: fc.constantFrom('', '.git\n', '*\n!a\n', '**/b\n', 'd\n!d/e.jar\n', '[\n', '\ufeffa\n', '/../a\n'),
  faults: fc.constant([]),
  isBased: fc.boolean(),
});

/** Good contexts on file systems that fail. */
export const failingFiles: fc.Arbitrary<FileTrial> = fc.record({
  entries: fc.constant([
    { name: 'a/b', kind: 'file' },
    { name: 'd/e.jar', kind: 'large' },
    { name: 'L', kind: 'link' },
    { name: 'a.tar', kind: 'archive' },
  ] as const),
  lines: fc.constantFrom(
    ['COPY . /x/'],
    ['ADD a.tar /y/', 'COPY a d /z/', 'WORKDIR /w'],
    ['COPY --from=0 /etc /e/', 'FROM scratch', 'COPY --from=0 . /x/'],
  ),
  ignore: fc.constantFrom('', 'a\n!a/b\n'),
  faults: fc.array(fileFault, { minLength: 1, maxLength: 3 }),
  isBased: fc.boolean(),
});

/** Puts a thing into the context; what cannot be there, as a file stands above it, is left out. */
function put(folder: string, { name, kind }: FileTrial['entries'][number], sockets: Server[]): void {
  const path = name === latin ? Buffer.from(join(folder, name), 'latin1') : join(folder, name);
  const makers: Record<typeof kind, () => void> = {
    file: () => writeFileSync(path, 'text'),
    large: () => writeFileSync(path, Buffer.alloc(1_200_000, 'some text')),
    sparse: () => {
      writeFileSync(path, '');
      truncateSync(path, 3_000_000);
    },
    directory: () => mkdirSync(path),
    link: () => symlinkSync('a', path),
    dangling: () => symlinkSync('nowhere', path),
    loop: () => symlinkSync(path, path),
    up: () => symlinkSync('../../../..', path),
    pipe: () => execFileSync('mkfifo', [join(folder, name)], { stdio: 'ignore' }),
    socket: () => {
      sockets.push(
        createServer()
          .on('error', () => {})
          .listen(join(folder, name)),
      );
    },
    hard: () => linkSync(join(folder, 'server.js'), path),
    device: () => symlinkSync('/dev/zero', path),
    archive: () => writeFileSync(path, gzipSync(rawTar(rawEntry({ name: 'in/tar' }, 'hello')))),
    system: () => symlinkSync('/proc/self/environ', path),
  };
  try {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    // What steers the build is there already.
    if (/^(?:Dockerfile|\.dockerignore)$/.test(name)) rmSync(path, { recursive: true });
    makers[kind]();
  } catch {
    // Something else is there.
  }
}

/** Builds a context. The answer is what is wrong with how it ended. */
export async function tryContext(scene: Scene, trial: FileTrial): Promise<{ problems: string[]; result: Result }> {
  const target = await openChaosRegistry();
  storeImage(plain, target.blobs, target.manifests);
  // A folder of its own, next to the repository; no name that is not UTF-8 can be removed by its text.
  const context = mkdtempSync(join(scene.source, '../context-'));
  const base = trial.isBased ? `${target.host}/x/y:base` : 'scratch';
  const files = {
    Dockerfile: [`FROM ${base}`, ...trial.lines, ''].join('\n'),
    '.dockerignore': trial.ignore,
    'server.js': 'hello',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(context, name), text);
  const sockets: Server[] = [];
  for (const entry of trial.entries) put(context, entry, sockets);
  const run = () => scene.run({ registry: target.host, tags: 'v1', context }, { clock: hurried });
  const result = await withFileFaults(trial.faults, join(scene.source, '..'), run);
  const problems = [...faultsOf(result, scene), ...faultsOfImage(result, target)];
  for (const name of readdirSync(scene.temp)) rmSync(join(scene.temp, name), { recursive: true, force: true });
  for (const socket of sockets) socket.close();
  await target.close();
  return { problems, result };
}
