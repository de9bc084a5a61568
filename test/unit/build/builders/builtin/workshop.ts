import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Builder, BuildSpec } from '../../../../../actions/build-and-push/src/builders/builder';
import { builtin } from '../../../../../actions/build-and-push/src/builders/builtin/builtin';
import { addTar } from '../../../../../actions/build-and-push/src/builders/builtin/tar';
import { FileTree } from '../../../../../actions/build-and-push/src/builders/builtin/tree/tree';
import { RegistryClient } from '../../../../../actions/build-and-push/src/registry/client';
import type { ImageConfig, ImageManifest } from '../../../../../actions/build-and-push/src/registry/oci';
import { createLog } from '../../../../../shared/host/log';
import { tempFolder } from '../../../../../shared/host/temp';
import { createEmbeddedAws, type EmbeddedAws } from '../../../../local/aws/embedded';
import { inPieces } from '../../../../machine/judge/image';
import { spec as specOf } from '../spec';
import { folderWith, removeFolder } from './files';

/** An image as the registry has it. */
export interface Pushed {
  readonly digest: string;
  readonly manifest: ImageManifest;
  readonly config: ImageConfig;
  /** The archives of its layers, unpacked. */
  readonly layers: readonly Buffer[];
  readonly files: FileTree;
  /** `mode uid:gid` of a file, and its text. */
  look(path: string): string | undefined;
  readonly said: readonly string[];
  /** Layers that were written to disk, pushed or not. */
  readonly written: number;
}

/** Builds Dockerfiles with the builtin builder and pushes them to the registry of an embedded AWS. */
export interface Workshop {
  readonly aws: EmbeddedAws;
  readonly host: string;
  build(dockerfile: string, files?: Record<string, string | Buffer>, spec?: Partial<BuildSpec>): Promise<Pushed>;
  close(): Promise<void>;
}

/** @param idleMs how long the registry may be silent; without it as long as in a real run */
export async function openWorkshop(env: NodeJS.ProcessEnv = {}, idleMs?: number): Promise<Workshop> {
  const aws = createEmbeddedAws();
  const { registryHost: host, endpoint } = await aws.listen();
  aws.ecr.createRepository('app');
  const credentials = { user: 'AWS', password: aws.ecr.tokens.issue().password };
  const folders: string[] = [];
  const temp = tempFolder(tmpdir);
  return {
    aws,
    host,
    async build(dockerfile, files = {}, spec = {}) {
      const context = folderWith({ Dockerfile: dockerfile, ...files });
      folders.push(context);
      const said: string[] = [];
      const log = createLog({ colour: false, debug: true, write: (line) => said.push(line), mark: (_, line) => line });
      const effects = { env, log, clock: aws.clock, temp, signal: new AbortController().signal };
      const client = new RegistryClient({
        base: new URL(endpoint),
        credentials,
        ...effects,
        ...(idleMs !== undefined && { idleMs }),
      });
      const builder = (await builtin.probe(effects)) as Builder;
      const whole = specOf({ context, dockerfile: join(context, 'Dockerfile'), ...spec });
      const destination = { client, credentials, host, repository: 'app', tags: ['v1'] };
      try {
        const digest = await (await builder.build(whole, destination)).push();
        const written = layersIn(temp.path());
        return { ...(await inspect(client, digest)), said, written };
      } finally {
        client.close();
      }
    },
    async close() {
      temp.remove();
      for (const folder of folders) removeFolder(folder);
      await aws.close();
    },
  };
}

/** The layers of the last build in a folder, which is removed. */
function layersIn(folder: string): number {
  const builds = readdirSync(folder).filter((name) => name.startsWith('build-'));
  const names = builds.flatMap((name) => readdirSync(join(folder, name)));
  for (const name of builds) removeFolder(join(folder, name));
  return names.filter((name) => name.startsWith('layer-')).length;
}

async function inspect(client: RegistryClient, digest: string): Promise<Omit<Pushed, 'said' | 'written'>> {
  const stored = await client.manifest('app', digest);
  const manifest = JSON.parse(stored!.body.toString()) as ImageManifest;
  const config = JSON.parse((await client.smallBlob('app', manifest.config)).toString()) as ImageConfig;
  const layers: Buffer[] = [];
  const files = new FileTree();
  for (const layer of manifest.layers) {
    const tar = gunzipSync(await client.readBlob('app', layer, wholeOf));
    layers.push(tar);
    await addTar(files, { read: (consume) => consume(inPieces(tar)) }, { whiteouts: true });
  }
  return { digest, manifest, config, layers, files, look: (path) => describe(files, layers, path) };
}

async function wholeOf(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** `0755 0:0`, and for a file its text, found by its length in one of the layers. */
function describe(files: FileTree, layers: readonly Buffer[], path: string): string | undefined {
  const node = files.get(path);
  if (!node) return undefined;
  const attributes = `${node.mode.toString(8).padStart(4, '0')} ${node.uid}:${node.gid}`;
  if (node.kind === 'symlink') return `${attributes} -> ${node.target}`;
  if (node.kind !== 'file') return attributes;
  const holder = [...layers].reverse().find((tar) => tar.includes(`${path}\0`));
  const at = holder!.indexOf(`${path}\0`);
  return `${attributes} ${holder!.subarray(at + 512 - (at % 512), at + 512 - (at % 512) + node.size).toString()}`;
}
